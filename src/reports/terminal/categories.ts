import type { DataSummary } from '../../core/inspection.ts';
import { categoryGrid } from '../category-grid.ts';
import { gridLines } from './grid.ts';
import { wrap } from './text-width.ts';

/**
 * How many examples there are of each category.
 * @param further notes on the data. @default none
 */
export function categoryLines(data: DataSummary, width: number, further: readonly string[] = []): string[] {
  const { columns, rows, notes } = categoryGrid(data);
  const cells = columns.map((head, j) => {
    const texts = rows.map(({ counts }) => (counts[j] as number).toLocaleString('en-US'));
    return [head, ...texts.map((text) => text.padStart(head.length))];
  });
  return [
    ...gridLines(['examples', ...rows.map(({ name }) => name)], cells, width),
    ...[...notes, ...further].flatMap((note) => wrap(note, width)),
  ];
}
