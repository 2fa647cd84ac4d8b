import { fitLogisticRegression } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';

/**
 * In which order held-out pairs are seen: each in both, so that exchanging the candidates turns the score's sign, or every
 * other one turned round, as published.
 */
export const calibrations = ['both-orders', 'alternating'] as const;
export type Calibration = (typeof calibrations)[number];

/** Keeps the slope finite where all pairs are on one side; published: 0. */
const l2 = 1e-4;

/**
 * Platt's calibration of a mean cosine: log-odds = slope · cosine + offset by logistic regression of which candidate comes
 * last on the cosine in that order (methods.md 9.5, step 5; there of (cosine + 1)/2, which is the same).
 *
 * @param cosines (n) Of the better less the worse candidate, n at least 2.
 */
export async function calibrateCosines(
  cosines: Float64Array,
  calibration: Calibration,
): Promise<{ readonly slope: number; readonly offset: number }> {
  const betterLast = Array.from(cosines, (_, row) => row % 2 === 0);
  const ordered = Array.from(cosines, (cosine, row) => (betterLast[row] ? cosine : -cosine));
  const both = calibration === 'both-orders';
  const values = both ? [...ordered, ...ordered.map((cosine) => -cosine)] : ordered;
  const labels = both ? [...betterLast, ...betterLast.map((last) => !last)] : betterLast;
  const column = { rows: values.length, columns: 1, data: Float32Array.from(values) };
  const { weights, bias } = await fitLogisticRegression(matrixRows(column), labels, { l2, standardize: true });
  // By symmetry the offset of both orders is 0 but for rounding.
  return { slope: weights[0] as number, offset: both ? 0 : bias };
}
