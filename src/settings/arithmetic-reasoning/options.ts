import { z } from 'zod';
import { layoutOption } from '../symbol-layout.ts';
import { forms } from './sample-question.ts';
import { wordings } from './wording.ts';
import { mistakes } from './wrong-results.ts';

const count = (value: number) => z.int().min(2).max(40_000).default(value);

/** Options of how arithmetic is written, and of the corpus; the settings made of these statements share them. */
export const writingOptions = {
  digits: z.int().min(1).max(3).default(2).describe('Most digits of an operand; hard sums have one more.'),
  forms: z
    .array(z.enum(forms))
    .min(1)
    .default([...forms])
    .describe('What is asked: sums of two terms, chains of more, products with a sum, comparisons of a sum.'),
  terms: z.int().min(3).max(5).default(3).describe('Terms of a chain of sums; hard chains have one more.'),
  wordings: z
    .int()
    .min(1)
    .max(wordings.length)
    .default(2)
    .describe('Wordings of each contrast pair: symbols, then words; with 1 there are no paraphrases.'),
  layout: layoutOption,
  corpusTexts: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(40_000)
    .describe('Unlabelled workings to pretrain on; a short one may come twice.'),
  corpusFacts: z
    .enum(['shared', 'disjoint'])
    .default('shared')
    .describe('Whether the corpus may speak of the questions that examples ask, as reading does, or of others only.'),
  corpusCorrections: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      'Chance that an answer in the corpus is wrong and taken back, again and again: 34 + 65 = 98 no 97 no 99.',
    ),
  corpusHardShare: z.number().min(0).max(1).default(0.3).describe('Share of the corpus as hard as the split `hard`.'),
};

/** Options of the arithmetic-reasoning setting. */
export const arithmeticReasoningOptions = z.strictObject({
  supervisorExamples: count(4_000).describe('Half 1: examples with ground truth for the weak supervisor.'),
  trainExamples: count(4_000).describe('Half 2: examples that the weak supervisor labels.'),
  testExamples: count(2_000).describe('Examples of each judged split.'),
  mistakes: z
    .array(z.enum(mistakes))
    .min(1)
    .default([...mistakes])
    .describe('Mistakes of wrong statements; where none of them changes the result it is off by one.'),
  ...writingOptions,
});

export type ArithmeticReasoningOptions = z.output<typeof arithmeticReasoningOptions>;
export type WritingOptions = Pick<ArithmeticReasoningOptions, keyof typeof writingOptions>;
