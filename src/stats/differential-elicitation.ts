import type { Estimate } from '../core/estimates.ts';
import { type BootstrapOptions, percentileInterval, resample } from './bootstrap.ts';
import { shareGroup, sharesReason } from './pooled-share.ts';

/** One seed's terms, 1 where a call is right, on the target's examples, each (n). */
export interface SeedElicitation {
  readonly technique: Float64Array;
  readonly baseline: Float64Array;
  /** Of the model tuned on the target itself. */
  readonly tuned: Float64Array;
  /** The examples, by which a cache knows them again. */
  readonly examples: object;
}

/**
 * Differential elicitation (GENIES, methods.md 9.2): (generalization accuracy − baseline accuracy) / target-tuned
 * capability, of accuracies averaged over seeds first; percentile bootstrap over seeds, then examples, paired. Undefined
 * when the target-tuned capability is zero, on the examples or on a resample.
 * @throws UserError when there is no seed, lengths differ or a term is outside [0, 1].
 */
export function differentialElicitation(perSeed: readonly SeedElicitation[], options: BootstrapOptions = {}): Estimate {
  const groups = perSeed.map(({ technique, baseline, tuned, examples }) => {
    return { terms: [technique, baseline, tuned], examples };
  });
  const reason = sharesReason(groups);
  const resampled = reason === undefined ? resample(groups.map(shareGroup), options) : { undefined: reason };
  if ('undefined' in resampled) return resampled;
  const { observed, replicates, level, n, method } = resampled;
  if ([observed, ...replicates].some(([, , tuned]) => tuned === 0)) {
    return { undefined: 'the target-tuned capability is not above zero with confidence' };
  }
  const [lower, upper] = percentileInterval(replicates.map(ratioOf), level);
  return { value: ratioOf(observed), lower, upper, level, n, method };
}

function ratioOf(means: readonly number[]): number {
  const [technique, baseline, tuned] = means as readonly [number, number, number];
  return (technique - baseline) / tuned;
}
