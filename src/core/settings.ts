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
  /** What the weak supervisor learns from, with ground truth: half 1 of a weak-to-strong experiment; disjoint from `train`. */
  readonly supervisorExamples?: readonly Example[];
  /**
   * Unlabelled texts to pretrain the strong model on. A setting may let it speak of what examples ask, so that a right
   * statement stands in it word for word; it never has an example's label.
   */
  readonly corpus?: readonly string[];
  readonly notes: DatasetNotes;
}

/** What happened while the dataset was made; nothing is dropped or relabelled in silence. */
export interface DatasetNotes {
  /** Examples of each category in each split. */
  readonly counts: Readonly<Record<string, CategoryCounts>>;
  /** What was left out or rejected, by reason, e.g. `duplicate-of-train`, and by the category that it would have had. */
  readonly dropped: Readonly<Record<string, CategoryCounts>>;
  /** What is kept with another label than it came with, by reason and by the category that it has now. */
  readonly relabelled: Readonly<Record<string, CategoryCounts>>;
  /** Splits whose groups (templates, problems, families) never occur in training, each with what is held out, in the plural. */
  readonly heldOut: Readonly<Record<string, string>>;
}

export type CategoryCounts = Readonly<Partial<Record<Category, number>>>;

/** Told to whoever watches long work: how much is done, of how much, in what unit. */
export type Progress = (done: number, total: number, unit: string) => void;

/** Files that a setting reads: a directory, or a dataset of the Hugging Face hub. */
export interface DataSource {
  /** A path, or a dataset's id on the hub. */
  readonly source: string;
  /** Branch, tag or commit on the hub. @default 'main' */
  readonly revision?: string;
  /** Whether a file of that dataset is wanted. @default every data file */
  wants?(path: string): boolean;
}

export interface SettingContext {
  readonly seed: number;
  /** Worker threads the setting may use; the result must not depend on it. */
  readonly threads: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Where the files are that the setting reads; present when it has `files`. */
  readonly directory?: string;
}

/** What a setting expects of itself before it runs. */
export interface SettingOutlook {
  /** Training examples by category. */
  readonly train: Readonly<Partial<Record<Category, number>>>;
  /** Examples that weak supervisors learn from. @default none */
  readonly supervisorExamples?: number;
  /** Texts of the corpus. @default none */
  readonly corpus?: number;
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
  /** What it offers with default options. */
  readonly structures: readonly StructureId[];
  /** What it offers with these options, where that differs from `structures`. */
  offers?(options: Options): readonly StructureId[];
  /** Plain-data options with defaults; unknown keys are refused. */
  readonly options: z.ZodType<Options>;
  /** Its examples come without measurements: a weak supervisor trained on `supervisorExamples` labels them. */
  readonly wantsSupervisor?: true;
  /** Its dataset brings a `corpus`. */
  readonly bringsCorpus?: true;
  /** The files it reads for a seed, where it reads any with these options; whoever calls finds them and gives `directory`. */
  files?(options: Options, seed: number): DataSource | undefined;
  load(options: Options, context: SettingContext): Promise<Dataset>;
  /** What `load` will give and cost, for `--dry-run`. */
  outlook(options: Options, directory?: string): SettingOutlook | Promise<SettingOutlook>;
  /** About a hundred training texts as `load` would make them, in a moment: to see how long they are for a tokenizer. */
  sampleTexts(options: Options, directory?: string): Promise<readonly string[]>;
}
