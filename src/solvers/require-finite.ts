import { expected } from '../core/errors.ts';
import { rowBlocks } from './row-blocks.ts';
import type { RowSource } from './row-source.ts';

/** @throws UserError (`not-finite`) naming row and column of the first value that is not a finite number. */
export async function requireFinite(source: RowSource): Promise<void> {
  const { columns } = source;
  for await (const { start, data } of rowBlocks(source, 4096)) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const [row, column] = [start + Math.floor(at / columns), at % columns];
    const thing = `features[${row * columns + column}] (row ${row}, column ${column})`;
    throw expected('not-finite', thing, 'a finite number', String(data[at]), 'Look at what computed it');
  }
}
