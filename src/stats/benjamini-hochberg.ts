import { ascendingPValues } from './multiplicity.ts';

/**
 * Benjamini–Hochberg adjusted p-values (1995), min over ranks j ≥ i of p₍ⱼ₎·n / j: call where the adjusted value is at most
 * α, and of the calls a share of at most α is false on average, if p-values are independent or positively dependent.
 * Conformal p-values that share calibration scores are (Bates et al. 2023, arXiv 2104.08279, theorem 2); weighted ones need
 * not be.
 * @throws UserError when a p-value is outside [0, 1].
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const n = pValues.length;
  const adjusted = new Float64Array(n);
  let smallest = 1;
  ascendingPValues(Array.from(pValues))
    .toReversed()
    .forEach(({ p, index }, fromEnd) => {
      smallest = Math.min(smallest, (p * n) / (n - fromEnd));
      adjusted[index] = smallest;
    });
  return adjusted;
}
