import type { RunRecord } from '../../core/records.ts';

/** Whether a weak supervisor labelled the setting's data. */
export function isWeaklySupervised({ steps, datasets }: RunRecord, setting: string): boolean {
  const labelling = new Set(steps.filter(({ kind }) => kind === 'weak-supervisor').map(({ key }) => key));
  return datasets.some((dataset) => dataset.setting === setting && labelling.has(dataset.key));
}
