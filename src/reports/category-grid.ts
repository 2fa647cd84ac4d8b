import type { DataSummary } from '../core/inspection.ts';
import type { ObservedCategory } from '../core/own-data.ts';

/** Counts of examples as a table: whose word it is against what the measurements say together. */
export interface CategoryGrid {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly counts: readonly number[] }[];
  /** What the table leaves out, in sentences. */
  readonly notes: readonly string[];
}

const columns = ['positive', 'inconsistent', 'negative'] as const;

export function categoryGrid({ counts, rejected, measurementNames }: DataSummary): CategoryGrid {
  const rows = (['trusted', 'untrusted'] as const).map((whose) => ({
    name: whose,
    counts: columns.map((said) => counts[`${whose}-${said}` as ObservedCategory]),
  }));
  const measured = measurementNames.length === 1 ? 'One measurement' : `${measurementNames.length} measurements`;
  const notes = [
    `${measured}: ${measurementNames.join(', ')}.`,
    ...(counts.unmeasured > 0 ? [`${counted(counts.unmeasured, 'example')} without any measurement.`] : []),
    ...(rejected > 0 ? [`${counted(rejected, 'row')} could not be read; see rejected.jsonl.`] : []),
  ];
  return { columns: ['all positive', 'inconsistent', 'all negative'], rows, notes };
}

/** `1 row`, `1,204 rows` */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
