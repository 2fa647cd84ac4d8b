import type { Graph } from '../graph/graph.ts';
import type { BatchShape, TextInputs } from './network.ts';

/** Names of the graph inputs that every network reads. */
export const textInputNames = { ids: 'tokens', lastPositions: 'last-positions', lastRows: 'last-rows' } as const;

/** Declares in `graph` what a network reads. */
export function textInputs(graph: Graph, shape: BatchShape): TextInputs {
  const { batch, tokens } = shape;
  return {
    ...shape,
    graph,
    ids: graph.input(textInputNames.ids, [batch, tokens], 'int32'),
    lastPositions: graph.input(textInputNames.lastPositions, [batch], 'int32'),
    lastRows: graph.input(textInputNames.lastRows, [batch], 'int32'),
  };
}
