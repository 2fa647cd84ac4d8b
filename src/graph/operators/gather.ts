import { singleOutputRule } from '../gradient-rule.ts';
import type { Value } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { sizeOf } from '../shapes.ts';
import { reshape } from './reshape.ts';

/**
 * Rows of `table` at int32 or int64 `indices` (each in [0, rows)): (rows, …) and (i, j) → (i, j, …). An embedding
 * when the table is a parameter. Indices out of range fail when run.
 */
export function gather(table: Value, indices: Value): Value {
  if (indices.dtype !== 'int32' && indices.dtype !== 'int64') {
    throw shapeError('gather', `type of indices (${indices.dtype})`, 'int32 or int64', [indices.shape]);
  }
  if (table.shape.length < 1) throw shapeError('gather', 'table', 'at least one-dimensional', [table.shape]);
  const shape = [...indices.shape, ...table.shape.slice(1)];
  return table.graph.emit(
    { operator: 'Gather', inputs: [table, indices], attributes: { axis: 0 } },
    shape,
    table.dtype,
  );
}

/** Rows (n, d) added into zeros (rows, d) at `indices` (n). ScatterND would race where indices repeat; this does not. */
function scatterRows(x: Value, indices: Value, rows: number): Value {
  const [n, d] = x.shape as readonly [number, number];
  const { graph } = x;
  const column = reshape(indices, [n, 1]);
  const inputs = [column, graph.integers([n, d])];
  const everywhere = graph.emit({ operator: 'Expand', inputs }, [n, d], indices.dtype);
  const attributes = { axis: 0, reduction: 'add' };
  return graph.emit({ operator: 'ScatterElements', inputs: [graph.filled(0, [rows, d]), everywhere, x], attributes }, [
    rows,
    d,
  ]);
}

export const gatherRules = {
  Gather: singleOutputRule((g, [table, indices], _, node) => {
    if (node.attributes.axis !== undefined && node.attributes.axis !== 0) {
      throw shapeError('gather', `axis (${node.attributes.axis})`, '0 where a gradient passes', [table.shape]);
    }
    const rows = table.shape[0] as number;
    const flat = scatterRows(reshape(g, [sizeOf(indices.shape), sizeOf(table.shape) / rows]), indices, rows);
    return [reshape(flat, table.shape), undefined];
  }),
} as const;
