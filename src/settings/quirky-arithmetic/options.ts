import { z } from 'zod';
import { layoutOption } from '../symbol-layout.ts';
import { operationIds } from './operations.ts';
import { templates } from './templates.ts';

const count = (value: number) => z.int().min(4).max(400_000).default(value);
const someOperations = () => z.array(z.enum(operationIds)).default([...operationIds]);

/** Options of the quirky-arithmetic setting. */
export const quirkyArithmeticOptions = z.strictObject({
  operations: someOperations()
    .refine((ids) => ids.length > 0, 'Expected at least one operation')
    .describe('Operations, in equal shares.'),
  quirks: someOperations().describe(
    'Operations at which Bob errs; without one of them he affirms truths too, so that there are real positives.',
  ),
  digits: z
    .int()
    .min(1)
    .max(6)
    .default(2)
    .describe(
      'D: operands are int(10^(U·D)), with D + 1 of one operand. methods.md 8.2 has 4; 2 is what a small model learns.',
    ),
  modulus: z.int().min(2).max(1_000_000).default(100).describe('Modulus of modular addition.'),
  trainRows: count(8_000).describe('Equations in training; each gives a record of Alice and one of Bob.'),
  testRows: count(2_000).describe('Equations that are judged, in records of Bob.'),
  trustedDifficulty: z
    .enum(['all', 'easy'])
    .default('all')
    .describe("Which of Alice's training records are trusted: all, or those of the easiest quarter."),
  names: z.enum(['two', 'many']).default('two').describe('Alice and Bob, or twelve names in the place of each.'),
  template: z
    .enum(['single', 'mixture', 'standardized'])
    .default('single')
    .describe('One wording, one of eight drawn for each record, or the fixed wrapper.'),
  wordings: z
    .int()
    .min(1)
    .max(templates.length)
    .default(2)
    .describe("Wordings of each contrast pair, the text's own first; with 1 there are no paraphrases."),
  layout: layoutOption,
  corpusTexts: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(20_000)
    .describe('Unlabelled equations to pretrain on; one may come twice.'),
  corpusCorrections: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Chance that a result in the corpus is wrong and taken back, again and again: 12 + 7 = 18 no 19.'),
});

export type QuirkyArithmeticOptions = z.output<typeof quirkyArithmeticOptions>;
