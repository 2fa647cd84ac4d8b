import { expected } from '../../core/errors.ts';
import { createDenseProducts, type Dense, type DenseProducts } from '../../solvers/dense-products.ts';
import type { Eraser } from '../../solvers/eraser.ts';
import { symmetricEigen } from '../../solvers/symmetric-eigen.ts';
import type { PairStates } from './pair-activations.ts';

/** What the direction is to be good at. */
export interface VincWeights {
  /** w_var ≥ 0 of the variance. */
  readonly variance: number;
  /** w_neg in [0, 1] of the negative covariance; the invariance has 1 − w_neg. */
  readonly negativeCovariance: number;
  /** Whether variance and covariance are of the means over wordings (VINC) or of every wording (CRC-TPC). */
  readonly centroids: boolean;
}

/**
 * The objective of VINC (methods.md 5.3), (width × width) row-major and symmetric, on states x of side k of wording w of
 * pair i: A = w_var·V − (1 − w_neg)·I − w_neg·C, with
 *
 *   V = mean over k of Cov(c_k), C = mean of Cov(c₀, c₁) and its transpose, c_k the mean over wordings (or each wording)
 *   I = mean over i and k of the covariance over wordings
 *
 * all covariances over n. Without centroids the published code centres on the sum over wordings in place of their mean;
 * here it is the mean.
 */
export async function vincObjective(states: readonly PairStates[], weights: VincWeights): Promise<Float64Array> {
  const products = createDenseProducts({});
  try {
    const sides = [states.map(({ negative }) => negative), states.map(({ positive }) => positive)] as const;
    const centroids = sides.map(meanOf) as [Dense, Dense];
    const spread = await gram(
      stack(sides.flatMap((side, k) => side.map((x) => less(x, centroids[k] as Dense)))),
      products,
    );
    const [c0, c1] = weights.centroids ? centroids : (sides.map((side) => stack(side)) as [Dense, Dense]);
    const [x0, x1] = [centred(c0), centred(c1)];
    const own = [await gram(x0, products), await gram(x1, products)] as const;
    const cross = (await products.multiply(x0, x1, { transposeA: true })).data;
    const d = x0.columns;
    const { variance, negativeCovariance: share } = weights;
    return spread.map((within, at) => {
      const mirrored = (at % d) * d + Math.floor(at / d);
      const v = ((own[0][at] as number) + (own[1][at] as number)) / (2 * x0.rows);
      const c = ((cross[at] as number) + (cross[mirrored] as number)) / (2 * x0.rows);
      return variance * v - ((1 - share) * within) / (2 * states.length * centroids[0].rows) - share * c;
    });
  } finally {
    await products.dispose();
  }
}

/**
 * The eigenvector of P·A·Pᵀ with the largest eigenvalue among those that the eraser's P leaves something of, (width). The
 * published code takes the largest of all, which is a direction without any score when no eigenvalue is above 0.
 *
 * @throws UserError `nothing-left` when it leaves nothing of any: fewer dimensions than sides of wordings.
 */
export async function vincDirection(objective: Float64Array, eraser: Eraser): Promise<Float64Array> {
  const d = eraser.mean.length;
  const products = createDenseProducts({});
  try {
    const projection = projectionOf(eraser);
    const half = await products.multiply(projection, { rows: d, columns: d, data: objective });
    const whole = await products.multiply(half, projection, { transposeB: true });
    const symmetric = whole.data.map((x, at) => (x + (whole.data[(at % d) * d + Math.floor(at / d)] as number)) / 2);
    const { vectors } = symmetricEigen(symmetric, d);
    const left = await products.multiply({ rows: d, columns: d, data: vectors }, projection);
    const lengths = Array.from({ length: d }, (_, k) => Math.hypot(...left.data.subarray(k * d, (k + 1) * d)));
    const first = lengths.findIndex((length) => length > 1e-6);
    if (first < 0) {
      const next = 'Set erasePrompts to false, ask for fewer wordings, or take another layer.';
      throw expected('nothing-left', 'the directions that erasing sides and wordings leaves', 'at least 1', 0, next);
    }
    return vectors.slice(first * d, (first + 1) * d);
  } finally {
    await products.dispose();
  }
}

/** P = identity − left·right. */
function projectionOf({ mean, left, right, rank }: Eraser): Dense {
  const d = mean.length;
  const data = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    data[i * d + i] = 1;
    for (let k = 0; k < rank; k++) {
      const factor = left[k * d + i] as number;
      for (let j = 0; j < d; j++) (data[i * d + j] as number) -= factor * (right[k * d + j] as number);
    }
  }
  return { rows: d, columns: d, data };
}

type Rows = Pick<Dense, 'rows' | 'columns'> & { readonly data: ArrayLike<number> };

function meanOf(wordings: readonly Rows[]): Dense {
  const { rows, columns } = wordings[0] as Rows;
  const data = new Float64Array(rows * columns);
  for (const wording of wordings) {
    for (let k = 0; k < data.length; k++) (data[k] as number) += (wording.data[k] as number) / wordings.length;
  }
  return { rows, columns, data };
}

function less({ rows, columns, data }: Rows, from: Dense): Dense {
  return { rows, columns, data: Float64Array.from(data, (x, k) => x - (from.data[k] as number)) };
}

function stack(parts: readonly Rows[]): Dense {
  const { rows, columns } = parts[0] as Rows;
  const data = new Float64Array(parts.length * rows * columns);
  for (const [index, part] of parts.entries()) data.set(part.data, index * rows * columns);
  return { rows: parts.length * rows, columns, data };
}

function centred({ rows, columns, data }: Dense): Dense {
  const mean = new Float64Array(columns);
  for (let k = 0; k < data.length; k++) (mean[k % columns] as number) += (data[k] as number) / rows;
  return { rows, columns, data: data.map((x, k) => x - (mean[k % columns] as number)) };
}

/** xᵀx. */
async function gram(x: Dense, products: DenseProducts): Promise<Float64Array> {
  return (await products.multiply(x, x, { transposeA: true })).data;
}
