import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { categoryOf, type Example } from '../core/examples.ts';
import { type JudgedExample, type RunRecord, type ScoreRow, schemaVersion } from '../core/records.ts';
import type { Dataset } from '../core/settings.ts';
import type { Technique } from '../core/techniques.ts';
import { techniques } from '../techniques/registry.ts';
import type { RunConfig } from './config.ts';
import { execute, type Observer } from './execute.ts';
import { hashOf } from './hashing.ts';
import { type Plan, planRun, type SeedPlan } from './plan.ts';
import { checkWritable, writeRun } from './run-directory.ts';
import { judgedSplits, loadDataset } from './steps/dataset.ts';
import { loadMetrics } from './steps/metrics.ts';
import { loadTechnique, type TechniqueArtifact } from './steps/technique.ts';
import { Store } from './store.ts';

/** What a run takes from the world; nothing below the command line reads clock, machine or environment itself. */
export interface World {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: RunRecord['machine'];
}

export interface RunOptions {
  /** Directory that holds all runs; artifacts are shared between them under `store/`. */
  readonly out: string;
  readonly world: World;
  /** Where the files of a pretrained model are; `config.model.digest` says which they must be. */
  readonly modelPath?: string | undefined;
  readonly observer: Observer;
  readonly signal: AbortSignal;
}

/** A finished run: its record, and what the report draws from. */
export interface FinishedRun {
  readonly directory: string;
  readonly record: RunRecord;
  readonly scores: readonly ScoreRow[];
  readonly examples: readonly JudgedExample[];
}

/** The steps of a run and where it would be written, without doing anything. */
export function prepareRun(config: RunConfig, { out, world }: Pick<RunOptions, 'out' | 'world'>) {
  const plan = planRun(config, { versions: computing(world.versions) });
  // A metrics step's key holds config, data and code of everything above it.
  const runId = hashOf({ config, metrics: plan.metrics.map(({ key }) => key) }).slice(0, 12);
  return { plan, runId, directory: join(out, runId), store: new Store(join(out, 'store')) };
}

/** Runs or resumes an experiment and writes its directory. What an earlier run finished is not done again. */
export async function runExperiment(config: RunConfig, options: RunOptions): Promise<FinishedRun> {
  const { world, modelPath, observer, signal } = options;
  const start = world.clock();
  const { plan, runId, directory, store } = prepareRun(config, options);
  await checkWritable(directory);
  await store.sweep();
  const { threads } = config;
  const steps = await execute(plan.steps, { store, threads, modelPath, observer, signal, clock: world.clock });
  const loaded = await Promise.all(plan.seeds.map((seed) => loadSeed(seed, store)));
  const outcome = await outcomeOf(plan, loaded, store);
  const record: RunRecord = {
    schemaVersion,
    runId,
    config: { ...config },
    dataFingerprint: Object.fromEntries(
      loaded.map(({ plan: { setting, seed }, dataset }) => [`${setting}/${seed}`, dataset.fingerprint]),
    ),
    versions: world.versions,
    machine: world.machine,
    startedAt: new Date(start).toISOString(),
    seconds: Math.round(world.clock() - start) / 1000,
    steps,
    ...outcome.tables,
  };
  await writeRun(directory, record, outcome.scores);
  return { directory, record, scores: outcome.scores, examples: loaded.flatMap(judgedExamples) };
}

/**
 * The judged examples of a finished run, from its store, for a report made anew.
 * @throws UserError when the store no longer has them.
 */
export async function loadJudgedExamples(record: RunRecord, out: string): Promise<JudgedExample[]> {
  const store = new Store(join(out, 'store'));
  const datasets = record.steps.filter(({ kind }) => kind === 'dataset');
  for (const { kind, key, label } of datasets) {
    if ((await store.find(kind, key)) !== undefined) continue;
    const wanted = `Expected ${store.root} to hold the examples of ${label}`;
    throw new UserError(
      'no-artifact',
      `${wanted}, got none. Run the same config again with --out ${out}, then ask anew.`,
    );
  }
  const loaded = datasets.map(async ({ kind, key }) => {
    const dataset = await loadDataset(store.directory(kind, key));
    return judgedExamples({ plan: { setting: dataset.setting, seed: dataset.seed }, dataset });
  });
  return (await Promise.all(loaded)).flat();
}

interface LoadedSeed {
  readonly plan: SeedPlan;
  readonly dataset: Dataset & { readonly fingerprint: string };
  readonly artifacts: ReadonlyMap<string, TechniqueArtifact>;
}

async function loadSeed(plan: SeedPlan, store: Store): Promise<LoadedSeed> {
  const dataset = await loadDataset(store.directory('dataset', plan.dataset.key));
  const artifacts = plan.techniques.map(
    async ({ kind, key, config }) =>
      [config.technique as string, await loadTechnique(store.directory(kind, key))] as const,
  );
  return { plan, dataset, artifacts: new Map(await Promise.all(artifacts)) };
}

async function outcomeOf(plan: Plan, loaded: readonly LoadedSeed[], store: Store) {
  const metrics = await Promise.all(plan.metrics.map(({ kind, key }) => loadMetrics(store.directory(kind, key))));
  const ids = [...new Set(loaded.flatMap(({ artifacts }) => [...artifacts.keys()]))];
  return {
    scores: loaded.flatMap((seed) => scoreRows(seed, plan.model)),
    tables: {
      techniques: ids.map((id) => {
        const { title, role, source } = techniques[id as keyof typeof techniques] as Technique;
        return { id, title, role, source };
      }),
      datasets: loaded.map(({ plan: { setting, seed }, dataset }) => ({ setting, seed, ...dataset.notes })),
      controls: metrics.flatMap(({ controls }) => controls),
      details: Object.fromEntries(
        loaded.flatMap(({ plan: { setting, seed }, artifacts }) =>
          [...artifacts].map(([id, { details }]) => [`${setting}/${id}/${seed}`, details]),
        ),
      ),
      results: metrics.flatMap(({ results }) => results),
    },
  };
}

function scoreRows({ plan: { setting, seed }, dataset, artifacts }: LoadedSeed, model: string): ScoreRow[] {
  return [...artifacts].flatMap(([technique, { scores }]) =>
    judgedSplits(dataset).flatMap((split) =>
      (dataset.splits[split] as readonly Example[]).map(({ id }, row) => ({
        exampleId: id,
        setting,
        model,
        technique,
        seed,
        split,
        score: (scores[split] as Float64Array)[row] as number,
      })),
    ),
  );
}

function judgedExamples({
  plan: { setting, seed },
  dataset,
}: {
  plan: Pick<SeedPlan, 'setting' | 'seed'>;
  dataset: Dataset;
}) {
  return judgedSplits(dataset).flatMap((split) =>
    (dataset.splits[split] as readonly Example[]).map((example): JudgedExample => {
      const { id, groundTruth, measurements, text } = example;
      return { exampleId: id, setting, seed, split, category: categoryOf(example), groundTruth, measurements, text };
    }),
  );
}

/** The versions that results depend on; the others are only recorded. */
function computing(versions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(versions).filter(([name]) => name === 'onnxruntime'));
}
