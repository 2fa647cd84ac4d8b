import type { DataSummary } from '../../core/inspection.ts';
import { categoryGrid } from '../category-grid.ts';
import { plain, table } from './text.ts';

/** How many examples there are of each category. */
export function categoryBlocks(data: DataSummary): string[] {
  const { columns, rows, notes } = categoryGrid(data);
  const cells = rows.map(({ name, counts }) => [name, ...counts.map((count) => count.toLocaleString('en-US'))]);
  return ['## Data', table(['Examples', ...columns], cells), ...notes.map(plain)];
}
