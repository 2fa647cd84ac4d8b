import type { Matrix } from '../../core/models.ts';
import { createNeighbourIndex } from '../../solvers/nearest-neighbours.ts';

/**
 * Mean label of each row's k nearest other rows by Euclidean distance (methods.md 4.4).
 *
 * @param labels (rows)
 * @throws UserError `neighbours` unless 1 ≤ k < rows.
 */
export async function neighbourLabels(
  activations: Matrix,
  labels: Float64Array,
  k: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  const { indices } = await createNeighbourIndex(activations, { signal }).queryOthers(k);
  return labels.map((_, row) => {
    const neighbours = indices.subarray(row * k, (row + 1) * k);
    return neighbours.reduce((sum, neighbour) => sum + (labels[neighbour] as number), 0) / k;
  });
}
