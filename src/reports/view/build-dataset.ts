import { categories } from '../../core/examples.ts';
import type { DatasetSummary } from '../../core/records.ts';
import type { ChangedRow, CountRange, DatasetView } from '../report-view.ts';
import { distinct } from './distinct.ts';

type Datasets = readonly DatasetSummary[];

/** Counts by category and split, and of what was dropped or relabelled, over the seeds of one setting; null when there are none. */
export function buildDataset(datasets: Datasets): DatasetView | null {
  const [first] = datasets;
  if (first === undefined) return null;
  const splits = distinct(datasets.flatMap(({ counts }) => Object.keys(counts)));
  return {
    splits,
    counts: categories.map((category) => ({
      category,
      bySplit: splits.map((split) => rangeOf(datasets.map(({ counts }) => counts[split]?.[category] ?? 0))),
    })),
    dropped: changedRows(datasets, 'dropped'),
    relabelled: changedRows(datasets, 'relabelled'),
    heldOut: Object.entries(first.heldOut).map(([split, what]) => ({ split, what })),
  };
}

function changedRows(datasets: Datasets, part: 'dropped' | 'relabelled'): ChangedRow[] {
  const reasons = distinct(datasets.flatMap((dataset) => Object.keys(dataset[part])));
  return reasons.flatMap((reason) =>
    categories.flatMap((category) => {
      const counts = datasets.map((dataset) => dataset[part][reason]?.[category] ?? 0);
      const all = sum(datasets.flatMap((dataset) => ofCategory(dataset, category)));
      return sum(counts) === 0 ? [] : [{ reason, category, count: rangeOf(counts), share: sum(counts) / all }];
    }),
  );
}

/** Counts of a category: what is kept in each split, and what was dropped for each reason. */
function ofCategory({ counts, dropped }: DatasetSummary, category: ChangedRow['category']): number[] {
  return [...Object.values(counts), ...Object.values(dropped)].map((own) => own[category] ?? 0);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function rangeOf(counts: readonly number[]): CountRange {
  return { least: Math.min(...counts), most: Math.max(...counts) };
}
