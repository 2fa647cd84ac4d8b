import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { asInPreset } from '../experiments/as-in-preset.ts';
import { chosen, distinct } from '../experiments/chosen.ts';
import { asObject, configError, isObject, issueLines } from '../experiments/config-problems.ts';
import { isPretrained, type PretrainedConfig, pretrainedConfig } from '../experiments/model-config.ts';
import { presets, pretrainedPreset } from '../experiments/presets.ts';
import type { Chosen } from '../experiments/run-config.ts';
import { devices } from '../graph/devices.ts';
import {
  type FinetuningConfig,
  finetuningConfig,
  type ModelConfig,
  modelConfig,
  type TrainingConfig,
  trainingConfig,
} from '../models/config.ts';
import { type TokenizerConfig, tokenizerConfig } from '../models/tokenizer-training.ts';
import { encoderSize } from '../models/universal-sentence-encoder/encoder-weights.ts';
import { missingParts, type OwnDataConfig, ownDataConfig } from '../own-data/own-data-config.ts';
import { type TechniqueId, techniques } from '../techniques/registry.ts';

/** The encoder that comes with the package. */
export const builtInModel = 'universal-sentence-encoder-lite';

/** How examples are scored and when an alarm is raised: all of a config that does not speak of files. */
export interface DetectorConfig {
  /**
   * A pretrained model, or sizes of the project's own, which is trained on these texts from nothing.
   * @default the built-in encoder
   */
  readonly model: PretrainedConfig | ModelConfig;
  /** Of the project's own model; a pretrained one brings its tokenizer. */
  readonly tokenizer?: TokenizerConfig | undefined;
  /** Of the measurement predictor. `trainable: heads`, the default of a pretrained model, encodes each text once. */
  readonly training: TrainingConfig;
  readonly finetuning: FinetuningConfig;
  /** The first one sets the alarm; `auto` chooses by what supervision can see of the data. @default 'auto' */
  readonly techniques: 'auto' | readonly Chosen<TechniqueId>[];
  /** Rate of false alarms among real positives, in (0, 1); of `benjamini-hochberg` among alarms. @default 0.05 */
  readonly alarm: number;
  /** @default 'none' */
  readonly correction: 'none' | 'benjamini-hochberg';
  /** Whether to weight calibration examples for the shift between trusted and untrusted ones. @default false */
  readonly weighted: boolean;
  /** Parts of the data, each scored by a detector that was trained on the others. @default 'auto': 5 where trusted positives allow */
  readonly folds: 'auto' | number;
  readonly seed: number;
  readonly threads: number;
  readonly device: (typeof devices)[number];
}

/** Of `touchstone inspect` and `touchstone detect`: where the data are, what its columns mean, and how they are judged. */
export type DetectionConfig = DetectorConfig & OwnDataConfig;

/** The part of a config that a detector is: nothing that speaks of files of data. */
export function detectorPart(config: DetectorConfig): DetectorConfig {
  const { model, tokenizer, training, finetuning, techniques, alarm, correction, weighted, folds, ...rest } = config;
  const { seed, threads, device } = rest;
  const part = { model, training, finetuning, techniques, alarm, correction, weighted, folds, seed, threads, device };
  return tokenizer === undefined ? part : { ...part, tokenizer };
}

/** What of a config the machine decides where nobody else does. */
export interface MachineDefaults {
  /** @default 2 */
  readonly threads: number;
}

/**
 * Fills in a config of `inspect` and `detect` as a person wrote it.
 * @throws UserError (`bad-config`) naming *all* problems with their paths.
 */
export function resolveDetectionConfig(written: unknown, machine: MachineDefaults = { threads: 2 }): DetectionConfig {
  return resolve(written, machine, ownDataConfig.shape) as DetectionConfig;
}

/**
 * The same without what speaks of files, for data in memory: `resolveDetectorConfig({ alarm: 0.01 })`.
 * @throws UserError (`bad-config`) naming *all* problems with their paths.
 */
export function resolveDetectorConfig(
  written: unknown = {},
  machine: MachineDefaults = { threads: 2 },
): DetectorConfig {
  return resolve(written, machine, {}) as DetectorConfig;
}

function resolve(written: unknown, machine: MachineDefaults, dataKeys: z.ZodRawShape): unknown {
  const own = asObject(written);
  const model = withLimit(own.model ?? { source: builtInModel });
  const pretrained = isObject(model) && isPretrained(model);
  const base = pretrained ? pretrainedBase(asObject(own.training).trainable) : presets.quick;
  const schema = z.strictObject({ ...dataKeys, ...detectorKeys(pretrained, own.techniques) });
  const parsed = schema.safeParse(isObject(written) ? { ...machine, ...withBase(own, model, base) } : written);
  const problems = (parsed.error?.issues ?? []).flatMap((issue) => issueLines(issue, schema));
  if ('columns' in dataKeys) problems.push(...missingLines(own));
  problems.push(...ceilingFaults(own.techniques));
  if (problems.length > 0) throw configError(problems);
  return parsed.data;
}

/** What there must be in one of several places, which no key's own schema knows. */
function missingLines({ columns, activations, results }: Record<string, unknown>): string[] {
  if (!isObject(columns)) return [];
  return missingParts({ columns, activations, results }).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** Ceilings see ground truth, which nobody here has. */
function ceilingFaults(listed: unknown): string[] {
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry, i) => {
    const id = String(isObject(entry) ? entry.id : entry);
    const technique = Object.hasOwn(techniques, id) ? (techniques[id as TechniqueId] as Technique) : undefined;
    if (technique?.needs.groundTruth !== true) return [];
    return [`techniques.${i}: Expected a technique that needs no ground truth, got ${id}, a ceiling. Leave it out.`];
  });
}

/** The built-in encoder reads as much of a text as it can: what is too long for it is no reason to stop. */
function withLimit(model: unknown): unknown {
  if (!isObject(model) || model.source !== builtInModel || model.maxTokens !== undefined) return model;
  return { ...model, maxTokens: encoderSize.maxTokens };
}

/** What a pretrained model's training starts from; heads alone, on features that are computed once, unless told otherwise. */
function pretrainedBase(trainable: unknown = 'heads') {
  return pretrainedPreset('default', trainable);
}

/** With the model's own training and finetuning where the config leaves them out, key by key. */
function withBase(own: Record<string, unknown>, model: unknown, base: Readonly<Record<string, unknown>>) {
  const part = (key: string) =>
    own[key] === undefined || isObject(own[key]) ? { ...asObject(base[key]), ...asObject(own[key]) } : own[key];
  const { techniques: listed } = own;
  return {
    ...own,
    model,
    training: part('training'),
    finetuning: part('finetuning'),
    ...(Array.isArray(listed) && { techniques: asInPreset(listed, base) }),
  };
}

function detectorKeys(pretrained: boolean, listed: unknown) {
  return {
    model: pretrained ? pretrainedConfig : modelConfig,
    tokenizer: pretrained ? noTokenizer : tokenizerConfig.prefault({}),
    training: trainingConfig.prefault({}),
    finetuning: finetuningConfig.prefault({}),
    techniques: Array.isArray(listed) ? techniqueList : automatic,
    alarm: z.number().gt(0).lt(1).default(0.05),
    correction: z.enum(['none', 'benjamini-hochberg']).default('none'),
    weighted: z.boolean().default(false),
    folds: z
      .union([z.literal('auto'), z.int().min(2).max(10)], { error: 'must be auto or from 2 to 10' })
      .default('auto'),
    seed: z.int().min(0).default(0),
    threads: z.int().min(1).max(256),
    device: z.enum(devices).default('cpu'),
  };
}

const noTokenizer = z.undefined({ error: 'A pretrained model brings its own. Leave this out.' }).optional();

const automatic = z.literal('auto', { error: 'must be auto or a list of ids' }).default('auto');

const techniqueList = z
  .array(chosen('technique', techniques))
  .min(1)
  .refine(distinct, 'must not name one twice; give each another name: {id, as, options}');
