import type { DefinedEstimate, MetricId } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import type { InfeasibleCell, Result, RunRecord, TechniqueSummary } from '../../src/core/records.ts';
import type { StructureId } from '../../src/core/structures.ts';
import type { ReportInput } from '../../src/reports/report-input.ts';
import { reportFixture } from './fixture.ts';

/** A setting of a made-up matrix: whether it has fake positives, a weak supervisor and a gap, and what it lacks. */
interface PlantedSetting {
  readonly setting: string;
  readonly fakes: boolean;
  readonly supervised: boolean;
  readonly gap: boolean;
  readonly lacks: readonly StructureId[];
  /** Structural minus general techniques. */
  readonly advantage: number;
}

export const plantedSettings: readonly PlantedSetting[] = [
  { setting: 'diamond-vault', fakes: true, supervised: false, gap: true, lacks: ['contrast-pairs'], advantage: 0.09 },
  {
    setting: 'function-correctness',
    fakes: true,
    supervised: false,
    gap: true,
    lacks: ['contrast-pairs'],
    advantage: 0.07,
  },
  {
    setting: 'quirky-arithmetic',
    fakes: true,
    supervised: true,
    gap: true,
    lacks: ['several-measurements'],
    advantage: -0.06,
  },
  {
    setting: 'arithmetic-reasoning',
    fakes: false,
    supervised: true,
    gap: true,
    lacks: ['trusted-subset', 'several-measurements'],
    advantage: 0,
  },
  {
    setting: 'easy-to-hard',
    fakes: false,
    supervised: true,
    gap: false,
    lacks: ['trusted-subset', 'several-measurements'],
    advantage: 0.01,
  },
  {
    setting: 'truth-shift',
    fakes: false,
    supervised: true,
    gap: true,
    lacks: ['trusted-subset', 'several-measurements', 'contrast-pairs'],
    advantage: 0,
  },
];

export const noGap = 'the gap (ceiling − floor) is not above zero with confidence: 0.004 [−0.010, 0.018]';

const general = [
  'naive-finetuning',
  'untrusted-finetuning',
  'confidence-loss',
  'entropy-loss',
  'product-loss',
  'confidence-window',
  'bootstrapping',
  'balanced-batches',
  'early-stopping',
  'label-cleaning',
  'strong-to-strong',
  'supervisor-weights',
  'mass-mean',
  'difference-of-means',
  'linear-discriminant',
  'logistic-probe',
  'last-layer-probe',
  'knn-cleaning',
  'generative-finetuning',
  'kl-loss',
];
const structural = [
  'evidence-probe',
  'evidence-finetuning',
  'exclusion-finetuning',
  'trusted-probe',
  'trusted-finetuning',
  'dirtiness-probe',
  'pace',
  'mahalanobis',
  'measurement-gap',
  'ccs',
  'contrast-principal-component',
  'vinc',
  'contrast-activations',
  'trusted-mass-mean',
  'easy-examples',
  'inconsistency-probe',
];
const needs: Readonly<Record<string, StructureId>> = {
  ccs: 'contrast-pairs',
  'contrast-principal-component': 'contrast-pairs',
  vinc: 'contrast-pairs',
  'contrast-activations': 'contrast-pairs',
  'easy-examples': 'difficulty-order',
  'measurement-gap': 'several-measurements',
  'evidence-probe': 'several-measurements',
  'evidence-finetuning': 'several-measurements',
  'inconsistency-probe': 'several-measurements',
};

const summary = (id: string, role: TechniqueSummary['role'], structures: TechniqueSummary['structures']) => ({
  id,
  role,
  structures,
  title: id.replaceAll('-', ' '),
  source: 'methods.md 4',
});

export const matrixTechniques: readonly TechniqueSummary[] = [
  ...general.map((id) => summary(id, id === 'untrusted-finetuning' ? 'baseline' : 'technique', ['untrusted-examples'])),
  ...structural.map((id) => summary(id, 'technique', [needs[id] ?? 'trusted-subset', 'untrusted-examples'])),
  summary('random-probe', 'control', []),
  summary('surface-baseline', 'control', []),
  summary('strong-ceiling', 'ceiling', []),
  summary('ground-truth-finetuning', 'ceiling', []),
];

function around(value: number, half: number): DefinedEstimate {
  const clip = (x: number) => Math.min(1, Math.max(-1, x));
  return {
    value,
    lower: clip(value - half),
    upper: clip(value + half),
    level: 0.95,
    n: 1200,
    method: 'bootstrap-seeds-examples',
  };
}

function lacked(technique: TechniqueSummary, { lacks }: PlantedSetting): readonly StructureId[] {
  return technique.structures.filter((structure) => lacks.includes(structure));
}

/** Estimates drawn at random, with what a record of several settings has, and no scores. */
export function matrixFixture(settings = plantedSettings, seeds: readonly number[] = [0, 1, 2]): ReportInput {
  const { record } = reportFixture({ positives: 0 });
  const infeasible: InfeasibleCell[] = settings.flatMap((planted) =>
    matrixTechniques.flatMap((technique) => {
      const missing = lacked(technique, planted);
      return missing.length === 0 ? [] : [{ setting: planted.setting, technique: technique.id, missing }];
    }),
  );
  const results = settings.flatMap((planted) => [...seeds, 'all' as const].flatMap((seed) => resultsOf(planted, seed)));
  const steps = settings.map(({ setting, supervised }) => ({
    key: `data-${setting}`,
    kind: supervised ? ('weak-supervisor' as const) : ('dataset' as const),
    label: setting,
    seconds: 1,
    reused: false,
  }));
  const datasets = settings.map(({ setting }) => ({
    ...(record.datasets[0] as RunRecord['datasets'][number]),
    setting,
    key: `data-${setting}`,
  }));
  return {
    record: {
      ...record,
      techniques: matrixTechniques,
      results,
      infeasible,
      steps,
      datasets,
      controls: [],
      details: {},
    },
    scores: [],
    examples: [],
  };
}

function resultsOf(planted: PlantedSetting, seed: Result['seed']): Result[] {
  const place = { setting: planted.setting, model: 'small-transformer', seed, split: 'validation' };
  const able = matrixTechniques.filter((technique) => lacked(technique, planted).length === 0);
  const rows = able.flatMap((technique) => techniqueResults(technique, planted, place));
  const weak = { ...place, technique: 'weak-supervisor', ceiling: false };
  const supervisor: Result[] = [
    { ...weak, metric: 'ground-truth-auroc', estimate: around(0.71, 0.02) },
    { ...weak, metric: 'ground-truth-accuracy', estimate: around(0.66, 0.02) },
  ];
  const { advantage } = planted;
  const pValue = Math.abs(advantage) > 0.03 ? 0.001 : 0.6;
  const compared = { ...place, technique: 'best-of-structure', ceiling: false, metric: 'structure-advantage' as const };
  const families: Result =
    planted.setting === 'truth-shift'
      ? { ...compared, estimate: { undefined: 'no technique that exploits structure was run' } }
      : {
          ...compared,
          estimate: around(advantage, 0.02),
          floor: 'kl-loss, entropy-loss',
          top: 'evidence-probe',
          pValue,
          adjustedPValue: Math.min(1, 5 * pValue),
        };
  return [...rows, ...supervisor, ...(seed === 'all' ? [families] : [])];
}

type Place = Pick<Result, 'setting' | 'model' | 'seed' | 'split'>;

function techniqueResults({ id, role, structures }: TechniqueSummary, planted: PlantedSetting, place: Place): Result[] {
  const rng = createRng(1, planted.setting, id);
  const ceiling = role === 'ceiling';
  const extra = structures.length > 1 ? planted.advantage : 0;
  const value = ceiling
    ? 0.95 + rng.uniform() / 30
    : role === 'control'
      ? 0.5 + rng.uniform() / 20
      : 0.72 + extra + rng.uniform() * 0.12;
  const base = { ...place, technique: id, ceiling };
  const of = (metric: MetricId, at: number, half: number, more: Partial<Result> = {}): Result => ({
    ...base,
    metric,
    estimate: around(at, half),
    ...more,
  });
  const own = role === 'technique' || role === 'baseline';
  const pgr = { ...base, metric: 'pgr-auroc' as const, floor: 'weak-supervisor', top: 'strong-ceiling' };
  const holm = { pValue: 0.004, adjustedPValue: value > 0.8 ? 0.01 : 0.4 };
  return [
    ...(planted.fakes ? [of('real-vs-fake-auroc', value, 0.015)] : []),
    ...(planted.fakes && id !== 'untrusted-finetuning' && own
      ? [of('difference-to-baseline', value - 0.78, 0.02, { floor: 'untrusted-finetuning', ...holm })]
      : []),
    of('ground-truth-auroc', value + 0.02, 0.012),
    of('ground-truth-accuracy', value - 0.06, 0.012),
    ...(role === 'control'
      ? []
      : [of('difference-to-weak', value - 0.69, 0.02, { floor: 'weak-supervisor', ...holm })]),
    ...(role === 'control' || id === 'naive-finetuning'
      ? []
      : [of('difference-to-naive', value - 0.78, 0.02, { floor: 'naive-finetuning', ...holm })]),
    ...(own
      ? [
          planted.gap
            ? { ...pgr, estimate: around((value - 0.69) / 0.28, 0.08) }
            : { ...pgr, estimate: { undefined: noGap } },
        ]
      : []),
    of('supervisor-agreement', value - 0.05, 0.01),
  ];
}
