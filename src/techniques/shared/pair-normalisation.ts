import type { Matrix } from '../../core/models.ts';
import { type Eraser, erase } from '../../solvers/eraser.ts';
import { fitLeace } from '../../solvers/leace.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import type { PairStates } from './pair-activations.ts';

export const pairNormalisations = ['mean', 'mean-and-scale', 'burns', 'leace', 'none'] as const;
export type PairNormalisationKind = (typeof pairNormalisations)[number];

/** States of each wording ↦ states in which the two sides cannot be told apart by their means. */
export type PairNormalisation = (states: readonly PairStates[]) => readonly PairStates[];

/**
 * What hides from a probe which side it looks at, learned from training pairs alone (methods.md 5.1 and 5.2; the published
 * code takes the test set's own means at test time, so that a pair's score would depend on the others). Of each side of
 * each wording:
 *
 * - `mean`: minus its mean;
 * - `mean-and-scale`: then divided by the deviation of each dimension, where it varies;
 * - `burns`: minus its mean, then divided by the mean over dimensions of these deviations;
 * - `leace`: the map of {@link eraseSides}, one for all sides and wordings;
 * - `none`: nothing.
 */
export async function fitPairNormalisation(
  kind: PairNormalisationKind,
  states: readonly PairStates[],
): Promise<PairNormalisation> {
  if (kind === 'none') return (given) => given;
  if (kind === 'leace') {
    const eraser = await eraseSides(states, true);
    return (given) => mapSides(given, (side) => erase(side, eraser));
  }
  const scales = states.map(({ negative, positive }) => ({
    negative: sideScale(kind, negative),
    positive: sideScale(kind, positive),
  }));
  return (given) =>
    given.map(({ negative, positive }, wording) => {
      const scale = scales[wording] as (typeof scales)[number];
      return { negative: onScale(negative, scale.negative), positive: onScale(positive, scale.positive) };
    });
}

/**
 * LEACE of which side a state is of (methods.md 6), with indicators for each side of each wording when `wordings`, for the
 * two sides alone otherwise.
 */
export async function eraseSides(states: readonly PairStates[], wordings: boolean): Promise<Eraser> {
  const sides = states.flatMap(({ negative, positive }) => [negative, positive]);
  const { rows: n, columns } = sides[0] as Matrix;
  const classes = wordings ? sides.length : 2;
  const data = new Float32Array(sides.length * n * columns);
  const indicators = new Float32Array(sides.length * n * classes);
  sides.forEach((side, s) => {
    data.set(side.data, s * n * columns);
    for (let i = 0; i < n; i++) indicators[(s * n + i) * classes + (s % classes)] = 1;
  });
  const rows = sides.length * n;
  return fitLeace(matrixRows({ rows, columns, data }), { rows, columns: classes, data: indicators });
}

/** Every side of every wording by itself. */
export function mapSides(states: readonly PairStates[], map: (side: Matrix) => Matrix): readonly PairStates[] {
  return states.map(({ negative, positive }) => ({ negative: map(negative), positive: map(positive) }));
}

interface SideScale {
  /** (width) */
  readonly mean: Float64Array;
  readonly factors: Float64Array;
}

function sideScale(kind: 'mean' | 'mean-and-scale' | 'burns', { rows, columns, data }: Matrix): SideScale {
  const mean = new Float64Array(columns);
  for (let k = 0; k < data.length; k++) (mean[k % columns] as number) += (data[k] as number) / rows;
  const factors = new Float64Array(columns).fill(1);
  if (kind === 'mean') return { mean, factors };
  const squares = new Float64Array(columns);
  for (let k = 0; k < data.length; k++) {
    (squares[k % columns] as number) += ((data[k] as number) - (mean[k % columns] as number)) ** 2 / rows;
  }
  const deviations = squares.map(Math.sqrt);
  // A column that does not vary has a deviation of rounding.
  const varies = (d: number, j: number) => d > 1e-9 * Math.abs(mean[j] as number);
  if (kind === 'mean-and-scale') return { mean, factors: deviations.map((d, j) => (varies(d, j) ? 1 / d : 1)) };
  const typical = deviations.reduce((sum, d) => sum + d, 0) / columns;
  return { mean, factors: factors.fill(typical > 0 ? 1 / typical : 1) };
}

function onScale({ rows, columns, data }: Matrix, { mean, factors }: SideScale): Matrix {
  const scaled = data.map((x, k) => (x - (mean[k % columns] as number)) * (factors[k % columns] as number));
  return { rows, columns, data: scaled };
}
