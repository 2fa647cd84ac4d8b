import type { z } from 'zod';
import type { ContrastPair } from '../../core/examples.ts';
import type { Rng } from '../../core/random.ts';
import type { FileRow } from '../../data-files/read-rows.ts';
import type { TextOptions } from './text-options.ts';

/** A row as the published weak-to-strong experiments ask about it. */
export interface FormattedText {
  readonly text: string;
  readonly groundTruth: boolean;
  /** The question as a pair of answers whose positive one is right exactly where ground truth is true. */
  readonly pair: ContrastPair;
  /** What must not occur twice, e.g. the question whichever answer is shown. @default the text */
  readonly about?: readonly string[];
  /** What several rows may share, e.g. a passage. */
  readonly passage?: string;
}

/** A dataset of texts and what its rows become (methods.md 3.3). */
export interface TextFormat {
  readonly id: string;
  readonly title: string;
  /** Where it is on the hub, if the options name nothing else. */
  readonly hub: { readonly id: string; readonly revision?: string };
  /** Of a training split in many files, those that are downloaded from there. @default all */
  readonly firstFiles?: RegExp;
  /** The published split that is judged. */
  readonly testSplit: 'test' | 'validation';
  /** Its options, where it has more than the others. */
  readonly options?: z.ZodType<TextOptions>;
  /** Reasons for which it drops rows. */
  readonly drops?: readonly string[];
  /**
   * A row's text, drawn where there is a choice; or the reason why it is dropped.
   * @throws UserError `bad-row`.
   */
  format(row: FileRow, rng: Rng, options: TextOptions): FormattedText | string;
}
