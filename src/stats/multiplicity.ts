import { expected } from '../core/errors.ts';

/**
 * Holm's step-down adjusted p-values (Holm 1979): reject where the adjusted value is at most α and the chance of any
 * false rejection in the family is at most α, however the tests depend on each other. A comparison without a p-value
 * stays without one but counts in the family.
 * @throws UserError when a p-value is outside [0, 1].
 */
export function holm(pValues: readonly (number | undefined)[]): readonly (number | undefined)[] {
  const family = pValues.length;
  const adjusted: (number | undefined)[] = pValues.map(() => undefined);
  let largest = 0;
  ascendingPValues(pValues).forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (family - rank)));
    adjusted[index] = largest;
  });
  return adjusted;
}

/** The p-values that are known with their places, the smallest first. @throws UserError when one is outside [0, 1]. */
export function ascendingPValues(pValues: readonly (number | undefined)[]): { p: number; index: number }[] {
  const known = pValues.flatMap((p, index) => (p === undefined ? [] : [{ p, index }]));
  for (const { p, index } of known) {
    if (!(p >= 0 && p <= 1)) throw expected('p-value', `pValues[${index}]`, 'in [0, 1]', p, 'Look at what computed it');
  }
  return known.sort((a, b) => a.p - b.p);
}
