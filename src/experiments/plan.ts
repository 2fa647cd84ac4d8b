import { expected, UserError } from '../core/errors.ts';
import type { StepKind, SweepPoint } from '../core/records.ts';
import type { Setting } from '../core/settings.ts';
import type { Technique } from '../core/techniques.ts';
import { settings } from '../settings/registry.ts';
import { checkNeeds } from '../techniques/needs.ts';
import { techniques } from '../techniques/registry.ts';
import { baselineId, ceilingId, nameOf, offeredBy, pointsOf, type RunConfig, surfaceId } from './config.ts';
import { dataName } from './data-name.ts';
import { codeVersion, hashOf } from './hashing.ts';
import { isPretrained, modelName } from './model-config.ts';
import type { StepSpec } from './step.ts';

/** The steps of one seed on one setting. */
export interface SeedPlan {
  readonly setting: string;
  readonly seed: number;
  readonly dataset: StepSpec;
  readonly predictor: StepSpec;
  readonly activations: StepSpec;
  /** With the name of each in tables. */
  readonly techniques: readonly { readonly name: string; readonly step: StepSpec }[];
}

/** The steps of one point of a sweep, or of a whole run without one. */
export interface PointPlan {
  readonly point?: SweepPoint;
  readonly config: RunConfig;
  readonly model: string;
  readonly seeds: readonly SeedPlan[];
  readonly metrics: readonly StepSpec[];
}

/** A run as a DAG of steps; `steps` lists each once, after its inputs, however many points share it. */
export interface Plan {
  readonly points: readonly PointPlan[];
  readonly steps: readonly StepSpec[];
  /** Names of the points that use a step, by its key; empty without a sweep. */
  readonly sharedBy: ReadonlyMap<string, readonly string[]>;
}

export interface PlanOptions {
  /** Versions of what computes (engine, Node) that results depend on. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Lays out the steps of a run. Equal work has an equal key, within a run and between runs.
 * @throws UserError when a technique needs a structure that a setting does not offer, or (`model-not-pinned`) when a
 *   pretrained model has no digest yet.
 */
export function planRun(config: RunConfig, options: PlanOptions): Plan {
  const wanted = pointsOf(config);
  requireNeeds(wanted);
  const points = wanted.map((at) => {
    const able = feasible(at.config);
    return { ...at, config: able, ...planPoint(able, options) };
  });
  const steps = new Map(points.flatMap(stepsOf).map((step) => [step.key, step]));
  const swept = points.flatMap(({ point, ...plan }) => (point === undefined ? [] : [{ point, plan }]));
  const users = swept.flatMap(({ point, plan }) => stepsOf(plan).map(({ key }) => ({ key, point })));
  const byKey = Map.groupBy(users, ({ key }) => key);
  return {
    points,
    steps: [...steps.values()].map((step) => {
      const own = (byKey.get(step.key) ?? []).map(({ point }) => point);
      return { ...step, label: `${step.label}${inCommon(own)}` };
    }),
    sharedBy: new Map([...byKey].map(([key, uses]) => [key, [...new Set(uses.map(({ point }) => point.name))]])),
  };
}

/** What the points that share a step have in common, to be put after its label: ` · epochs=3`. */
function inCommon(points: readonly SweepPoint[]): string {
  const [first, ...others] = points.map(({ name }) => name.split(', '));
  const common = (first ?? []).filter((part) => others.every((parts) => parts.includes(part)));
  return common.length === 0 ? '' : ` · ${common.join(', ')}`;
}

function stepsOf({ seeds, metrics }: Pick<PointPlan, 'seeds' | 'metrics'>): StepSpec[] {
  const ofSeeds = seeds.flatMap(({ dataset, predictor, activations, techniques: fitted }) => {
    return [dataset, predictor, activations, ...fitted.map(({ step }) => step)];
  });
  return [...ofSeeds, ...metrics];
}

function planPoint(config: RunConfig, options: PlanOptions): Pick<PointPlan, 'model' | 'seeds' | 'metrics'> {
  const seeds = config.settings.flatMap(({ id, options: settingOptions }) =>
    config.seeds.map((seed) => planSeed(config, { id, options: settingOptions }, seed, options)),
  );
  const metrics = config.settings.map(({ id }) =>
    planMetrics(
      id,
      seeds.filter(({ setting }) => setting === id),
      config,
    ),
  );
  return { model: modelName(config.model), seeds, metrics };
}

/** What of the model its results depend on: of a pretrained one its files, not where they came from. */
function modelKey({ model }: RunConfig): object {
  if (!isPretrained(model)) return model;
  const { digest, maxTokens, readAt } = model;
  if (digest !== undefined) return { source: digest, digest, maxTokens, readAt };
  throw expected('model-not-pinned', `model "${model.source}"`, 'pinned', 'no digest', 'Use pinModel before the run.');
}

/** The files that a dataset is read from, by name and digest; nothing for a setting that generates its own. */
function dataKey({ data }: RunConfig, { id, options }: RunConfig['settings'][number], seed: number): object {
  const source = (settings[id] as Setting).files?.(options, seed);
  if (source === undefined) return {};
  const name = dataName(source);
  const digest = data?.[name];
  if (digest !== undefined) return { files: { name, digest } };
  throw expected('data-not-pinned', `the data "${name}"`, 'pinned', 'no digest', 'Use pinData before the run.');
}

function planSeed(
  config: RunConfig,
  setting: RunConfig['settings'][number],
  seed: number,
  options: PlanOptions,
): SeedPlan {
  const { versions } = options;
  const suffix = config.settings.length > 1 ? ` · ${setting.id} · seed ${seed}` : ` · seed ${seed}`;
  const dataset = stepOf(
    'dataset',
    `${setting.id} · seed ${seed}`,
    {},
    {
      setting: setting.id,
      options: setting.options,
      seed,
      ...(config.limit > 0 && { limit: config.limit }),
      ...dataKey(config, setting, seed),
    },
    codeOf('dataset', `settings/${setting.id}/${setting.id}`, 'settings/registry'),
  );
  const { tokenizer, training, finetuning, device, threads } = config;
  const engine = { model: modelKey(config), tokenizer, training, finetuning, seed, device, threads, versions };
  const predictor = stepOf(
    'measurement-predictor',
    `measurement predictor${suffix}`,
    { dataset },
    engine,
    codeOf('measurement-predictor'),
  );
  const activations = stepOf(
    'activations',
    `activations${suffix}`,
    { dataset, predictor },
    engine,
    codeOf('activations'),
  );
  // The name stays out of the step: equal work under two names is done once.
  const fitted = config.techniques.map(({ id, as, options: techniqueOptions }) => ({
    name: nameOf({ id, as }),
    step: stepOf(
      'technique',
      `${nameOf({ id, as })}${suffix}`,
      { dataset, predictor, activations },
      { ...engine, technique: id, options: techniqueOptions },
      codeOf('technique', `techniques/${id}`, 'techniques/registry'),
    ),
  }));
  return { setting: setting.id, seed, dataset, predictor, activations, techniques: fitted };
}

function planMetrics(setting: string, seeds: readonly SeedPlan[], config: RunConfig): StepSpec {
  const inputs = Object.fromEntries(
    seeds.flatMap(({ seed, dataset, activations, techniques: fitted }) => [
      [`${seed}/dataset`, dataset],
      [`${seed}/activations`, activations],
      ...fitted.map(({ name, step }) => [`${seed}/${name}`, step] as const),
    ]),
  );
  const judged = config.techniques.map((entry) => {
    const { role, calibrated } = techniques[entry.id] as Technique;
    return { id: nameOf(entry), role, calibrated };
  });
  const ends = { floor: baselineId, ceiling: ceilingId, surface: surfaceId };
  const label = config.settings.length > 1 ? `metrics · ${setting}` : 'metrics';
  return stepOf(
    'metrics',
    label,
    inputs,
    { setting, model: modelName(config.model), seeds: config.seeds, techniques: judged, ends },
    codeOf('metrics', undefined, 'techniques/registry'),
  );
}

function stepOf(
  kind: StepKind,
  label: string,
  inputs: Readonly<Record<string, StepSpec>>,
  config: Readonly<Record<string, unknown>>,
  code: string,
): StepSpec {
  const roles = Object.fromEntries(
    Object.entries(inputs).map(([role, step]) => [role, { kind: step.kind, key: step.key }]),
  );
  return { kind, label, config, inputs: roles, key: hashOf({ kind, config, inputs: roles, code }) };
}

const codeVersions = new Map<string, string>();

/** The code behind a step kind; a registry that it looks entries up in is replaced by the one entry that it uses. */
function codeOf(kind: StepKind, entry?: string, registry?: string): string {
  const id = `${kind} ${entry ?? ''}`;
  const known = codeVersions.get(id);
  if (known !== undefined) return known;
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const source = (path: string) => new URL(`../${path}.${extension}`, import.meta.url);
  const entries = [source(`experiments/steps/${kind}`), ...(entry === undefined ? [] : [source(entry)])];
  const version = codeVersion(entries, registry === undefined ? [] : [source(registry)]);
  codeVersions.set(id, version);
  return version;
}

/** Structures that a technique needs and that a setting of the config does not offer, in words. */
function lacks(config: RunConfig, entry: RunConfig['techniques'][number]): string[] {
  return config.settings.flatMap((setting) =>
    checkNeeds(techniques[entry.id] as Technique, offeredBy(setting)).map(
      (need) => `${nameOf(entry)} needs the structure ${need}, which ${setting.id} does not offer`,
    ),
  );
}

/** The config without what cannot run at its point: a sweep may well end where a technique has nothing left to use. */
function feasible(config: RunConfig): RunConfig {
  return { ...config, techniques: config.techniques.filter((entry) => lacks(config, entry).length === 0) };
}

/** Refuses a technique that cannot run at any point. */
function requireNeeds(points: readonly { readonly config: RunConfig }[]): void {
  const [first] = points as [{ readonly config: RunConfig }];
  const problems = first.config.techniques
    .filter(({ id, as }) => {
      return points.every(({ config }) => lacks(config, entryOf(config, nameOf({ id, as }))).length > 0);
    })
    .flatMap((entry) => lacks(first.config, entry));
  if (problems.length === 0) return;
  const message = `Expected every technique to be feasible on every setting, got: ${problems.join('; ')}.`;
  throw new UserError(
    'missing-structure',
    `${message} Leave the technique out with --techniques, or choose another setting.`,
  );
}

/** The technique of that name; all points of a sweep have the same names, unless the sweep changes the list itself. */
function entryOf({ techniques: entries }: RunConfig, name: string): RunConfig['techniques'][number] {
  return entries.find((entry) => nameOf(entry) === name) ?? (entries[0] as RunConfig['techniques'][number]);
}
