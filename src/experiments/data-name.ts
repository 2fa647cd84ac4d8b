import type { DataSource } from '../core/settings.ts';

/** What files are called in a run's config: where they come from, and the revision where one is named. */
export function dataName({ source, revision }: Pick<DataSource, 'source' | 'revision'>): string {
  return revision === undefined ? source : `${source}@${revision}`;
}
