import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Example, weakLabel } from '../../core/examples.ts';
import type { ControlBand, Result, TechniqueSummary } from '../../core/records.ts';
import type { Dataset } from '../../core/settings.ts';
import { writeWhole } from '../../core/write-whole.ts';
import { createResampleCache } from '../../stats/resample-cache.ts';
import { type Bench, controlBand, type Ends, type Judged, judgeAllSeeds, judgeSeed, type Place } from '../judge.ts';
import { type AnalogyEnds, judgeAnalogies } from '../judge-analogies.ts';
import { type FamilyBench, judgeFamilies } from '../judge-families.ts';
import { judgePredictor } from '../judge-predictor.ts';
import { judgeGroundTruth, judgeWeakToStrong, type WeakToStrongEnds } from '../judge-weak-to-strong.ts';
import type { StepContext, StepRunner } from '../step.ts';
import type { WeakBench } from '../weak-to-strong-parties.ts';
import { loadReadouts } from './activations.ts';
import { judgedSplits, loadDataset, untrustedPositives } from './dataset.ts';
import { loadTechnique, type TechniqueArtifact } from './technique.ts';

export interface MetricsConfig {
  readonly setting: string;
  readonly model: string;
  readonly seeds: readonly number[];
  readonly techniques: readonly (Pick<TechniqueSummary, 'id' | 'role' | 'structures'> & {
    readonly calibrated: boolean;
  })[];
  readonly ends: Ends;
}

export interface Metrics {
  readonly results: readonly Result[];
  readonly controls: readonly ControlBand[];
}

interface LoadedSeed {
  readonly seed: number;
  readonly dataset: Dataset;
  readonly techniques: ReadonlyMap<string, TechniqueArtifact>;
}

/** Names of the techniques and the split that bring on the judges of generalization. */
const weakToStrongEnds: WeakToStrongEnds = { naive: 'naive-finetuning', ceiling: 'strong-ceiling' };
const analogyEnds: AnalogyEnds = { target: 'target', baseline: 'zero-shot', tuned: 'target-tuned' };

/** Judges every technique of one setting by ground truth, per seed and over all seeds. */
export const runMetrics: StepRunner<MetricsConfig> = async (given, context) => {
  const seeds = await Promise.all(given.seeds.map((seed) => loadSeed(seed, given, context)));
  const config = withoutRefused(given, seeds);
  const splits = judgedSplits((seeds[0] as LoadedSeed).dataset);
  const results: Result[] = [];
  const controls: ControlBand[] = [];
  for (const [index, split] of splits.entries()) {
    const place = { setting: config.setting, model: config.model, split };
    const benches = seeds.map((loaded) => benchOf(loaded, split, config));
    const options = { cache: createResampleCache() };
    results.push(
      ...judgePredictor(await Promise.all(seeds.map((loaded) => predictorCase(loaded, split, context))), place),
    );
    const general = judgeGenerally(seeds, splits, place, config);
    if (general.length === 0 || benches.some(hasBothKinds)) {
      for (const bench of benches) results.push(...judgeSeed(bench, place, config.ends, options));
      if (benches.length > 1) results.push(...judgeAllSeeds(benches, place, config.ends, options));
    }
    results.push(...general);
    if (index === 0) results.push(compareFamilies(seeds, place, config));
    controls.push(...seeds.flatMap((loaded, i) => bandsOf(loaded, benches[i] as Bench, place)));
    context.progress(index + 1, splits.length, 'splits');
  }
  await writeWhole(join(context.directory, 'metrics.json'), `${JSON.stringify({ results, controls }, null, 1)}\n`);
};

export async function loadMetrics(directory: string): Promise<Metrics> {
  return JSON.parse(await readFile(join(directory, 'metrics.json'), 'utf8')) as Metrics;
}

async function loadSeed(seed: number, config: MetricsConfig, context: StepContext): Promise<LoadedSeed> {
  const dataset = await loadDataset(context.input(`${seed}/dataset`));
  const artifacts = config.techniques.map(
    async ({ id }) => [id, await loadTechnique(context.input(`${seed}/${id}`))] as const,
  );
  return { seed, dataset, techniques: new Map(await Promise.all(artifacts)) };
}

/** A technique that refused on one seed has no place in a comparison over seeds. */
function withoutRefused(config: MetricsConfig, seeds: readonly LoadedSeed[]): MetricsConfig {
  const fitted = ({ id }: { readonly id: string }) => seeds.every((seed) => !seed.techniques.get(id)?.refused);
  return { ...config, techniques: config.techniques.filter(fitted) };
}

function benchOf(loaded: LoadedSeed, split: string, config: MetricsConfig): Bench {
  const examples = loaded.dataset.splits[split] as readonly Example[];
  const rows = untrustedPositives(examples);
  const real = rows.map((row) => (examples[row] as Example).groundTruth);
  return { seed: loaded.seed, real, techniques: judgedOn(rows, loaded, split, config) };
}

function hasBothKinds({ real }: Bench): boolean {
  return real.includes(true) && real.includes(false);
}

/** Weak-to-strong generalization where a technique of it was run, analogies where there is a target; else nothing. */
function judgeGenerally(
  seeds: readonly LoadedSeed[],
  splits: readonly string[],
  place: Place,
  config: MetricsConfig,
): Result[] {
  const run = new Set(config.techniques.map(({ id }) => id));
  const supervised = seeds.some(({ dataset }) =>
    dataset.splits.train.some(({ weakLabels }) => weakLabels !== undefined),
  );
  const weakToStrong = supervised || run.has(weakToStrongEnds.naive) || run.has(weakToStrongEnds.ceiling);
  const analogies =
    splits.includes(analogyEnds.target) && (run.has(analogyEnds.baseline) || run.has(analogyEnds.tuned));
  if (!weakToStrong && !analogies) return [];
  const benches = seeds.map((loaded) => weakBenchOf(loaded, place.split, config));
  const options = { cache: createResampleCache() };
  return [
    ...(weakToStrong
      ? judgeWeakToStrong(benches, place, weakToStrongEnds, options)
      : judgeGroundTruth(benches, place, options)),
    ...(analogies ? judgeAnalogies(benches, place, analogyEnds, options) : []),
  ];
}

/**
 * Structure against general techniques: by real and fake positives where measurements are the supervision and every seed
 * has both, else by all untrusted examples.
 */
function compareFamilies(seeds: readonly LoadedSeed[], place: Place, config: MetricsConfig): Result {
  const positives = seeds.map((loaded) => benchOf(loaded, place.split, config));
  const isLabelled = seeds.some(({ dataset }) => dataset.splits.train.some(({ weakLabels }) => weakLabels));
  const isRealVsFake = !isLabelled && positives.every(hasBothKinds);
  const benches = seeds.map((loaded, i): FamilyBench => {
    const examples = loaded.dataset.splits[place.split] as readonly Example[];
    const rows = isRealVsFake ? untrustedPositives(examples) : judgedRows(examples);
    const judged = rows.map((row) => examples[row] as Example);
    return {
      seed: loaded.seed,
      truth: judged.map(({ groundTruth }) => groundTruth),
      groups: judged.map(({ group }) => group),
      techniques: isRealVsFake ? (positives[i] as Bench).techniques : judgedOn(rows, loaded, place.split, config),
    };
  });
  const structures = new Map(config.techniques.map(({ id, structures: own }) => [id, own]));
  return judgeFamilies(benches, place, { structures, by: isRealVsFake ? 'real-vs-fake-auroc' : 'ground-truth-auroc' });
}

/** All untrusted examples of a split; all of its examples where every one is trusted. */
function judgedRows(examples: readonly Example[]): readonly number[] {
  const untrusted = examples.flatMap(({ trusted }, row) => (trusted ? [] : [row]));
  return untrusted.length > 0 ? untrusted : examples.map((_, row) => row);
}

function weakBenchOf(loaded: LoadedSeed, split: string, config: MetricsConfig): WeakBench {
  const examples = loaded.dataset.splits[split] as readonly Example[];
  const rows = judgedRows(examples);
  const judged = rows.map((row) => examples[row] as Example);
  return {
    seed: loaded.seed,
    truth: judged.map(({ groundTruth }) => groundTruth),
    weakLabels: judged.map(weakLabel),
    baseRate: weakBaseRate(loaded.dataset.splits.train),
    techniques: judgedOn(rows, loaded, split, config),
  };
}

/** Mean weak label of the training examples that have one. */
function weakBaseRate(train: readonly Example[]): number | undefined {
  const labels = train.map(weakLabel).filter((label) => label !== null);
  return labels.length === 0 ? undefined : labels.reduce((sum, label) => sum + label, 0) / labels.length;
}

function judgedOn(
  rows: readonly number[],
  { techniques }: LoadedSeed,
  split: string,
  config: MetricsConfig,
): readonly Judged[] {
  return config.techniques.map(({ id, role, calibrated }) => {
    const scores = (techniques.get(id) as TechniqueArtifact).scores[split] as Float64Array;
    return {
      technique: id,
      ceiling: role === 'ceiling',
      control: role === 'control',
      calibrated,
      scores: pick(scores, rows),
    };
  });
}

async function predictorCase({ seed, dataset }: LoadedSeed, split: string, context: StepContext) {
  const examples = dataset.splits[split] as readonly Example[];
  const texts = examples.map(({ text }) => text);
  const { logits, heads } = await loadReadouts(context.input(`${seed}/activations`), split, texts);
  return { seed, examples, logits, heads };
}

function bandsOf({ dataset, techniques }: LoadedSeed, bench: Bench, place: Place): ControlBand[] {
  const rows = untrustedPositives(dataset.splits[place.split] as readonly Example[]);
  return [...techniques].flatMap(([id, { controls }]) => {
    const scorers = (controls[place.split] ?? []).map((scores) => pick(scores, rows));
    return controlBand(id, bench, place, scorers) ?? [];
  });
}

function pick(values: Float64Array, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (row) => values[row] as number);
}
