import type { Estimate } from '../core/estimates.ts';
import { type LevelOptions, resolveLevel } from './level.ts';
import { normalQuantile, twoSidedP } from './normal.ts';

/** A log odds ratio and the test of independence. */
export interface OddsDependence {
  /** 0 = independent; above 0 = positive together more often than their rates imply. */
  readonly estimate: Estimate;
  /** Two-sided, of independence; within strata, of conditional independence. */
  readonly pValue: number | undefined;
}

/** Counts of two bits: [both, only the first, only the second, neither]. */
type Table = readonly [both: number, first: number, second: number, neither: number];

/**
 * Log odds ratio of two bits, pooled over strata by inverse variance, each stratum's counts raised by ½ (Haldane 1956,
 * Woolf 1955). With one stratum it is dependence, with several dependence given the stratum. Strata in which a bit never
 * varies say nothing. Undefined when none is left.
 * @param a (n) @param b (n) @param strata (n) @default one stratum
 */
export function logOddsRatio(
  a: readonly boolean[],
  b: readonly boolean[],
  options: LevelOptions & { readonly strata?: ArrayLike<number> } = {},
): OddsDependence {
  const level = resolveLevel(options);
  const { strata } = options;
  const tables = new Map<number, [number, number, number, number]>();
  a.forEach((first, i) => {
    const stratum = strata ? (strata[i] as number) : 0;
    const table = tables.get(stratum) ?? [0, 0, 0, 0];
    (table[first ? Number(!b[i]) : 2 + Number(!b[i])] as number)++;
    tables.set(stratum, table);
  });
  const terms = [...tables.values()].filter(bothVary).map(logOddsOf);
  if (terms.length === 0) return { estimate: { undefined: 'one of the two never varies' }, pValue: undefined };
  const weight = terms.reduce((sum, { variance }) => sum + 1 / variance, 0);
  const value = terms.reduce((sum, term) => sum + term.value / term.variance, 0) / weight;
  const half = normalQuantile((1 + level) / 2) / Math.sqrt(weight);
  const estimate = { value, lower: value - half, upper: value + half, level, n: a.length, method: 'woolf-haldane' };
  return { estimate, pValue: twoSidedP(value * Math.sqrt(weight)) };
}

function bothVary([both, first, second, neither]: Table): boolean {
  return Math.min(both + first, second + neither, both + second, first + neither) > 0;
}

function logOddsOf(table: Table) {
  const [both, first, second, neither] = table.map((count) => count + 0.5) as [number, number, number, number];
  return {
    value: Math.log((both * neither) / (first * second)),
    variance: 1 / both + 1 / first + 1 / second + 1 / neither,
  };
}
