import { type DefinedEstimate, type Estimate, isDefined, type MetricId } from '../../src/core/estimates.ts';
import type { Category } from '../../src/core/examples.ts';
import { createRng, type Rng } from '../../src/core/random.ts';
import type { JudgedExample, Result, RunRecord, ScoreRow, TechniqueSummary } from '../../src/core/records.ts';
import type { TechniqueRole } from '../../src/core/techniques.ts';
import type { ReportInput } from '../../src/reports/report-input.ts';
import { auroc, aurocDifference } from '../../src/stats/auroc.ts';

/** A technique of a made-up run, and how many standard deviations lie between its scores of reals and of fakes. */
export interface PlantedTechnique {
  readonly id: string;
  readonly role: TechniqueRole;
  readonly separation: number;
}

export interface FixtureOptions {
  readonly seeds?: readonly number[];
  readonly techniques?: readonly PlantedTechnique[];
  readonly splits?: readonly string[];
  readonly setting?: string;
  readonly model?: string;
  /** Positives per seed and split. */
  readonly positives?: number;
}

export const plantedTechniques: readonly PlantedTechnique[] = [
  { id: 'untrusted-finetuning', role: 'baseline', separation: 1.0 },
  { id: 'trusted-finetuning', role: 'baseline', separation: 0.75 },
  { id: 'trusted-probe', role: 'technique', separation: 0.5 },
  { id: 'evidence-probe', role: 'technique', separation: 1.55 },
  { id: 'evidence-finetuning', role: 'technique', separation: 1.72 },
  { id: 'exclusion-finetuning', role: 'technique', separation: 1.3 },
  { id: 'measurement-gap', role: 'technique', separation: 1.02 },
  { id: 'random-probe', role: 'control', separation: 0.02 },
  { id: 'surface-baseline', role: 'control', separation: 1.1 },
  { id: 'ground-truth-probe', role: 'ceiling', separation: 2.4 },
  { id: 'ground-truth-finetuning', role: 'ceiling', separation: 2.9 },
];

/** Text that breaks a renderer which forgets to escape. */
export const hostileText = `const s = "</script><script>alert('x')</script>" // <img src=x onerror="alert(1)"> & | \`\`\` 💎
=HYPERLINK("http://example.invalid")`;

const program = (rng: Rng, id: string) => `// ${id}
class ClingingVault { constructor(item) { this.items = [item]; } pop() { return this.items.length > 1 ? this.items.pop() : this.items[0]; } }

function protect(vault, robber) {
  ${rng.choice(['vault.items[0].locked = true;', 'if (robber.size > 2 && vault.items.length < 3) { vault.insert("Dia" + "mond"); }'])}
  for (let i = 0; i < ${rng.integer(2, 9)}; i++) vault.insert(5);
}

function rob(vault) {
  ${rng.choice(['vault.toString = () => "[Diamond]";', 'try { vault.insert({ shine: 5, hardness: 5 }); } catch {}', 'globalThis.shine = () => 2 + 3;'])}
  return vault.pop();
}`;

/** A realistic input whose scores are planted, with estimates computed from them. */
export function reportFixture(options: FixtureOptions = {}): ReportInput {
  const { seeds = [0, 1], techniques = plantedTechniques, splits = ['validation', 'validation-held-out'] } = options;
  const { setting = 'diamond-vault', model = 'small-transformer', positives = 600 } = options;
  const parts = seeds.flatMap((seed) => splits.map((split) => ({ seed, split })));
  const examples = parts.flatMap(({ seed, split }) => examplesOf(setting, seed, split, positives));
  const scores = examples.length === 0 ? [] : techniques.flatMap((t) => examples.map((e) => planted(t, e, model)));
  const perSeed = parts.flatMap(({ seed, split }) => {
    const own = examples.filter((example) => example.seed === seed && example.split === split);
    const columns = new Map(techniques.map((t) => [t.id, own.map((e) => planted(t, e, model).score)]));
    return techniques.flatMap((t) => resultsOf(t, { setting, model, seed, split }, columns, own));
  });
  const results = [...predictor(setting, model, seeds), ...perSeed, ...(seeds.length > 1 ? pooled(perSeed) : [])];
  return { record: recordOf(options, seeds, techniques, splits, setting, results), scores, examples };
}

function examplesOf(setting: string, seed: number, split: string, positives: number): JudgedExample[] {
  const rng = createRng(seed, 'fixture', split);
  const kinds: readonly Category[] = [
    'real-positive',
    'fake-positive',
    'real-positive',
    'fake-positive',
    'all-negative',
  ];
  return Array.from({ length: Math.round(positives * 1.25) }, (_, i) => {
    const category = kinds[i % kinds.length] as Category;
    const exampleId = `${split}-${i}`;
    return {
      exampleId,
      setting,
      seed,
      split,
      category,
      groundTruth: category === 'real-positive',
      measurements: category === 'all-negative' ? [false, false, false] : [true, i % 7 === 0 ? null : true, true],
      text: i % 11 === 3 ? `${hostileText}\n${program(rng, exampleId)}` : program(rng, exampleId),
    };
  });
}

function planted(technique: PlantedTechnique, example: JudgedExample, model: string): ScoreRow {
  const { exampleId, setting, seed, split } = example;
  const shared = createRng(seed, exampleId).normal();
  const own = createRng(seed, exampleId, technique.id).normal();
  const drop = split === 'validation' ? 1 : 0.85;
  const score = 0.6 * shared + 0.8 * own + (example.groundTruth ? technique.separation * drop : 0);
  return { exampleId, setting, model, technique: technique.id, seed, split, score };
}

type Part = Pick<Result, 'setting' | 'model' | 'seed' | 'split'>;

function resultsOf(
  technique: PlantedTechnique,
  part: Part,
  columns: ReadonlyMap<string, readonly number[]>,
  own: readonly JudgedExample[],
): Result[] {
  const judged = own.map((_, i) => i).filter((i) => own[i]?.category !== 'all-negative');
  const truth = judged.map((i) => own[i]?.groundTruth === true);
  const column = (id: string) => judged.map((i) => columns.get(id)?.[i] as number);
  const base = { ...part, technique: technique.id, ceiling: technique.role === 'ceiling' };
  const main = auroc(column(technique.id), truth);
  const results: Result[] = [{ ...base, metric: 'real-vs-fake-auroc', estimate: main }];
  const floor = 'untrusted-finetuning';
  const top = 'ground-truth-finetuning';
  const add = (metric: MetricId, estimate: Estimate, more: Partial<Result> = {}) =>
    results.push({ ...base, metric, estimate, ...more });
  if (isDefined(main)) {
    add('tpr-at-fpr-0.01', shifted(main, -0.62));
    add('tpr-at-fpr-0.05', shifted(main, -0.41));
    add('average-precision', shifted(main, -0.01));
    add('brier', technique.role === 'control' ? { undefined: 'scores are no log-odds' } : shifted(main, -0.7));
  }
  if (columns.has(floor) && technique.id !== floor) {
    const { estimate, pValue = 1 } = aurocDifference(column(technique.id), column(floor), truth);
    add('difference-to-baseline', estimate, { floor, pValue, adjustedPValue: Math.min(1, pValue * 6) });
  }
  const surface = 'surface-baseline';
  if (columns.has(surface) && technique.role !== 'control') {
    const { estimate, pValue = 1 } = aurocDifference(column(technique.id), column(surface), truth);
    add('difference-to-surface', estimate, { floor: surface, pValue, adjustedPValue: Math.min(1, pValue * 6) });
  }
  if (
    columns.has(floor) &&
    columns.has(top) &&
    isDefined(main) &&
    technique.role !== 'ceiling' &&
    technique.id !== floor
  ) {
    add('pgr', shifted(main, -0.38), { floor, top });
  }
  return results;
}

function shifted(estimate: DefinedEstimate, by: number): DefinedEstimate {
  const clip = (value: number) => Math.min(1, Math.max(0, value + by));
  const { value, lower, upper } = estimate;
  return { ...estimate, value: clip(value), lower: clip(lower), upper: clip(upper), method: 'bootstrap-examples' };
}

/** What a record has for all seeds together; the other metrics stay seed by seed. */
const pooledMetrics: readonly MetricId[] = [
  'real-vs-fake-auroc',
  'difference-to-baseline',
  'difference-to-surface',
  'pgr',
];

/** Rows of `seed: "all"`: means over seeds. */
function pooled(perSeed: readonly Result[]): Result[] {
  const keys = new Map<string, Result[]>();
  for (const result of perSeed.filter(({ metric }) => pooledMetrics.includes(metric))) {
    const key = `${result.technique}/${result.split}/${result.metric}`;
    keys.set(key, [...(keys.get(key) ?? []), result]);
  }
  return [...keys.values()].map((group) => {
    const defined = group.map(({ estimate }) => estimate).filter(isDefined);
    const first = group[0] as Result;
    if (defined.length < group.length) return { ...first, seed: 'all', estimate: first.estimate };
    const mean = (key: 'value' | 'lower' | 'upper') => defined.reduce((sum, e) => sum + e[key], 0) / defined.length;
    const estimate = {
      ...(defined[0] as DefinedEstimate),
      value: mean('value'),
      lower: mean('lower'),
      upper: mean('upper'),
    };
    return { ...first, seed: 'all', estimate: { ...estimate, method: 'bootstrap-seeds-and-examples' } };
  });
}

function predictor(setting: string, model: string, seeds: readonly number[]): Result[] {
  const base = { setting, model, technique: 'measurement-predictor', ceiling: false, split: 'validation' };
  const shown = seeds.length > 1 ? [...seeds, 'all' as const] : seeds;
  const estimate = { value: 0.951, lower: 0.947, upper: 0.955, level: 0.95, n: 2400, method: 'delong' };
  return shown.flatMap((seed) => [
    { ...base, seed, metric: 'measurement-auroc' as const, estimate },
    {
      ...base,
      seed,
      metric: 'measurement-auroc' as const,
      head: 'measurement-1' as const,
      estimate: shifted(estimate, 0.01),
    },
    {
      ...base,
      seed,
      metric: 'measurement-auroc' as const,
      head: 'aggregate' as const,
      estimate: shifted(estimate, -0.008),
    },
  ]);
}

function recordOf(
  options: FixtureOptions,
  seeds: readonly number[],
  techniques: readonly PlantedTechnique[],
  splits: readonly string[],
  setting: string,
  results: readonly Result[],
): RunRecord {
  const counts = {
    'trusted-positive': 120,
    'trusted-negative': 30,
    'real-positive': 240,
    'fake-positive': 240,
    'fake-negative': 4,
    inconsistent: 60,
    'all-negative': 60,
  };
  const summaries: TechniqueSummary[] = techniques.map(({ id, role }) => {
    const words = id.replaceAll('-', ' ');
    return {
      id,
      role,
      title: `${words[0]?.toUpperCase()}${words.slice(1)}`,
      structures: id.startsWith('evidence') ? ['several-measurements', 'untrusted-examples'] : ['untrusted-examples'],
      source: 'methods.md 11.3; arXiv 2308.15605',
    };
  });
  return {
    schemaVersion: 3,
    runId: 'b3f19c2a70de',
    config: {
      preset: 'default',
      setting,
      options: { trainingExamples: 12000, fakeShare: 0.1 },
      seeds,
      techniques: techniques.map(({ id }) => id),
      limit: options.positives ?? 600,
    },
    dataFingerprint: Object.fromEntries(seeds.map((seed) => [`${setting}/${seed}`, '9f2c'.repeat(16)])),
    versions: { touchstone: '0.1.0', node: 'v24.21.0', 'onnxruntime-node': '1.30.0' },
    machine: { platform: 'linux-x64', cpu: 'Example CPU @ 2.60GHz', cores: 2, memoryGiB: 7.8 },
    startedAt: '2025-06-01T09:30:00.000Z',
    seconds: 431.6,
    steps: seeds.flatMap((seed) => [
      {
        key: `a${seed}`.repeat(16),
        kind: 'dataset' as const,
        label: `${setting} · seed ${seed}`,
        seconds: 21.4,
        reused: seed > 0,
      },
      {
        key: `b${seed}`.repeat(16),
        kind: 'measurement-predictor' as const,
        label: `small-transformer · seed ${seed}`,
        seconds: 171,
        reused: false,
      },
      ...techniques.map(({ id }, i) => ({
        key: `c${seed}${i}`.repeat(11),
        kind: 'technique' as const,
        label: `${id} · seed ${seed}`,
        seconds: 3.2 * i,
        reused: false,
      })),
    ]),
    techniques: summaries,
    infeasible: [],
    datasets: seeds.map((seed) => ({
      setting,
      seed,
      key: `dataset-${seed}`,
      counts: {
        train: { ...counts, 'fake-positive': 1200 + seed * 3, 'real-positive': 4800 },
        ...Object.fromEntries(splits.map((split) => [split, counts])),
      },
      dropped: {
        'duplicate-of-train': { 'fake-positive': 31 + seed, 'real-positive': 9 },
        'timed-out': { 'all-negative': 2 },
      },
      relabelled: { 'measured-negative': { 'fake-negative': 4 } },
      heldOut: splits.includes('validation-held-out') ? { 'validation-held-out': 'templates' } : {},
    })),
    controls: techniques.some(({ id }) => id === 'random-probe')
      ? seeds.map((seed) => ({
          setting,
          model: options.model ?? 'small-transformer',
          technique: 'random-probe',
          seed,
          split: 'validation',
          k: 100,
          p05: 0.41 - seed / 100,
          median: 0.503,
          p95: 0.6,
        }))
      : [],
    details: Object.fromEntries(
      seeds.flatMap((seed) =>
        techniques.map(({ id }, i) => [
          `${setting}/${id}/${seed}`,
          { layer: 1 + (i % 4), regularisation: 0.012345678, layerScores: [0.71, 0.74, 0.802] },
        ]),
      ),
    ),
    results,
  };
}
