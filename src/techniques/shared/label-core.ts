import type { Matrix } from '../../core/models.ts';
import { createNeighbourIndex, type Neighbours } from '../../solvers/nearest-neighbours.ts';
import { type DirectedGraph, stronglyConnected } from '../../solvers/strongly-connected.ts';

/**
 * Rows in the core of their class, ascending: in the directed graph from each row to its k nearest other rows of the same
 * side of 1/2, each side's largest strongly connected component, of equally large ones that of the first row
 * (TopoFilter: Wu et al. 2020; methods.md 4.4). Edges to the other side are on no cycle of edges that leave one side alone,
 * so to leave them out changes nothing.
 *
 * @param labels (rows)
 * @throws UserError `neighbours` unless 1 ≤ k < rows.
 */
export async function labelCore(
  activations: Matrix,
  labels: Float64Array,
  k: number,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const neighbours = await createNeighbourIndex(activations, { signal }).queryOthers(k);
  const positive = Array.from(labels, (label) => label > 0.5);
  const component = stronglyConnected(graphWithin(positive, neighbours));
  const cores = new Set([true, false].map((side) => largestComponent(component, positive, side)));
  return [...component.keys()].filter((row) => cores.has(component[row] as number));
}

/** The edges that stay on one side. */
function graphWithin(positive: readonly boolean[], { k, indices }: Neighbours): DirectedGraph {
  const starts = new Int32Array(positive.length + 1);
  const targets = new Int32Array(indices.length);
  let edges = 0;
  for (let row = 0; row < positive.length; row++) {
    for (const neighbour of indices.subarray(row * k, (row + 1) * k)) {
      if (positive[neighbour] === positive[row]) targets[edges++] = neighbour;
    }
    starts[row + 1] = edges;
  }
  return { starts, targets: targets.subarray(0, edges) };
}

/** The component with most rows of a side, which no row of the other side is in; −1 without rows. */
function largestComponent(component: Int32Array, positive: readonly boolean[], side: boolean): number {
  const sizes = new Map<number, number>();
  component.forEach((own, row) => {
    if (positive[row] === side) sizes.set(own, (sizes.get(own) ?? 0) + 1);
  });
  let [largest, most] = [-1, 0];
  for (const [own, size] of sizes) if (size > most) [largest, most] = [own, size];
  return largest;
}
