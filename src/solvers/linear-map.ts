import { expected } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';
import type { Graph } from '../graph/graph.ts';
import { matmul, sub } from '../graph/operators.ts';
import { blockSessions } from './block-sessions.ts';
import { rowBlocks } from './row-blocks.ts';
import type { RowSource, SolverOptions } from './row-source.ts';

/** x ↦ map · (x − mean). */
export interface LinearMap {
  /** (columns) */
  readonly mean: Float64Array;
  /** (outputs × columns) row-major. */
  readonly map: Float64Array;
}

/**
 * The mapped rows, (rows × outputs), in float32.
 * @throws UserError (`columns`) when the rows have not as many columns as the map.
 */
export async function applyLinearMap(
  source: RowSource,
  { mean, map }: LinearMap,
  options: SolverOptions = {},
): Promise<Matrix> {
  const { rows, columns } = source;
  if (columns !== mean.length) {
    const wanted = `the ${mean.length} of the fit`;
    throw expected('columns', 'the number of feature columns', wanted, columns, 'Use the same layer for both');
  }
  const outputs = map.length / columns;
  const build = (graph: Graph, size: number) => {
    const centred = sub(graph.input('x', [size, columns]), graph.input('mean', [columns]));
    return { y: matmul(centred, graph.input('map', [outputs, columns]), { transposeB: true }) };
  };
  const sessions = blockSessions(build, options);
  const feeds = { mean: Float32Array.from(mean), map: Float32Array.from(map) };
  const data = new Float32Array(rows * outputs);
  try {
    if (outputs === 0) return { rows, columns: outputs, data };
    for await (const block of rowBlocks(source, 4096)) {
      const { y } = await sessions.run<Float32Array>(block.rows, { x: block.data, ...feeds });
      data.set(y, block.start * outputs);
    }
  } finally {
    await sessions.dispose();
  }
  return { rows, columns: outputs, data };
}
