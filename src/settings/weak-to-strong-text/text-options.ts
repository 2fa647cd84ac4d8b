import { z } from 'zod';
import { sourceOptions } from '../data-files/source-options.ts';

/** Options of every weak-to-strong text setting. */
export interface TextOptions {
  readonly source?: string | undefined;
  readonly revision?: string | undefined;
  readonly configuration?: string | undefined;
  readonly trainExamples: number;
  readonly testExamples: number;
  readonly selection: 'first' | 'random';
  readonly balanced: boolean;
  readonly maxCharacters?: number | undefined;
  /** Of preferences alone: both answers in one text. */
  readonly pairwise?: boolean | undefined;
}

/** Counts as published (methods.md 3.3). */
export const textOptions = z.strictObject({
  ...sourceOptions,
  trainExamples: z.int().min(4).default(20_000).describe('Examples of both halves of training together, at most.'),
  testExamples: z.int().min(1).default(10_000).describe('Judged examples, at most.'),
  selection: z
    .enum(['first', 'random'])
    .default('first')
    .describe('Which rows: the first ones, as published, or any, for which all are read.'),
  balanced: z.boolean().default(false).describe('As many true as false examples; what is over is left out.'),
  maxCharacters: z.int().min(1).optional().describe('Longer texts are left out.'),
});
