import { expected } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';
import type { RowSource } from './row-source.ts';

/** A matrix in memory as a row source. @throws UserError (`length`) when its data are not rows × columns long. */
export function matrixRows({ rows, columns, data }: Matrix): RowSource {
  if (data.length !== rows * columns) {
    const wanted = `${rows} × ${columns} numbers long`;
    throw expected('length', "the matrix's data", wanted, data.length, 'Check how the matrix was made');
  }
  return {
    rows,
    columns,
    async *chunks() {
      yield data;
    },
  };
}
