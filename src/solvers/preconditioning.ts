import { type Cholesky, solveLower, solveUpper } from './cholesky.ts';
import { createDenseProducts } from './dense-products.ts';
import { factorise } from './factorise.ts';
import type { Centre } from './linear-products.ts';
import { matrixRows } from './matrix-rows.ts';
import { computeMoments } from './moments.ts';
import { rowBlocks } from './row-blocks.ts';
import type { RowSource, SolverOptions } from './row-source.ts';

/**
 * The optimiser sees v = Lᵀw per output, where L·Lᵀ approximates the Hessian where all classes are equally likely: about
 * unit curvature in every direction, however correlated the columns, at the same optimum.
 */
export interface Preconditioning extends Centre {
  readonly factor: Cholesky;
}

/** Sampled rows per column; more buys fewer iterations at columns² each. */
const rowsPerColumn = 4;
/** Standard deviations of a mean from 0 beyond which float32 would lose a digit and a half. */
const farthest = 30;

/**
 * From evenly spaced rows, as many as make it good to a small factor.
 * @param penalties (columns) Coefficient of wⱼ² in the objective.
 * @param curvature Of the loss by a logit where all classes are equally likely.
 */
export async function preconditioningOf(
  source: RowSource,
  penalties: Float64Array,
  curvature: number,
  options: SolverOptions,
): Promise<Preconditioning> {
  const { columns } = source;
  const { mean, scatter, rows } = await computeMoments(await sampledRows(source), options);
  const hessian = scatter.map((value) => (curvature * value) / rows);
  let most = 0;
  for (let k = 0; k < hessian.length; k += columns + 1) most = Math.max(most, hessian[k] as number);
  // A floor far below any direction that matters keeps a singular matrix factorable.
  const floor = 1e-9 * most || 1;
  penalties.forEach((penalty, j) => {
    (hessian[j * (columns + 1)] as number) += 2 * penalty + floor;
  });
  const far = mean.some((m, j) => m * m > farthest ** 2 * ((scatter[j * (columns + 1)] as number) / rows));
  const products = createDenseProducts(options);
  const factor = await factorise(hessian, columns, products).finally(() => products.dispose());
  return { centre: mean, far, factor };
}

/** w of v, for each output, in place. */
export function toWeights(point: Float64Array, { factor }: Preconditioning): void {
  eachOutput(point, factor.size, (part) => solveUpper(factor, part));
}

/** Derivatives by v of those by w, for each output, in place. */
export function toPointGradient(gradient: Float64Array, { factor }: Preconditioning): void {
  eachOutput(gradient, factor.size, (part) => solveLower(factor, part));
}

function eachOutput(values: Float64Array, size: number, visit: (part: Float64Array) => void): void {
  for (let start = 0; start < values.length; start += size) visit(values.subarray(start, start + size));
}

async function sampledRows(source: RowSource): Promise<RowSource> {
  const { rows, columns } = source;
  const stride = Math.max(1, Math.floor(rows / (rowsPerColumn * columns)));
  if (stride === 1) return source;
  const sampled = Math.ceil(rows / stride);
  const data = new Float32Array(sampled * columns);
  let next = 0;
  for await (const block of rowBlocks(source, 4096)) {
    for (; next * stride < block.start + block.rows; next++) {
      const at = (next * stride - block.start) * columns;
      data.set(block.data.subarray(at, at + columns), next * columns);
    }
  }
  return matrixRows({ rows: sampled, columns, data });
}
