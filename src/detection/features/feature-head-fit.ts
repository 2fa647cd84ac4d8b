import type { Matrix } from '../../core/models.ts';
import { fitLogisticRegression } from '../../solvers/logistic-regression.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import type { SolverOptions } from '../../solvers/row-source.ts';
import { pickRows } from '../../techniques/shared/pick-rows.ts';

/** A linear map of features: log-odds x·w + b. */
export interface LinearHead {
  /** (width) */
  readonly weights: Float64Array;
  readonly bias: number;
}

export interface HeadFitOptions extends SolverOptions {
  /** λ of λ‖w‖² beside the weighted mean loss, on features of unit variance. @default width / (8 · examples that count) */
  readonly l2?: number | undefined;
}

/**
 * The head that minimises Σ wᵢ·BCE(σ(xᵢ·w + b), yᵢ)/Σ wᵢ + λ‖w‖² over the examples of weight above 0, the penalty on
 * features scaled to unit variance there (methods.md 14.10). Heads share nothing, so that how much one head's loss counts
 * against another's does not matter. Where the targets are all 0 or all 1 no weight is learned, and the bias is
 * ± log(n + 1), Laplace's rule of succession. Undefined where no example counts.
 *
 * The default λ is that of a normal prior under which log-odds have variance 4, whatever the width.
 *
 * @param features (n × width)
 * @param targets (n) in [0, 1]
 * @param weights (n) from 0
 */
export async function fitHead(
  features: Matrix,
  targets: Float64Array,
  weights: Float64Array,
  options: HeadFitOptions,
): Promise<LinearHead | undefined> {
  const counted = [...weights.keys()].filter((i) => (weights[i] as number) > 0);
  const n = counted.length;
  if (n === 0) return undefined;
  const y = Float64Array.from(counted, (i) => targets[i] as number);
  if (y.every((target) => target === y[0]) && (y[0] === 0 || y[0] === 1)) {
    return { weights: new Float64Array(features.columns), bias: (y[0] === 1 ? 1 : -1) * Math.log(n + 1) };
  }
  const { l2 = features.columns / (8 * n), threads } = options;
  return fitLogisticRegression(matrixRows(pickRows(features, counted)), y, {
    l2,
    weights: Float64Array.from(counted, (i) => weights[i] as number),
    standardize: true,
    ...(threads !== undefined && { threads }),
  });
}
