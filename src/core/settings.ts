import type { z } from 'zod';
import type { Category, Example } from './examples.ts';
import type { StructureId } from './structures.ts';

/** A dataset as a setting produced it: the same options and seed give the same bytes. */
export interface Dataset {
  readonly setting: string;
  readonly seed: number;
  /** Names of the m measurements, in the order of `Example.measurements`. */
  readonly measurementNames: readonly string[];
  /** `train` is what supervision sees; every other split is for judging only. The first of those is the headline split. */
  readonly splits: { readonly train: readonly Example[] } & Readonly<Record<string, readonly Example[]>>;
  readonly notes: DatasetNotes;
}

/** What happened while the dataset was made; nothing is dropped or relabelled in silence. */
export interface DatasetNotes {
  /** Examples of each category in each split. */
  readonly counts: Readonly<Record<string, Readonly<Partial<Record<Category, number>>>>>;
  /** Counts of what was dropped, relabelled or rejected, by reason, e.g. `duplicate-of-train`. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Told to whoever watches long work: how much is done, of how much, in what unit. */
export type Progress = (done: number, total: number, unit: string) => void;

export interface SettingContext {
  readonly seed: number;
  /** Worker threads the setting may use; the result must not depend on it. */
  readonly threads: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What a setting expects of itself before it runs. */
export interface SettingOutlook {
  /** Training examples by category. */
  readonly train: Readonly<Partial<Record<Category, number>>>;
  /** Examples of all judged splits together. */
  readonly judged: number;
  /** How many splits these are in, of equal size. */
  readonly judgedSplits: number;
  /** Mean tokens per text under the default tokenizer. */
  readonly meanTokens: number;
  /** Seconds of processor time, to be shared by the threads. */
  readonly seconds: number;
}

/** A dataset with its splits and the structures it offers. */
export interface Setting<Options = unknown> {
  /** Kebab-case, equal to the file or folder name. */
  readonly id: string;
  readonly title: string;
  /** Where it comes from, citing methods.md or a paper. */
  readonly source: string;
  readonly structures: readonly StructureId[];
  /** Plain-data options with defaults; unknown keys are refused. */
  readonly options: z.ZodType<Options>;
  load(options: Options, context: SettingContext): Promise<Dataset>;
  /** What `load` will give and cost, for `--dry-run`. */
  outlook(options: Options): SettingOutlook;
  /** About a hundred training texts as `load` would make them, in a moment: to see how long they are for a tokenizer. */
  sampleTexts(options: Options): Promise<readonly string[]>;
}
