import type { Example } from '../core/examples.ts';
import type { Dataset } from '../core/settings.ts';

/** The dataset with `change` applied to every split. */
export function mapSplits(
  dataset: Dataset,
  change: (examples: readonly Example[], split: string) => readonly Example[],
): Dataset {
  const splits = Object.entries(dataset.splits).map(([split, examples]) => [split, change(examples, split)]);
  return { ...dataset, splits: Object.fromEntries(splits) as Dataset['splits'] };
}
