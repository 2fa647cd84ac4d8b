import { z } from 'zod';
import { alphabets } from './writing.ts';

const count = (value: number) => z.int().min(2).max(1_000_000).default(value);

/** Options of the code-reasoning setting. */
export const codeReasoningOptions = z.strictObject({
  supervisorExamples: count(4_000).describe('Half 1: examples with ground truth for the weak supervisor.'),
  trainExamples: count(4_000).describe('Half 2: examples that the weak supervisor labels.'),
  testExamples: count(2_000).describe('Examples of each judged split.'),
  steps: z.int().min(2).max(12).default(3).describe('Assignments that compute; hard programs have two more.'),
  wordings: z
    .int()
    .min(1)
    .max(alphabets.length)
    .default(2)
    .describe('Wordings of each contrast pair, by names of variables; with 1 there are no paraphrases.'),
  corpusTexts: count(40_000).describe('Unlabelled programs with what they do, to pretrain on.'),
  corpusCorrections: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Share of the corpus in which a wrong account comes first and is corrected.'),
  corpusHardShare: z.number().min(0).max(1).default(0.3).describe('Share of the corpus as hard as the split `hard`.'),
});

export type CodeReasoningOptions = z.output<typeof codeReasoningOptions>;
