import { expected } from '../core/errors.ts';
import type { Estimate } from '../core/estimates.ts';
import type { Comparison } from './auroc.ts';
import { type LevelOptions, resolveLevel } from './level.ts';
import { normalQuantile, twoSidedP } from './normal.ts';
import { wilsonInterval } from './wilson.ts';

/**
 * A share of examples: the mean of terms that are 1, 0, or ½ where a call is a tie, with Wilson's interval (with ties a
 * little too wide). Undefined without examples.
 * @throws UserError when a term is outside [0, 1].
 */
export function share(terms: Float64Array, options: LevelOptions = {}): Estimate {
  const level = resolveLevel(options);
  checkTerms(terms);
  const n = terms.length;
  if (n === 0) return { undefined: 'there are no examples' };
  const total = sum(terms);
  const [lower, upper] = wilsonInterval(total, n, level);
  return { value: total / n, lower, upper, level, n, method: 'wilson' };
}

/**
 * Share a minus share b, paired on the same examples: the interval of Bonett and Price (2012), which adds one example
 * that only a has and one that only b has; the p-value is McNemar's (1947), z = Σd/√Σd² over the differences d. Where
 * no example differs p is 1.
 * @throws UserError when lengths differ or a term is outside [0, 1].
 */
export function shareDifference(a: Float64Array, b: Float64Array, options: LevelOptions = {}): Comparison {
  const level = resolveLevel(options);
  checkTerms(a);
  checkTerms(b, a.length);
  const n = a.length;
  if (n === 0) return { estimate: { undefined: 'there are no examples' }, pValue: undefined };
  const differences = a.map((term, i) => term - (b[i] as number));
  const total = sum(differences);
  const squares = sum(differences.map((d) => d * d));
  const value = total / n;
  const centre = total / (n + 2);
  const half = normalQuantile((1 + level) / 2) * Math.sqrt(((squares + 2) / (n + 2) - centre ** 2) / (n + 2));
  const lower = Math.min(value, Math.max(-1, centre - half));
  const upper = Math.max(value, Math.min(1, centre + half));
  const pValue = squares === 0 ? 1 : twoSidedP(total / Math.sqrt(squares));
  return { estimate: { value, lower, upper, level, n, method: 'bonett-price' }, pValue };
}

/** @throws UserError when there are not `n` terms or one is outside [0, 1]. */
export function checkTerms(terms: Float64Array, n = terms.length): void {
  if (terms.length !== n) {
    throw expected('terms-length', 'the number of terms', String(n), terms.length, 'Give one term per example');
  }
  const wrong = terms.findIndex((term) => !(term >= 0 && term <= 1));
  if (wrong < 0) return;
  throw expected('share-term', `terms[${wrong}]`, 'in [0, 1]', String(terms[wrong]), 'Look at what computed it');
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
