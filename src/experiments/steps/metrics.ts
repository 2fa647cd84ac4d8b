import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Example } from '../../core/examples.ts';
import type { ControlBand, Result, TechniqueSummary } from '../../core/records.ts';
import type { Dataset } from '../../core/settings.ts';
import { writeWhole } from '../../core/write-whole.ts';
import { createResampleCache } from '../../stats/resample-cache.ts';
import { type Bench, controlBand, type Ends, type Judged, judgeAllSeeds, judgeSeed, type Place } from '../judge.ts';
import { judgePredictor } from '../judge-predictor.ts';
import type { StepContext, StepRunner } from '../step.ts';
import { loadReadouts } from './activations.ts';
import { judgedSplits, loadDataset, untrustedPositives } from './dataset.ts';
import { loadTechnique, type TechniqueArtifact } from './technique.ts';

export interface MetricsConfig {
  readonly setting: string;
  readonly model: string;
  readonly seeds: readonly number[];
  readonly techniques: readonly (Pick<TechniqueSummary, 'id' | 'role'> & { readonly calibrated: boolean })[];
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

/** Judges every technique of one setting by ground truth, per seed and over all seeds. */
export const runMetrics: StepRunner<MetricsConfig> = async (config, context) => {
  const seeds = await Promise.all(config.seeds.map((seed) => loadSeed(seed, config, context)));
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
    for (const bench of benches) results.push(...judgeSeed(bench, place, config.ends, options));
    if (benches.length > 1) results.push(...judgeAllSeeds(benches, place, config.ends, options));
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

function benchOf({ seed, dataset, techniques }: LoadedSeed, split: string, config: MetricsConfig): Bench {
  const examples = dataset.splits[split] as readonly Example[];
  const rows = untrustedPositives(examples);
  const judged = config.techniques.map(({ id, role, calibrated }): Judged => {
    const scores = (techniques.get(id) as TechniqueArtifact).scores[split] as Float64Array;
    return {
      technique: id,
      ceiling: role === 'ceiling',
      control: role === 'control',
      calibrated,
      scores: pick(scores, rows),
    };
  });
  return { seed, real: rows.map((row) => (examples[row] as Example).groundTruth), techniques: judged };
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
