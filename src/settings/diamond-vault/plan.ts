import type { UntrustedShares } from '../untrusted-shares.ts';
import type { Stream } from './block.ts';
import type { HardTemplates } from './held-out.ts';
import { type DiamondVaultOptions, vaultShares } from './options.ts';
import { type Quotas, trustedQuotas, untrustedQuotas } from './quotas.ts';

/** One part of a split: where its programs come from and how many of each outcome it takes. */
export interface Part {
  readonly stream: Stream;
  readonly quotas: Quotas;
}

export interface SplitPlan {
  readonly split: string;
  readonly parts: readonly Part[];
}

interface Proportions {
  readonly examples: number;
  readonly trustedShare: number;
  readonly trustedPositiveShare: number;
  readonly untrusted: UntrustedShares;
  readonly measurements: number;
}

const none: Stream['required'] = { templates: [], atLeast: 0 };

/**
 * The splits in order, training first. Each has a trusted part (easy actions only, so it is distributed alike in all)
 * and an untrusted one: `validation` uses the training templates, every untrusted program of `validation-held-out` at
 * least one held-out template, and of `validation-held-out-only` no other hard template. There it uses at least three,
 * about as many as a training program has hard ones, since the small pool would seldom draw them.
 * `validation-in-distribution` is fresh data made exactly as training data is.
 */
export function planSplits(options: DiamondVaultOptions, { training, heldOut }: HardTemplates): SplitPlan[] {
  const train: Proportions = {
    examples: options.trainExamples,
    trustedShare: options.trustedShare,
    trustedPositiveShare: options.trustedPositiveShare,
    untrusted: vaultShares(options, 'training'),
    measurements: options.measurements,
  };
  const validation: Proportions = {
    examples: options.validationExamples,
    trustedShare: options.validationTrustedShare,
    trustedPositiveShare: options.validationTrustedPositiveShare,
    untrusted: vaultShares(options, 'validation'),
    measurements: options.measurements,
  };
  const asTrained = { hard: training, required: none, diamondNeeded: false };
  const plans = [
    planSplit('train', train, asTrained),
    planSplit('validation', validation, { ...asTrained, diamondNeeded: true }),
  ];
  const inDistribution = { ...train, examples: options.validationExamples };
  const last = planSplit('validation-in-distribution', inDistribution, asTrained);
  if (heldOut.length === 0) return [...plans, last];
  const both = { hard: [...training, ...heldOut], required: { templates: heldOut, atLeast: 1 }, diamondNeeded: true };
  const only = { hard: heldOut, required: { templates: heldOut, atLeast: 3 }, diamondNeeded: true };
  return [
    ...plans,
    planSplit('validation-held-out', validation, both),
    planSplit('validation-held-out-only', validation, only),
    last,
  ];
}

function planSplit(
  split: string,
  { examples, trustedShare, trustedPositiveShare, untrusted, measurements }: Proportions,
  source: Pick<Stream, 'hard' | 'required' | 'diamondNeeded'>,
): SplitPlan {
  const trusted = Math.round(examples * trustedShare);
  return {
    split,
    parts: [
      {
        stream: {
          label: `${split}/trusted`,
          trusted: true,
          hard: [],
          required: none,
          diamondNeeded: true,
          measurements,
        },
        quotas: trustedQuotas(trusted, trustedPositiveShare),
      },
      {
        stream: { label: `${split}/untrusted`, trusted: false, measurements, ...source },
        quotas: untrustedQuotas(examples - trusted, untrusted, measurements),
      },
    ],
  };
}
