import { resolveAxis } from '../axes.ts';
import { singleOutputRule } from '../gradient-rule.ts';
import type { Value } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { sizeOf } from '../shapes.ts';
import { expand } from './reductions.ts';
import { reshape } from './reshape.ts';

/**
 * Rows of `table` at int32 or int64 `indices` (each in [0, rows)): (rows, …) and (i, j) → (i, j, …). An embedding
 * when the table is a parameter. With another `axis`, what lies at the indices along it. Indices out of range fail when run.
 */
export function gather(table: Value, indices: Value, axis = 0): Value {
  if (indices.dtype !== 'int32' && indices.dtype !== 'int64') {
    throw shapeError('gather', `type of indices (${indices.dtype})`, 'int32 or int64', [indices.shape]);
  }
  if (table.shape.length < 1) throw shapeError('gather', 'table', 'at least one-dimensional', [table.shape]);
  const at = resolveAxis('gather', table, axis);
  const shape = [...table.shape.slice(0, at), ...indices.shape, ...table.shape.slice(at + 1)];
  return table.graph.emit(
    { operator: 'Gather', inputs: [table, indices], attributes: { axis: at } },
    shape,
    table.dtype,
  );
}

/** One element of x per int32 or int64 index, which stands for the position along `axis`; other axes keep theirs. */
export function gatherElements(x: Value, indices: Value, axis: number): Value {
  const at = resolveAxis('gatherElements', x, axis);
  const other = (shape: readonly number[]) => shape.filter((_, i) => i !== at);
  const inside = other(indices.shape).every((length, i) => length <= (other(x.shape)[i] as number));
  if (indices.shape.length !== x.shape.length || !inside) {
    throw shapeError('gatherElements', "indices' shape", `within the values' except along axis ${at}`, [
      indices.shape,
      x.shape,
    ]);
  }
  const attributes = { axis: at };
  return x.graph.emit({ operator: 'GatherElements', inputs: [x, indices], attributes }, indices.shape, x.dtype);
}

/** x added into zeros of `shape` at indices of x's shape along an axis. */
function scatterElements(x: Value, indices: Value, shape: readonly number[], axis: number): Value {
  const attributes = { axis, reduction: 'add' };
  const inputs = [x.graph.filled(0, shape), indices, x];
  return x.graph.emit({ operator: 'ScatterElements', inputs, attributes }, shape);
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

/** The gradient of a gather along another axis than the first. */
function scatterAlong(g: Value, indices: Value, table: Value, axis: number): Value {
  const count = sizeOf(indices.shape);
  const shape = table.shape.map((length, i) => (i === axis ? count : length));
  const flat = reshape(
    indices,
    shape.map((_, i) => (i === axis ? count : 1)),
  );
  return scatterElements(reshape(g, shape), expand(flat, shape), table.shape, axis);
}

export const gatherRules = {
  Gather: singleOutputRule((g, [table, indices], _, node) => {
    const axis = resolveAxis('gather', table, (node.attributes.axis as number | undefined) ?? 0);
    if (axis > 0) return [scatterAlong(g, indices, table, axis), undefined];
    const rows = table.shape[0] as number;
    const flat = scatterRows(reshape(g, [sizeOf(indices.shape), sizeOf(table.shape) / rows]), indices, rows);
    return [reshape(flat, table.shape), undefined];
  }),
  GatherElements: singleOutputRule((g, [x, indices], _, node) => {
    const axis = resolveAxis('gatherElements', x, (node.attributes.axis as number | undefined) ?? 0);
    return [scatterElements(g, indices, x.shape, axis), undefined];
  }),
} as const;
