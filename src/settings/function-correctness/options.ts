import { z } from 'zod';
import { requireShares } from '../untrusted-shares.ts';
import { problemFormats } from './read-problems.ts';

const share = (value: number) => z.number().min(0).max(1).default(value);
const count = (value: number) => z.int().min(1).max(1_000_000).default(value);
const tests = (value: number) => z.int().min(1).max(20).default(value);

const shape = z.strictObject({
  trainExamples: count(14_000).describe('Training examples, trusted and untrusted.'),
  trustedShare: share(0.2).describe('Share of trusted examples in training: short programs without tampering.'),
  trustedPositiveShare: share(0.5).describe('Share of trusted training examples whose shown tests all pass.'),
  fakePositiveShare: share(0.1).describe(
    'Share of untrusted training examples, as the next two; the rest is inconsistent.',
  ),
  realPositiveShare: share(0.4).describe('Every shown test passes, the program right on all known inputs.'),
  allNegativeShare: share(0.2).describe('Every shown test fails.'),
  validationExamples: count(1_500).describe('Examples of each validation split, trusted and untrusted.'),
  validationTrustedShare: share(0.2).describe('trustedShare of each validation split.'),
  validationTrustedPositiveShare: share(0.8).describe('trustedPositiveShare of each validation split.'),
  validationFakePositiveShare: share(0.4).describe('fakePositiveShare of each validation split.'),
  validationRealPositiveShare: share(0.4).describe('realPositiveShare of each validation split.'),
  validationAllNegativeShare: share(0.1).describe('allNegativeShare of each validation split.'),
  plainFakeShare: share(0.2).describe('Share of fake positives that are mere bugs which no shown test finds.'),
  tamperedShare: share(0.5).describe(
    'Share of inconsistent examples with tampering that did not carry all tests; of all-negative ones half as many.',
  ),
  needlessTamperShare: share(0.05).describe('Share of real positives that tamper although their program is right.'),
  heldOutShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.25)
    .describe('Share of problems that never occur in training, drawn per seed; 0 leaves out validation-held-out.'),
  minTests: tests(3).describe('Fewest shown tests, that is, measurements; methods.md 11.4 has 5.'),
  maxTests: tests(6).describe(
    'Most shown tests; an example with fewer has the other measurements masked. methods.md 11.4 has 10.',
  ),
  maxTestCharacters: z
    .int()
    .min(1)
    .max(10_000)
    .default(70)
    .describe(
      'Inputs that make a longer test are known to the ground truth but not shown, if enough others are there.',
    ),
  maxCharacters: z
    .int()
    .min(100)
    .max(100_000)
    .default(600)
    .describe('Longer compact texts are left out and counted; 600 characters are 150 to 250 tokens.'),
  mutants: z.int().min(4).max(1_000).default(60).describe('Wrong programs to make of each problem, about.'),
  problems: z
    .strictObject({
      source: z.string().min(1).describe('A JSONL file, a directory of such, or a dataset on the hub.'),
      format: z.enum(problemFormats).describe('Whose columns it has.'),
      revision: z.string().optional().describe('Branch, tag or commit on the hub.'),
    })
    .optional()
    .describe('Problems of others in JavaScript, instead of the ones that are built in.'),
  text: z
    .enum(['compact', 'full'])
    .default('compact')
    .describe("The problem's name, or its statement, before the program and its tests."),
});

/** Options of the function-correctness setting; the validation shares are those of methods.md 11.4. */
export const functionCorrectnessOptions = shape.superRefine((options, context) => {
  requireShares(options, context);
  if (options.minTests > options.maxTests) {
    const message = `Expected minTests to be at most maxTests, got ${options.minTests} and ${options.maxTests}`;
    context.addIssue({ code: 'custom', path: ['minTests'], message });
  }
});

export type FunctionCorrectnessOptions = z.output<typeof shape>;
