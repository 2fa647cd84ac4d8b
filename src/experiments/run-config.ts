import type { z } from 'zod';
import type { devices } from '../graph/devices.ts';
import type { finetuningConfig, ModelConfig, pretrainingConfig, trainingConfig } from '../models/config.ts';
import type { tokenizerConfig } from '../models/tokenizer-training.ts';
import type { SettingId } from '../settings/registry.ts';
import type { TechniqueId } from '../techniques/registry.ts';
import type { PretrainedConfig } from './model-config.ts';
import type { PresetId } from './presets.ts';
import type { SupervisorConfig } from './supervisor-config.ts';

/** A setting or a technique by id, with its options. */
export interface Chosen<Id extends string> {
  readonly id: Id;
  /** Its name in tables and results, where it is not its id: so one setting or technique may stand there several times. */
  readonly as?: string | undefined;
  readonly options: unknown;
}

/** A setting, with what of the config is different on it: only the keys that are, the others are the config's. */
export interface ChosenSetting extends Chosen<SettingId> {
  readonly model?: Partial<ModelConfig> | undefined;
  readonly tokenizer?: Partial<z.output<typeof tokenizerConfig>> | undefined;
  readonly pretraining?: Partial<RunConfig['pretraining']> | undefined;
  readonly supervisor?: Partial<SupervisorConfig> | undefined;
  readonly training?: Partial<RunConfig['training']> | undefined;
  readonly finetuning?: Partial<RunConfig['finetuning']> | undefined;
  /** Options of techniques on this setting, by their name. */
  readonly techniques?: Readonly<Record<string, unknown>> | undefined;
}

/** A config with every default filled in; plain data, recorded with the run. */
export interface RunConfig {
  readonly preset: PresetId;
  readonly settings: readonly ChosenSetting[];
  readonly techniques: readonly Chosen<TechniqueId>[];
  /** Whether the standard controls join the techniques wherever a setting offers what they need. */
  readonly controls: boolean;
  /** Sizes of the project's own model, trained from scratch, or which pretrained one to start from. */
  readonly model: ModelConfig | PretrainedConfig;
  /** Of the project's own model; a pretrained one brings its tokenizer. */
  readonly tokenizer?: z.output<typeof tokenizerConfig> | undefined;
  /** Of the project's own model, where a setting brings a corpus. */
  readonly pretraining: z.output<typeof pretrainingConfig>;
  /** Of settings that want one. */
  readonly supervisor: SupervisorConfig;
  readonly training: z.output<typeof trainingConfig>;
  readonly finetuning: z.output<typeof finetuningConfig>;
  /** One dataset, predictor and fit of every technique per seed. */
  readonly seeds: readonly number[];
  /** Keep only the first n examples of every split; 0 keeps all. */
  readonly limit: number;
  /** SHA-256 of the data files that settings read, by their name; filled in when they are found. */
  readonly data?: Readonly<Record<string, string>> | undefined;
  readonly device: (typeof devices)[number];
  /** Threads of the engine. Results are reproducible bit by bit for the same number. */
  readonly threads: number;
  /** Lists of values by key path; the run has a point for each combination. */
  readonly sweep?: Sweep | undefined;
}

/** Values to try, by path of a config key: `training.epochs`, `settings.diamond-vault.options.trainExamples`. */
export type Sweep = Readonly<Record<string, readonly unknown[]>>;

/** The name of a setting or technique in tables and results. */
export function nameOf({ id, as }: Pick<Chosen<string>, 'id' | 'as'>): string {
  return as ?? id;
}
