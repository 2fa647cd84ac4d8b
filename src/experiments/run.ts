import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { categoryOf, type Example } from '../core/examples.ts';
import {
  type InfeasibleCell,
  type JudgedExample,
  type RunRecord,
  type ScoreRow,
  type StepRecord,
  schemaVersion,
  type TechniqueSummary,
} from '../core/records.ts';
import type { Dataset } from '../core/settings.ts';
import type { Technique } from '../core/techniques.ts';
import { techniques } from '../techniques/registry.ts';
import { adjustFamilies } from './adjust-families.ts';
import { execute, type Observer } from './execute.ts';
import { canonicalJson, hashOf } from './hashing.ts';
import { type PointPlan, planRun, type SeedPlan } from './plan.ts';
import { nameOf, type RunConfig } from './run-config.ts';
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
  /** Where the files are that settings read, by name; `config.data` says which they must be. */
  readonly dataPaths?: ReadonlyMap<string, string> | undefined;
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
  const runId = hashOf({ config, metrics: plan.points.map(({ metrics }) => metrics.map(({ key }) => key)) }).slice(
    0,
    12,
  );
  return { plan, runId, directory: join(out, runId), store: new Store(join(out, 'store')) };
}

/** Runs or resumes an experiment and writes its directory. What an earlier run finished is not done again. */
export async function runExperiment(config: RunConfig, options: RunOptions): Promise<FinishedRun> {
  const { world, modelPath, dataPaths, observer, signal } = options;
  const start = world.clock();
  const { plan, runId, directory, store } = prepareRun(config, options);
  await checkWritable(directory);
  await store.sweep();
  const { threads } = config;
  const steps = await execute(plan.steps, {
    store,
    threads,
    modelPath,
    dataPaths,
    observer,
    signal,
    clock: world.clock,
  });
  const outcomes: PointOutcome[] = [];
  for (const point of plan.points) outcomes.push(await outcomeOf(point, store));
  const record: RunRecord = {
    schemaVersion,
    runId,
    config: { ...config },
    ...(config.sweep !== undefined && { points: plan.points.flatMap(({ point }) => point ?? []) }),
    dataFingerprint: Object.assign({}, ...outcomes.map(({ fingerprints }) => fingerprints)),
    versions: world.versions,
    machine: world.machine,
    startedAt: new Date(start).toISOString(),
    seconds: Math.round(world.clock() - start) / 1000,
    steps: steps.map((step) => withPoints(step, plan.sharedBy.get(step.key))),
    techniques: config.techniques.map(summaryOf),
    datasets: outcomes.flatMap(({ datasets }) => datasets),
    controls: outcomes.flatMap(({ controls }) => controls),
    details: Object.assign({}, ...outcomes.map(({ details }) => details)),
    results: outcomes.flatMap(({ results }) => results),
    infeasible: outcomes.flatMap(({ infeasible }) => infeasible),
  };
  const scores = outcomes.flatMap((outcome) => outcome.scores);
  await writeRun(directory, record, scores);
  return { directory, record, scores, examples: await loadJudgedExamples(record, options.out) };
}

/**
 * The judged examples of a finished run, from its store, for a report made anew.
 * @throws UserError when the store no longer has them.
 */
export async function loadJudgedExamples(record: RunRecord, out: string): Promise<JudgedExample[]> {
  const store = new Store(join(out, 'store'));
  const wanted = judgedDatasets(record);
  for (const { kind, key, label } of wanted) {
    if ((await store.find(kind, key)) !== undefined) continue;
    const message = `Expected ${store.root} to hold the examples of ${label}`;
    throw new UserError(
      'no-artifact',
      `${message}, got none. Run the same config again with --out ${out}, then ask anew.`,
    );
  }
  // One after the other: the training examples that come along need not all be in memory at once.
  const loaded: JudgedExample[][] = [];
  for (const { setting, kind, key, points } of wanted) {
    loaded.push(judgedExamples(setting, await loadDataset(store.directory(kind, key)), points));
  }
  return loaded.flat();
}

/**
 * The steps that gave the judged examples, by the setting's name: what a weak supervisor labelled stands in the place of
 * what it was given.
 */
function judgedDatasets({ steps, datasets }: RunRecord): (StepRecord & { readonly setting: string })[] {
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const distinct = new Map(datasets.map(({ setting, key }) => [`${setting}/${key}`, { setting, key }]));
  return [...distinct.values()].flatMap(({ setting, key }) => {
    const step = byKey.get(key);
    return step === undefined ? [] : [{ ...step, setting }];
  });
}

/** What a record says of one point of a sweep, or of a run without one. */
interface PointOutcome extends Pick<RunRecord, 'datasets' | 'controls' | 'details' | 'results' | 'infeasible'> {
  readonly fingerprints: RunRecord['dataFingerprint'];
  readonly scores: readonly ScoreRow[];
}

async function outcomeOf({ point, seeds, metrics, infeasible }: PointPlan, store: Store): Promise<PointOutcome> {
  const judged = await Promise.all(metrics.map(({ kind, key }) => loadMetrics(store.directory(kind, key))));
  const loaded = await Promise.all(seeds.map((seed) => loadSeed(seed, store)));
  const at = point === undefined ? {} : { point: point.name };
  const suffix = point === undefined ? '' : `/${point.name}`;
  return {
    scores: loaded.flatMap((seed) => scoreRows(seed, at)),
    fingerprints: Object.fromEntries(
      loaded.map(({ plan: { setting, seed }, dataset }) => [`${setting}/${seed}${suffix}`, dataset.fingerprint]),
    ),
    datasets: loaded.map(({ plan: { setting, seed, dataset: step }, dataset }) => {
      return { ...at, setting, seed, key: step.key, ...dataset.notes };
    }),
    infeasible: [...infeasible, ...loaded.flatMap(refusals)].map((cell) => ({ ...at, ...cell })),
    controls: judged.flatMap(({ controls }) => controls.map((band) => ({ ...at, ...band }))),
    details: Object.fromEntries(
      loaded.flatMap(({ plan: { setting, seed }, artifacts }) =>
        artifacts.map(({ name, artifact }) => [`${setting}/${name}/${seed}${suffix}`, artifact.details]),
      ),
    ),
    results: adjustFamilies(judged.flatMap(({ results }) => results)).map((result) => ({ ...at, ...result })),
  };
}

interface LoadedSeed {
  readonly plan: SeedPlan;
  readonly dataset: Dataset & { readonly fingerprint: string };
  readonly artifacts: readonly { readonly name: string; readonly artifact: TechniqueArtifact }[];
}

async function loadSeed(plan: SeedPlan, store: Store): Promise<LoadedSeed> {
  const dataset = await loadDataset(store.directory(plan.dataset.kind, plan.dataset.key));
  const artifacts = plan.techniques.map(async ({ name, step: { kind, key } }) => {
    return { name, artifact: await loadTechnique(store.directory(kind, key)) };
  });
  return { plan, dataset, artifacts: await Promise.all(artifacts) };
}

/** Techniques that refused on a seed. */
function refusals({ plan: { setting, seed }, artifacts }: LoadedSeed): InfeasibleCell[] {
  return artifacts.flatMap(({ name, artifact: { refused } }) => {
    return refused === undefined
      ? []
      : [{ setting, technique: name, missing: [], refused: `Seed ${seed}: ${refused}` }];
  });
}

function withPoints(step: StepRecord, points: readonly string[] | undefined): StepRecord {
  return points === undefined ? step : { ...step, points };
}

function summaryOf({ id, as, options }: RunConfig['techniques'][number]): TechniqueSummary {
  const { title, role, needs, source, options: schema } = techniques[id] as Technique;
  const defaults = schema.parse({}) as Readonly<Record<string, unknown>>;
  const differing = Object.entries(options as object).filter(
    ([key, value]) => canonicalJson({ value }) !== canonicalJson({ value: defaults[key] }),
  );
  return {
    id: nameOf({ id, as }),
    ...(as !== undefined && { technique: id }),
    ...(differing.length > 0 && { options: Object.fromEntries(differing) }),
    ...{ title, role, structures: needs.structures, source },
  };
}

function scoreRows(
  { plan: { setting, model, seed }, dataset, artifacts }: LoadedSeed,
  place: Pick<ScoreRow, 'point'>,
): ScoreRow[] {
  const fitted = artifacts.filter(({ artifact: { refused } }) => refused === undefined);
  return fitted.flatMap(({ name, artifact: { scores } }) =>
    judgedSplits(dataset).flatMap((split) =>
      (dataset.splits[split] as readonly Example[]).map(({ id }, row) => ({
        exampleId: id,
        setting,
        model,
        ...place,
        technique: name,
        seed,
        split,
        score: (scores[split] as Float64Array)[row] as number,
      })),
    ),
  );
}

function judgedExamples(setting: string, dataset: Dataset, points: readonly string[] | undefined): JudgedExample[] {
  const { seed } = dataset;
  return judgedSplits(dataset).flatMap((split) =>
    (dataset.splits[split] as readonly Example[]).map((example): JudgedExample => {
      const { id, groundTruth, measurements, text, kind } = example;
      const category = categoryOf(example);
      const more = { ...(kind !== undefined && { kind }), ...(points !== undefined && { points }) };
      return { exampleId: id, setting, seed, split, category, groundTruth, measurements, text, ...more };
    }),
  );
}

/** The versions that results depend on; the others are only recorded. */
function computing(versions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(versions).filter(([name]) => name === 'onnxruntime'));
}
