import { z } from 'zod';
import { describe } from '../core/errors.ts';
import type { SweepPoint } from '../core/records.ts';
import type { Setting } from '../core/settings.ts';
import type { StructureId } from '../core/structures.ts';
import type { Technique } from '../core/techniques.ts';
import { devices } from '../graph/devices.ts';
import { finetuningConfig, modelConfig, pretrainingConfig, trainingConfig } from '../models/config.ts';
import { tokenizerConfig } from '../models/tokenizer-training.ts';
import { settings } from '../settings/registry.ts';
import { checkNeeds } from '../techniques/needs.ts';
import { type TechniqueId, techniques } from '../techniques/registry.ts';
import { asInPreset } from './as-in-preset.ts';
import { chosen, distinct } from './chosen.ts';
import { asObject, configError, isObject, issueLines } from './config-problems.ts';
import { isPretrained, pretrainedConfig } from './model-config.ts';
import { type PresetId, presets, pretrainedPreset } from './presets.ts';
import { type ChosenSetting, nameOf, type RunConfig } from './run-config.ts';
import { ownParts } from './setting-parts.ts';
import { supervisorConfig } from './supervisor-config.ts';
import { configAt, gridOf, sweepFaults } from './sweep.ts';

/** The structures that a setting offers with its options and its weak supervisors. */
export function offeredBy(config: Pick<RunConfig, 'supervisor'>, chosen: ChosenSetting): readonly StructureId[] {
  const setting = settings[chosen.id] as Setting;
  const offered = setting.offers?.(chosen.options) ?? setting.structures;
  const count = chosen.supervisor?.count ?? config.supervisor.count;
  return setting.wantsSupervisor && count > 1 ? [...offered, 'several-supervisors'] : offered;
}

/** The floor of every comparison; a run always has it, since it costs nothing once the predictor is there. */
export const baselineId = 'untrusted-finetuning' satisfies TechniqueId;
export const ceilingId = 'ground-truth-finetuning' satisfies TechniqueId;
/** What a technique must beat to have read more than the text's surface. */
export const surfaceId = 'surface-baseline' satisfies TechniqueId;
const controlIds = [
  'random-probe',
  surfaceId,
  'label-permutation',
  'surface-ceiling',
] as const satisfies readonly TechniqueId[];

/**
 * Fills in a config as a person wrote it: what it leaves out comes from its preset, then from the defaults.
 * @throws UserError naming *all* problems with their paths.
 */
export function resolveConfig(written: unknown, machine: { readonly threads: number }): RunConfig {
  const problems: string[] = [];
  const resolved = resolveInto(written, machine, problems);
  if (problems.length > 0 || resolved === undefined) throw configError(problems);
  return resolved;
}

/** A resolved config; undefined when there are problems, which are added to the list. */
function resolveInto(
  written: unknown,
  machine: { readonly threads: number },
  problems: string[],
): RunConfig | undefined {
  const preset = presetOf(written, problems);
  const own = withOwnPreset(asObject(written), preset, problems);
  const { model, training, techniques: chosenOnes } = own;
  const pretrained = isObject(model) && isPretrained(model);
  const base: Preset = pretrained ? pretrainedPreset(preset, asObject(training).trainable) : presets[preset];
  const merged = {
    preset,
    seeds: [0],
    limit: 0,
    device: 'cpu',
    controls: true,
    ...machine,
    ...base,
    ...own,
  };
  if (pretrained && Array.isArray(chosenOnes)) Object.assign(merged, { techniques: asInPreset(chosenOnes, base) });
  const shape = z.strictObject({
    preset: z.literal(preset),
    settings: z
      .array(chosen('setting', settings))
      .min(1)
      .refine(distinct, 'must not name one twice; give each another name: {id, as, options}'),
    techniques: z
      .array(chosen('technique', techniques))
      .min(1)
      .refine(distinct, 'must not name one twice; give each another name: {id, as, options}'),
    controls: z.boolean(),
    model: pretrained ? pretrainedConfig : modelConfig.prefault({}),
    tokenizer: pretrained ? noTokenizer : tokenizerConfig.prefault({}),
    pretraining: pretrainingConfig.prefault({}),
    supervisor: supervisorConfig.prefault({}),
    training: trainingConfig.prefault({}),
    finetuning: finetuningConfig.prefault({}),
    seeds: z
      .array(z.int().min(0))
      .min(1)
      .refine((seeds) => new Set(seeds).size === seeds.length, 'must differ'),
    limit: z.int().min(0),
    data: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)).optional(),
    device: z.enum(devices),
    threads: z.int().min(1).max(256),
    sweep: z.record(z.string(), z.array(z.unknown()).min(1)).optional(),
  });
  const parsed = shape.safeParse(withPresetParts(merged, base));
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => issueLines(issue, shape)));
  if (problems.length > 0 || !parsed.success) return undefined;
  const plain = withStandards(parsed.data as RunConfig);
  const resolved = { ...plain, settings: plain.settings.map((entry, i) => ownParts(plain, entry, i, problems)) };
  checkPoints(resolved, machine, problems);
  return resolved;
}

/** Resolves every point of a sweep; a problem that all points share is named once. */
function checkPoints(config: RunConfig, machine: { readonly threads: number }, problems: string[]): void {
  if (config.sweep === undefined) return;
  const faults = sweepFaults(config.sweep, config);
  problems.push(...faults);
  // What the keys without a fault would do is checked all the same, so that one look shows every problem.
  const sound = Object.entries(config.sweep).filter(
    ([path]) => !faults.some((fault) => fault.startsWith(`sweep.${path}:`)),
  );
  if (sound.length === 0 || faults.some((fault) => fault.startsWith('sweep:'))) return;
  const points = gridOf(Object.fromEntries(sound));
  const found = new Map<string, string[]>();
  for (const { name, values } of points) {
    const own: string[] = [];
    resolveInto(configAt(config, values), machine, own);
    for (const problem of own) found.set(problem, [...(found.get(problem) ?? []), name]);
  }
  for (const [problem, names] of found) {
    problems.push(names.length === points.length ? `sweep: ${problem}` : `sweep, ${names[0]}: ${problem}`);
  }
}

/** The configs of a run: of a sweep one per point, with its name and values, else the config itself. */
export function pointsOf(config: RunConfig): readonly { readonly config: RunConfig; readonly point?: SweepPoint }[] {
  if (config.sweep === undefined) return [{ config }];
  return gridOf(config.sweep).map((point) => {
    return { point, config: resolveConfig(configAt(config, point.values), { threads: config.threads }) };
  });
}

type Preset = Readonly<Record<string, unknown>>;

const noTokenizer = z.undefined({ error: 'A pretrained model brings its own. Leave this out.' }).optional();

/** A config as written, with what its own `presets` say of the preset in the place of its keys. */
function withOwnPreset({ presets: own, ...written }: Preset, preset: PresetId, problems: string[]): Preset {
  if (own === undefined) return written;
  const unknown = isObject(own) ? Object.keys(own).filter((id) => !Object.hasOwn(presets, id)) : [describe(own)];
  for (const id of unknown) {
    problems.push(`presets: Expected keys of ${Object.keys(presets).join(', ')}, got ${id}.`);
  }
  return { ...written, ...asObject(asObject(own)[preset]) };
}

/** The parts that are objects start from the preset's and are overridden key by key. */
function withPresetParts(merged: Record<string, unknown>, base: Preset): Record<string, unknown> {
  const parts = ['model', 'tokenizer', 'training', 'finetuning'].filter(
    (part) => isObject(merged[part]) && isObject(base[part]),
  );
  return {
    ...merged,
    ...Object.fromEntries(parts.map((part) => [part, { ...asObject(base[part]), ...asObject(merged[part]) }])),
  };
}

function presetOf(written: unknown, problems: string[]): PresetId {
  if (!isObject(written)) {
    problems.push(`config: Expected it to be a mapping of keys, got ${describe(written)}.`);
    return 'default';
  }
  const preset = written.preset ?? 'default';
  if (typeof preset === 'string' && preset in presets) return preset as PresetId;
  problems.push(`preset: Expected one of ${Object.keys(presets).join(', ')}, got ${describe(preset)}.`);
  return 'default';
}

/** With the baseline first, and the controls last unless the config refuses them. */
function withStandards(config: RunConfig): RunConfig {
  const named = new Set(config.techniques.map(nameOf));
  const entry = (id: TechniqueId) => ({ id, options: (techniques[id] as Technique).options.parse({}) });
  const isOffered = (id: TechniqueId) =>
    config.settings.some((setting) => checkNeeds(techniques[id], offeredBy(config, setting)).length === 0);
  const floor = named.has(baselineId) ? [] : [entry(baselineId)];
  const controls = config.controls ? controlIds.filter((id) => !named.has(id) && isOffered(id)).map(entry) : [];
  return { ...config, techniques: [...floor, ...config.techniques, ...controls] };
}
