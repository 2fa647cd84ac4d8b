import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { finetuningConfig, modelConfig, pretrainingConfig, trainingConfig } from '../models/config.ts';
import { tokenizerConfig } from '../models/tokenizer-training.ts';
import { techniques } from '../techniques/registry.ts';
import { isPretrained } from './model-config.ts';
import { type ChosenSetting, nameOf, type RunConfig } from './run-config.ts';
import { supervisorConfig } from './supervisor-config.ts';

const part = z.record(z.string(), z.unknown()).optional();

/** A setting's own parts of the config as written: only what differs from the config's. */
export const ownPartsForm = {
  model: part,
  tokenizer: part,
  pretraining: part,
  supervisor: part,
  training: part,
  finetuning: part,
  techniques: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
};

const schemas = {
  model: modelConfig,
  tokenizer: tokenizerConfig,
  pretraining: pretrainingConfig,
  supervisor: supervisorConfig,
  training: trainingConfig,
  finetuning: finetuningConfig,
} as const;

/**
 * Checks a setting's own parts, filled in from the config's; what is wrong is added to `problems`. What comes back is
 * still only what was written, so that a sweep of the config's parts reaches the setting too.
 */
export function ownParts(config: RunConfig, entry: ChosenSetting, index: number, problems: string[]): ChosenSetting {
  const resolved: Record<string, unknown> = { ...entry };
  const check = (path: string, schema: z.ZodType, base: unknown, own: unknown): unknown => {
    const parsed = schema.safeParse(merged(base, own));
    for (const { path: inner, message } of parsed.error?.issues ?? []) {
      problems.push(`settings.${[index, path, ...inner].join('.')}: ${message}`);
    }
    return writtenOf(parsed.data, own, base);
  };
  for (const [key, schema] of Object.entries(schemas)) {
    const own = entry[key as keyof typeof schemas];
    if (own === undefined) continue;
    if ((key === 'model' || key === 'tokenizer') && isPretrained(config.model)) {
      problems.push(`settings.${index}.${key}: A pretrained model is the same on every setting. Leave this out.`);
    } else resolved[key] = check(key, schema, config[key as keyof RunConfig], own);
  }
  if (entry.techniques === undefined) return resolved as unknown as ChosenSetting;
  const named = Object.entries(entry.techniques).map(([name, options]) => {
    const found = config.techniques.find(({ id, as }) => nameOf({ id, as }) === name);
    if (found !== undefined) {
      const { options: schema } = techniques[found.id] as Technique;
      return [name, check(`techniques.${name}`, schema, found.options, options)];
    }
    problems.push(`settings.${index}.techniques.${name}: Expected the name of a technique of this config.`);
    return [name, options];
  });
  return { ...resolved, techniques: Object.fromEntries(named) } as unknown as ChosenSetting;
}

/** The config as it is on one of its settings: that setting alone, with its own parts in the place of the config's. */
export function configOn(config: RunConfig, setting: ChosenSetting): RunConfig {
  const { id, as, options, techniques: own, ...parts } = setting;
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  return {
    ...config,
    ...Object.fromEntries(given.map(([key, value]) => [key, merged(config[key as keyof RunConfig], value)])),
    settings: [{ id, ...(as !== undefined && { as }), options }],
    techniques: config.techniques.map((entry) => {
      const options = own?.[nameOf(entry)];
      return options === undefined ? entry : { ...entry, options: merged(entry.options, options) };
    }),
  };
}

/** `base` with what `own` says, key by key. */
function merged(base: unknown, own: unknown): unknown {
  if (!isPlain(base) || !isPlain(own)) return own;
  return { ...base, ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, merged(base[key], value)])) };
}

/** Of a checked value the keys that were written; all of it where there is no base to have the others. */
function writtenOf(checked: unknown, own: unknown, base: unknown): unknown {
  if (!isPlain(checked) || !isPlain(own) || !isPlain(base)) return checked;
  return Object.fromEntries(Object.keys(own).map((key) => [key, writtenOf(checked[key], own[key], base[key])]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
