import { categoryOf, type Example } from './examples.ts';
import type { CategoryCounts, DatasetNotes } from './settings.ts';

/** How many examples of each category there are; categories without any are left out. */
export function countCategories(examples: readonly Example[]): CategoryCounts {
  const counts: Record<string, number> = {};
  for (const example of examples) counts[categoryOf(example)] = (counts[categoryOf(example)] ?? 0) + 1;
  return counts;
}

/** The same for each split, as {@link DatasetNotes} wants it. */
export function countBySplit(splits: Readonly<Record<string, readonly Example[]>>): DatasetNotes['counts'] {
  return Object.fromEntries(Object.entries(splits).map(([split, examples]) => [split, countCategories(examples)]));
}
