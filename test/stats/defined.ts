import { type DefinedEstimate, type Estimate, isDefined } from '../../src/core/estimates.ts';

/** The estimate, or a failed test with its reason. */
export function defined(estimate: Estimate): DefinedEstimate {
  if (!isDefined(estimate)) throw new Error(`expected a defined estimate, got: ${estimate.undefined}`);
  return estimate;
}

/** The reason of an undefined estimate, or a failed test. */
export function reasonOf(estimate: Estimate): string {
  if (isDefined(estimate)) throw new Error(`expected an undefined estimate, got ${estimate.value}`);
  return estimate.undefined;
}
