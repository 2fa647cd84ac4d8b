/** A matrix that is mostly zeros, row by row: row i holds `values[k]` in column `indices[k]` for k from starts[i] to starts[i + 1]. */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  /** (rows + 1), from 0 to the number of values. */
  readonly starts: Int32Array;
  /** Columns, each at most once in a row. */
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** Sparse rows from each row's (column, value) pairs. */
export function sparseRows(rows: readonly (readonly (readonly [number, number])[])[], columns: number): SparseRows {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    starts[i + 1] = (starts[i] as number) + row.length;
  });
  const indices = new Int32Array(starts[rows.length] as number);
  const values = new Float32Array(indices.length);
  rows.forEach((row, i) => {
    row.forEach(([column, value], k) => {
      indices[(starts[i] as number) + k] = column;
      values[(starts[i] as number) + k] = value;
    });
  });
  return { rows: rows.length, columns, starts, indices, values };
}
