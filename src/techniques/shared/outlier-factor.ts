import type { Matrix } from '../../core/models.ts';
import { createNeighbourIndex, type Neighbours } from '../../solvers/nearest-neighbours.ts';

export interface OutlierFactorOptions {
  /** Neighbours; at most one less than the references, else that many are taken. */
  readonly neighbours: number;
  readonly signal?: AbortSignal;
}

/** Keeps densities finite where all neighbours coincide; as in scikit-learn. */
const leastReach = 1e-10;

/**
 * Local outlier factor for new rows, in novelty mode (Breunig et al. 2000; methods.md 14.7). With the k nearest references
 * N(x) by Euclidean distance, kdist(o) the distance of a reference o to its own k-th neighbour among the others, and
 *
 *   lrd(x) = 1 / (mean over o ∈ N(x) of max(kdist(o), |x − o|) + 1e-10),
 *
 * the factor is the mean over o ∈ N(x) of lrd(o) / lrd(x): about 1 inside a cluster, larger where x lies in a sparser
 * place than its neighbours. It is minus scikit-learn's `score_samples`.
 *
 * @param references (n × columns), n at least 2
 * @returns the factor of each row of a matrix.
 * @throws UserError `neighbours` with fewer than two references.
 */
export async function fitOutlierFactor(
  references: Matrix,
  { neighbours, signal }: OutlierFactorOptions,
): Promise<(rows: Matrix) => Promise<Float64Array>> {
  const index = createNeighbourIndex(references, signal ? { signal } : {});
  const k = Math.min(neighbours, references.rows - 1);
  const among = await index.queryOthers(k);
  const reach = Float64Array.from(
    { length: references.rows },
    (_, row) => among.distances[(row + 1) * k - 1] as number,
  );
  const densities = densitiesOf(among, reach);
  return async (rows) => {
    const found = await index.query(rows, k);
    return densitiesOf(found, reach).map((density, row) => {
      return meanOver(found, row, (neighbour) => densities[neighbour] as number) / density;
    });
  };
}

/** lrd of each query. */
function densitiesOf(found: Neighbours, reach: Float64Array): Float64Array {
  return Float64Array.from({ length: found.indices.length / found.k }, (_, row) => {
    const mean = meanOver(found, row, (neighbour, distance) => Math.max(reach[neighbour] as number, distance));
    return 1 / (mean + leastReach);
  });
}

function meanOver(
  { k, indices, distances }: Neighbours,
  row: number,
  value: (neighbour: number, distance: number) => number,
): number {
  let sum = 0;
  for (let at = row * k; at < (row + 1) * k; at++) sum += value(indices[at] as number, distances[at] as number);
  return sum / k;
}
