import { expected, UserError } from '../core/errors.ts';
import type { InfeasibleCell, StepKind, SweepPoint } from '../core/records.ts';
import type { Setting } from '../core/settings.ts';
import type { StructureId } from '../core/structures.ts';
import type { Technique } from '../core/techniques.ts';
import { settings } from '../settings/registry.ts';
import { checkNeeds } from '../techniques/needs.ts';
import { type TechniqueId, techniques } from '../techniques/registry.ts';
import { baselineId, ceilingId, offeredBy, pointsOf, surfaceId } from './config.ts';
import { dataName } from './data-name.ts';
import { codeVersion, hashOf } from './hashing.ts';
import { isPretrained, modelName } from './model-config.ts';
import { nameOf, type RunConfig } from './run-config.ts';
import { configOn } from './setting-parts.ts';
import type { StepSpec } from './step.ts';

/** The steps of one seed on one setting. */
export interface SeedPlan {
  /** The setting's name in results. */
  readonly setting: string;
  /** The strong model's. */
  readonly model: string;
  readonly seed: number;
  /** Every step, in an order in which each comes after its inputs. */
  readonly steps: readonly StepSpec[];
  /** What gives the examples as everybody downstream sees them: the dataset itself, or the weak supervisor's labelling. */
  readonly dataset: StepSpec;
  readonly predictor: StepSpec;
  readonly activations: StepSpec;
  /** Those of the model before any supervision, where a technique reads them. */
  readonly pretrainedActivations?: StepSpec;
  /** With the name of each in tables. */
  readonly techniques: readonly { readonly name: string; readonly step: StepSpec }[];
}

/** The steps of one point of a sweep, or of a whole run without one. */
export interface PointPlan {
  readonly point?: SweepPoint;
  readonly config: RunConfig;
  readonly seeds: readonly SeedPlan[];
  readonly metrics: readonly StepSpec[];
  readonly infeasible: readonly InfeasibleCell[];
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
  const points = wanted.map((at) => ({ ...at, ...planPoint(at.config, options) }));
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
  return [...seeds.flatMap(({ steps }) => steps), ...metrics];
}

function planPoint(config: RunConfig, options: PlanOptions): Omit<PointPlan, 'point' | 'config'> {
  const severalSettings = config.settings.length > 1;
  const each = config.settings.map((setting) => {
    const able = feasible(configOn(config, setting));
    const seeds = config.seeds.map((seed) => planSeed(able, seed, { ...options, severalSettings }));
    return { seeds, metrics: planMetrics(able, seeds, severalSettings) };
  });
  return {
    seeds: each.flatMap(({ seeds }) => seeds),
    metrics: each.map(({ metrics }) => metrics),
    infeasible: infeasibleCells(config),
  };
}

/** The one setting of a config from {@link configOn}. */
function onlySetting(config: RunConfig): RunConfig['settings'][number] {
  return config.settings[0] as RunConfig['settings'][number];
}

/** What of the model its results depend on: of a pretrained one its files, not where they came from. */
function modelKey({ model }: RunConfig): object {
  if (!isPretrained(model)) return model;
  const { digest, maxTokens, readAt } = model;
  if (digest !== undefined) return { source: digest, digest, maxTokens, readAt };
  throw expected('model-not-pinned', `model "${model.source}"`, 'pinned', 'no digest', 'Use pinModel before the run.');
}

/** The files that a dataset is read from, by name and digest; nothing for a setting that generates its own. */
function dataKey(config: RunConfig, seed: number): object {
  const { id, options } = onlySetting(config);
  const source = (settings[id] as Setting).files?.(options, seed);
  if (source === undefined) return {};
  const name = dataName(source);
  const digest = config.data?.[name];
  if (digest !== undefined) return { files: { name, digest } };
  throw expected('data-not-pinned', `the data "${name}"`, 'pinned', 'no digest', 'Use pinData before the run.');
}

type SeedPlanOptions = PlanOptions & { readonly severalSettings: boolean };

function planSeed(config: RunConfig, seed: number, options: SeedPlanOptions): SeedPlan {
  const { versions, severalSettings } = options;
  const setting = onlySetting(config);
  const name = nameOf(setting);
  const suffix = severalSettings ? ` · ${name} · seed ${seed}` : ` · seed ${seed}`;
  const { wantsSupervisor, bringsCorpus } = settings[setting.id] as Setting;
  const { tokenizer, training, finetuning, supervisor, pretraining, device, threads } = config;
  const engine = { model: modelKey(config), tokenizer, training, finetuning, seed, device, threads, versions };
  const made = stepOf(
    'dataset',
    `${name} · seed ${seed}`,
    {},
    {
      setting: setting.id,
      options: setting.options,
      seed,
      ...(config.limit > 0 && { limit: config.limit }),
      ...dataKey(config, seed),
    },
    codeOf('dataset', `settings/${setting.id}/${setting.id}`, 'settings/registry'),
  );
  const labelled = wantsSupervisor
    ? [
        stepOf(
          'weak-supervisor',
          `weak supervisor${suffix}`,
          { dataset: made },
          { supervisor, tokenizer, training, seed, device, threads, versions },
          codeOf('weak-supervisor'),
        ),
      ]
    : [];
  const dataset = labelled[0] ?? made;
  const pretrains = bringsCorpus && pretraining.epochs > 0 && !isPretrained(config.model);
  const pretrained = pretrains
    ? [
        stepOf(
          'pretraining',
          `pretraining${suffix}`,
          { dataset: made },
          { ...engine, pretraining, ...(wantsSupervisor && { measurements: supervisor.count }) },
          codeOf('pretraining'),
        ),
      ]
    : [];
  const base = pretrained[0] === undefined ? {} : { pretrained: pretrained[0] };
  const predictor = stepOf(
    'measurement-predictor',
    `measurement predictor${suffix}`,
    { dataset, ...base },
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
  const before = config.techniques.some(readsPretrained)
    ? [
        stepOf(
          'activations',
          `pretrained activations${suffix}`,
          { dataset, predictor },
          { ...engine, pretrained: true },
          codeOf('activations'),
        ),
      ]
    : [];
  // The name stays out of the step: equal work under two names is done once.
  const fitted = config.techniques.map((entry) => ({
    name: nameOf(entry),
    step: stepOf(
      'technique',
      `${nameOf(entry)}${suffix}`,
      {
        ...{ dataset, predictor, activations },
        ...(before[0] && readsPretrained(entry) && { 'pretrained-activations': before[0] }),
      },
      {
        ...engine,
        pretraining,
        technique: entry.id,
        options: entry.options,
        ...(mayRefuse(entry.id, severalSettings) && { mayRefuse: true }),
      },
      codeOf('technique', `techniques/${entry.id}`, 'techniques/registry'),
    ),
  }));
  const steps = [
    made,
    ...labelled,
    ...pretrained,
    predictor,
    activations,
    ...before,
    ...fitted.map(({ step }) => step),
  ];
  return {
    setting: name,
    model: modelName(config.model),
    seed,
    steps,
    dataset,
    predictor,
    activations,
    ...(before[0] && { pretrainedActivations: before[0] }),
    techniques: fitted,
  };
}

/** Whether a technique reads what the pretrained model makes of the examples' own texts, as those on pairs do not. */
function readsPretrained({ id, options }: RunConfig['techniques'][number]): boolean {
  const { needs } = techniques[id] as Technique;
  const { model } = options as { readonly model?: unknown };
  return model === 'pretrained' && !needs.structures.includes('contrast-pairs');
}

/** Of several settings some may not suit a technique; controls join a run unasked, so they must not end it. */
function mayRefuse(id: TechniqueId, severalSettings: boolean): boolean {
  return severalSettings || (techniques[id] as Technique).role === 'control';
}

function planMetrics(config: RunConfig, seeds: readonly SeedPlan[], severalSettings: boolean): StepSpec {
  const inputs = Object.fromEntries(
    seeds.flatMap(({ seed, dataset, activations, techniques: fitted }) => [
      [`${seed}/dataset`, dataset],
      [`${seed}/activations`, activations],
      ...fitted.map(({ name, step }) => [`${seed}/${name}`, step] as const),
    ]),
  );
  const judged = config.techniques.map((entry) => {
    const { role, calibrated, needs } = techniques[entry.id] as Technique;
    return { id: nameOf(entry), role, calibrated, structures: needs.structures };
  });
  const setting = nameOf(onlySetting(config));
  const ends = { floor: baselineId, ceiling: ceilingId, surface: surfaceId };
  return stepOf(
    'metrics',
    severalSettings ? `metrics · ${setting}` : 'metrics',
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

/** What a technique needs and a setting of the config does not offer. */
function missing(
  config: RunConfig,
  entry: RunConfig['techniques'][number],
  setting: RunConfig['settings'][number],
): readonly StructureId[] {
  return checkNeeds(techniques[entry.id] as Technique, offeredBy(config, setting));
}

/** The config of one setting without what cannot run on it. */
function feasible(config: RunConfig): RunConfig {
  const setting = onlySetting(config);
  return { ...config, techniques: config.techniques.filter((entry) => missing(config, entry, setting).length === 0) };
}

function infeasibleCells(config: RunConfig): InfeasibleCell[] {
  return config.settings.flatMap((setting) =>
    config.techniques.flatMap((entry) => {
      const lacking = missing(config, entry, setting);
      return lacking.length === 0 ? [] : [{ setting: nameOf(setting), technique: nameOf(entry), missing: lacking }];
    }),
  );
}

/** What would make a setting offer a structure, where the config decides. */
const remedies: Partial<Record<StructureId, string>> = {
  'several-supervisors': ' with supervisor.count at 1 (with 2 or more it does, where it has supervisors at all)',
};

/**
 * Refuses a technique that cannot run on any setting at any point: a sweep may well end where a technique has nothing
 * left to use, and of several settings some may offer less.
 */
function requireNeeds(points: readonly { readonly config: RunConfig }[]): void {
  const feasibleNames = new Set(
    points.flatMap(({ config }) =>
      config.settings.flatMap((setting) => feasible(configOn(config, setting)).techniques.map(nameOf)),
    ),
  );
  const [{ config }] = points as [{ readonly config: RunConfig }];
  const problems = infeasibleCells(config)
    .filter(({ technique }) => !feasibleNames.has(technique))
    .flatMap(({ technique, setting, missing: needs }) =>
      needs.map(
        (need) => `${technique} needs the structure ${need}, which ${setting} does not offer${remedies[need] ?? ''}`,
      ),
    );
  if (problems.length === 0) return;
  const message = `Expected every technique to be feasible on a setting, got: ${problems.join('; ')}.`;
  throw new UserError(
    'missing-structure',
    `${message} Leave the technique out with --techniques, or choose another setting.`,
  );
}
