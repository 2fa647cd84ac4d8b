import { z } from 'zod';
import { writingOptions } from '../arithmetic-reasoning/options.ts';
import { requireShares } from '../untrusted-shares.ts';

const count = (value: number) => z.int().min(2).max(40_000).default(value);
const share = (value: number) => z.number().min(0).max(1).default(value);

const shape = z.strictObject({
  easyExamples: count(3_000).describe('Easy training examples, trusted, half of them right.'),
  hardExamples: count(6_000).describe('Hard training examples, untrusted.'),
  fakePositiveShare: share(0.2).describe(
    'Share of hard training examples that are wrong but for their last digit; the next two likewise.',
  ),
  realPositiveShare: share(0.5).describe('Right ones.'),
  testExamples: count(2_000).describe('Examples of each judged split, untrusted.'),
  validationFakePositiveShare: share(0.4).describe('fakePositiveShare of each judged split.'),
  validationRealPositiveShare: share(0.4).describe('realPositiveShare of each judged split.'),
  ...writingOptions,
});

/** Options of the easy-to-hard setting; what the shares leave is wrong in its last digit. */
export const easyToHardOptions = shape.superRefine((options, context) => {
  if (formsWithDigits(options).length === 0) {
    const message = 'Expected a form whose answer is a number, got comparisons alone: they have no last digit to check';
    context.addIssue({ code: 'custom', path: ['forms'], message });
  }
  requireShares({ ...options, allNegativeShare: 0, validationAllNegativeShare: 0 }, context);
});

export type EasyToHardOptions = z.output<typeof shape>;

/** What is asked here: comparisons have no last digit, and are left out. */
export function formsWithDigits({ forms }: Pick<EasyToHardOptions, 'forms'>): EasyToHardOptions['forms'] {
  return forms.filter((form) => form !== 'comparison');
}
