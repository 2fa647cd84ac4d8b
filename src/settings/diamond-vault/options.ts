import { z } from 'zod';

const share = (value: number) => z.number().min(0).max(1).default(value);
const count = (value: number) => z.int().min(1).max(1_000_000).default(value);

const shape = z.strictObject({
  trainExamples: count(25_000).describe('Training examples, trusted and untrusted.'),
  trustedShare: share(0.2).describe('Share of trusted examples in training.'),
  trustedPositiveShare: share(0.5).describe(
    'All-positive share of trusted training examples; the rest is all-negative.',
  ),
  fakePositiveShare: share(0.1).describe(
    'Share of untrusted training examples, as the next two; the rest is inconsistent.',
  ),
  realPositiveShare: share(0.4).describe('Every measurement positive, the diamond in the vault.'),
  allNegativeShare: share(0.35).describe('Every measurement negative.'),
  validationExamples: count(3_000).describe('Examples of each validation split, trusted and untrusted.'),
  validationTrustedShare: share(0.2).describe('trustedShare of each validation split.'),
  validationTrustedPositiveShare: share(0.8).describe('trustedPositiveShare of each validation split.'),
  validationFakePositiveShare: share(0.4).describe('fakePositiveShare of each validation split.'),
  validationRealPositiveShare: share(0.4).describe('realPositiveShare of each validation split.'),
  validationAllNegativeShare: share(0.1).describe('allNegativeShare of each validation split.'),
  heldOutShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.25)
    .describe('Share of hard actions that never occur in training, drawn per seed; 0 leaves out the held-out splits.'),
  text: z
    .enum(['compact', 'full'])
    .default('compact')
    .describe('The kind of vault and the actions, or the whole program.'),
  obfuscated: z
    .boolean()
    .default(false)
    .describe('Words become letters and indentation goes, in the text that is shown.'),
});

/** Options of the diamond-vault setting; the defaults are the proportions of methods.md 11.4. */
export const diamondVaultOptions = shape.superRefine((options, context) => {
  for (const split of ['training', 'validation'] as const) {
    const { fakePositive, realPositive, allNegative } = untrustedShares(options, split);
    const sum = fakePositive + realPositive + allNegative;
    if (sum <= 1 + 1e-9) continue;
    const path = [split === 'training' ? 'fakePositiveShare' : 'validationFakePositiveShare'];
    const message = `Expected the fake positive, real positive and all-negative shares to add up to at most 1, got ${sum}`;
    context.addIssue({ code: 'custom', path, message });
  }
});

export type DiamondVaultOptions = z.output<typeof shape>;

/** Shares of untrusted examples. */
export interface UntrustedShares {
  readonly fakePositive: number;
  readonly realPositive: number;
  readonly allNegative: number;
}

export function untrustedShares(options: DiamondVaultOptions, split: 'training' | 'validation'): UntrustedShares {
  return split === 'training'
    ? {
        fakePositive: options.fakePositiveShare,
        realPositive: options.realPositiveShare,
        allNegative: options.allNegativeShare,
      }
    : {
        fakePositive: options.validationFakePositiveShare,
        realPositive: options.validationRealPositiveShare,
        allNegative: options.validationAllNegativeShare,
      };
}
