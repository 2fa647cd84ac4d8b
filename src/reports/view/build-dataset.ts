import { categories } from '../../core/examples.ts';
import type { RunRecord } from '../../core/records.ts';
import type { CountRange, DatasetView } from '../report-view.ts';
import { distinct } from './distinct.ts';

type Datasets = RunRecord['datasets'];

/** Counts by category and split, and of what was dropped, over the seeds of one setting; null when there are none. */
export function buildDataset(datasets: Datasets): DatasetView | null {
  if (datasets.length === 0) return null;
  const splits = distinct(datasets.flatMap(({ counts }) => Object.keys(counts)));
  const reasons = distinct(datasets.flatMap(({ dropped }) => Object.keys(dropped)));
  return {
    splits,
    counts: categories.map((category) => ({
      category,
      bySplit: splits.map((split) => rangeOf(datasets.map(({ counts }) => counts[split]?.[category] ?? 0))),
    })),
    dropped: reasons.map((reason) => ({ reason, count: rangeOf(datasets.map(({ dropped }) => dropped[reason] ?? 0)) })),
  };
}

function rangeOf(counts: readonly number[]): CountRange {
  return { least: Math.min(...counts), most: Math.max(...counts) };
}
