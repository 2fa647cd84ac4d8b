import { expected, UserError } from '../core/errors.ts';
import type { StepKind } from '../core/records.ts';
import type { Setting } from '../core/settings.ts';
import type { StructureId } from '../core/structures.ts';
import type { Technique } from '../core/techniques.ts';
import { settings } from '../settings/registry.ts';
import { techniques } from '../techniques/registry.ts';
import { baselineId, ceilingId, type RunConfig } from './config.ts';
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
  readonly techniques: readonly StepSpec[];
}

/** A run as a DAG of steps; `steps` lists each after its inputs. */
export interface Plan {
  readonly model: string;
  readonly seeds: readonly SeedPlan[];
  readonly metrics: readonly StepSpec[];
  readonly steps: readonly StepSpec[];
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
  checkNeeds(config);
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
  const steps = seeds.flatMap((seed) => [seed.dataset, seed.predictor, seed.activations, ...seed.techniques]);
  return { model: modelName(config.model), seeds, metrics, steps: [...steps, ...metrics] };
}

/** What of the model its results depend on: of a pretrained one its files, not where they came from. */
function modelKey({ model }: RunConfig): object {
  if (!isPretrained(model)) return model;
  const { digest, maxTokens, readAt } = model;
  if (digest !== undefined) return { source: digest, digest, maxTokens, readAt };
  throw expected('model-not-pinned', `model "${model.source}"`, 'pinned', 'no digest', 'Use pinModel before the run.');
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
  const fitted = config.techniques.map(({ id, options: techniqueOptions }) =>
    stepOf(
      'technique',
      `${id}${suffix}`,
      { dataset, predictor, activations },
      { ...engine, technique: id, options: techniqueOptions },
      codeOf('technique', `techniques/${id}`, 'techniques/registry'),
    ),
  );
  return { setting: setting.id, seed, dataset, predictor, activations, techniques: fitted };
}

function planMetrics(setting: string, seeds: readonly SeedPlan[], config: RunConfig): StepSpec {
  const inputs = Object.fromEntries(
    seeds.flatMap(({ seed, dataset, activations, techniques: fitted }) => [
      [`${seed}/dataset`, dataset],
      [`${seed}/activations`, activations],
      ...fitted.map((step) => [`${seed}/${step.config.technique}`, step] as const),
    ]),
  );
  const judged = config.techniques.map(({ id }) => {
    const { role, calibrated } = techniques[id] as Technique;
    return { id, role, calibrated };
  });
  const ends = { floor: baselineId, ceiling: ceilingId };
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

function checkNeeds(config: RunConfig): void {
  const problems = config.settings.flatMap(({ id: settingId }) => {
    const offered: readonly StructureId[] = (settings[settingId] as Setting).structures;
    return config.techniques.flatMap(({ id }) => {
      const missing = (techniques[id] as Technique).needs.structures.filter((need) => !offered.includes(need));
      return missing.map((need) => `${id} needs the structure ${need}, which ${settingId} does not offer`);
    });
  });
  if (problems.length === 0) return;
  const message = `Expected every technique to be feasible on every setting, got: ${problems.join('; ')}.`;
  throw new UserError(
    'missing-structure',
    `${message} Leave the technique out with --techniques, or choose another setting.`,
  );
}
