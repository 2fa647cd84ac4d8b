import { z } from 'zod';
import { describe, UserError } from '../core/errors.ts';
import { devices } from '../graph/devices.ts';
import { finetuningConfig, type ModelConfig, modelConfig, trainingConfig } from '../models/config.ts';
import { tokenizerConfig } from '../models/tokenizer-training.ts';
import { type SettingId, settings } from '../settings/registry.ts';
import { type TechniqueId, techniques } from '../techniques/registry.ts';
import { isPretrained, type PretrainedConfig, pretrainedConfig } from './model-config.ts';
import { nearest } from './nearest.ts';
import { type PresetId, presets, pretrainedPreset } from './presets.ts';

/** A setting or a technique by id, with its options. */
export interface Chosen<Id extends string> {
  readonly id: Id;
  readonly options: unknown;
}

/** A config with every default filled in; plain data, recorded with the run. */
export interface RunConfig {
  readonly preset: PresetId;
  readonly settings: readonly Chosen<SettingId>[];
  readonly techniques: readonly Chosen<TechniqueId>[];
  /** Sizes of the project's own model, trained from scratch, or which pretrained one to start from. */
  readonly model: ModelConfig | PretrainedConfig;
  /** Of the project's own model; a pretrained one brings its tokenizer. */
  readonly tokenizer?: z.output<typeof tokenizerConfig> | undefined;
  readonly training: z.output<typeof trainingConfig>;
  readonly finetuning: z.output<typeof finetuningConfig>;
  /** One dataset, predictor and fit of every technique per seed. */
  readonly seeds: readonly number[];
  /** Keep only the first n examples of every split; 0 keeps all. */
  readonly limit: number;
  readonly device: (typeof devices)[number];
  /** Threads of the engine. Results are reproducible bit by bit for the same number. */
  readonly threads: number;
}

/** The floor of every comparison; a run always has it, since it costs nothing once the predictor is there. */
export const baselineId = 'untrusted-finetuning' satisfies TechniqueId;
export const ceilingId = 'ground-truth-finetuning' satisfies TechniqueId;

/**
 * Fills in a config as a person wrote it: what it leaves out comes from its preset, then from the defaults.
 * @throws UserError naming *all* problems with their paths.
 */
export function resolveConfig(written: unknown, machine: { readonly threads: number }): RunConfig {
  const problems: string[] = [];
  const preset = presetOf(written, problems);
  const { model, training, techniques: chosenOnes } = asObject(written);
  const pretrained = isObject(model) && isPretrained(model);
  const base: Preset = pretrained ? pretrainedPreset(preset, asObject(training).trainable) : presets[preset];
  const merged = { preset, seeds: [0], limit: 0, device: 'cpu', ...machine, ...base, ...asObject(written) };
  if (pretrained && Array.isArray(chosenOnes)) Object.assign(merged, { techniques: asInPreset(chosenOnes, base) });
  const shape = z.strictObject({
    preset: z.literal(preset),
    settings: z.array(chosen('setting', settings)).min(1).refine(distinct, 'must not name one twice'),
    techniques: z.array(chosen('technique', techniques)).min(1).refine(distinct, 'must not name one twice'),
    model: pretrained ? pretrainedConfig : modelConfig.prefault({}),
    tokenizer: pretrained ? noTokenizer : tokenizerConfig.prefault({}),
    training: trainingConfig.prefault({}),
    finetuning: finetuningConfig.prefault({}),
    seeds: z
      .array(z.int().min(0))
      .min(1)
      .refine((seeds) => new Set(seeds).size === seeds.length, 'must differ'),
    limit: z.int().min(0),
    device: z.enum(devices),
    threads: z.int().min(1).max(256),
  });
  const parsed = shape.safeParse(withPresetParts(merged, base));
  if (!parsed.success)
    problems.push(...parsed.error.issues.flatMap((issue) => issueLines(issue, Object.keys(shape.shape))));
  if (problems.length > 0 || !parsed.success) throw configError(problems);
  return withBaseline(parsed.data as RunConfig);
}

type Preset = Readonly<Record<string, unknown>>;

const noTokenizer = z.undefined({ error: 'A pretrained model brings its own. Leave this out.' }).optional();

/** Techniques as written, with the preset's options where one leaves them out: a pretrained model is no place for rates made for another. */
function asInPreset(written: readonly unknown[], base: Preset): unknown[] {
  const known = base.techniques as readonly { readonly id: string; readonly options?: object }[];
  return written.map((entry) => {
    const one = typeof entry === 'string' ? { id: entry } : asObject(entry);
    const options = known.find(({ id }) => id === one.id)?.options;
    if (options === undefined || !(one.options === undefined || isObject(one.options))) return entry;
    return { ...one, options: { ...options, ...one.options } };
  });
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

/** `id` or `{id, options}`, the options checked by the registry entry itself. */
function chosen(thing: string, registry: Readonly<Record<string, { readonly options: z.ZodType }>>) {
  const form = z.union(
    [
      z.string().transform((id) => ({ id, options: {} })),
      z.strictObject({ id: z.string(), options: z.unknown().default({}) }),
    ],
    {
      error: `Expected an id or {id, options} of a ${thing}`,
    },
  );
  return form.transform(({ id, options }, context) => {
    const entry = Object.hasOwn(registry, id) ? registry[id] : undefined;
    if (entry === undefined) {
      const message = `Expected the id of a ${thing}, got "${id}". ${nearest(id, Object.keys(registry))}`;
      context.issues.push({ code: 'custom', message, input: id });
      return { id, options };
    }
    const parsed = entry.options.safeParse(options);
    for (const issue of parsed.error?.issues ?? []) {
      context.issues.push({
        ...issue,
        path: ['options', ...issue.path],
        input: options,
      } as (typeof context.issues)[number]);
    }
    return { id, options: parsed.data };
  });
}

function distinct(entries: readonly { readonly id: string }[]): boolean {
  return new Set(entries.map(({ id }) => id)).size === entries.length;
}

function withBaseline(config: RunConfig): RunConfig {
  if (config.techniques.some(({ id }) => id === baselineId)) return config;
  const options = techniques[baselineId].options.parse({});
  return { ...config, techniques: [{ id: baselineId, options }, ...config.techniques] };
}

function issueLines(issue: z.core.$ZodIssue, topKeys: readonly string[]): string[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${path || 'config'}: ${issue.message}`];
  const hint = (key: string) => (path === '' ? ` ${nearest(key, topKeys)}` : '');
  return issue.keys.map((key) => `${path === '' ? key : `${path}.${key}`}: Unknown key.${hint(key)}`);
}

function configError(problems: readonly string[]): UserError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const lines = problems.map((problem) => `  - ${problem}`).join('\n');
  return new UserError('bad-config', `Expected the config to be valid, got ${count}. Mend:\n${lines}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
