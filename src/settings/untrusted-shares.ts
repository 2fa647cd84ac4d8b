import type { z } from 'zod';

/** Shares of untrusted examples; what they leave is inconsistent. */
export interface UntrustedShares {
  readonly fakePositive: number;
  readonly realPositive: number;
  readonly allNegative: number;
}

/** Options of a world whose categories come in wanted proportions, in training and in judged splits. */
export interface ShareOptions {
  readonly fakePositiveShare: number;
  readonly realPositiveShare: number;
  readonly allNegativeShare: number;
  readonly validationFakePositiveShare: number;
  readonly validationRealPositiveShare: number;
  readonly validationAllNegativeShare: number;
}

export function untrustedShares(options: ShareOptions, split: 'training' | 'validation'): UntrustedShares {
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

/** The share of untrusted examples that the others leave. */
export function inconsistentShare({ fakePositive, realPositive, allNegative }: UntrustedShares): number {
  return Math.max(0, 1 - fakePositive - realPositive - allNegative);
}

/** Adds an issue for each split whose shares come to more than everything. */
export function requireShares(options: ShareOptions, context: z.RefinementCtx): void {
  for (const split of ['training', 'validation'] as const) {
    const { fakePositive, realPositive, allNegative } = untrustedShares(options, split);
    const sum = fakePositive + realPositive + allNegative;
    if (sum <= 1 + 1e-9) continue;
    const path = [split === 'training' ? 'fakePositiveShare' : 'validationFakePositiveShare'];
    const message = `Expected the fake positive, real positive and all-negative shares to add up to at most 1, got ${sum}`;
    context.addIssue({ code: 'custom', path, message });
  }
}
