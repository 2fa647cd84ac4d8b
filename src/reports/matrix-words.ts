import type { MetricId } from '../core/estimates.ts';
import { formatLevel } from './format.ts';
import type { MatrixPart, MatrixTable } from './report-view.ts';

const titles: Partial<Record<MetricId, readonly [title: string, meaning: string]>> = {
  'real-vs-fake-auroc': ['Real-vs-fake AUROC', 'telling real from fake positives, 0.5 is chance'],
  'ground-truth-auroc': ['Ground-truth AUROC', 'over all untrusted examples, 0.5 is chance'],
  'ground-truth-accuracy': ['Ground-truth accuracy', 'over all untrusted examples'],
  'pgr-auroc': ['Performance gap recovered', 'on ground-truth AUROC, from the weak labels to the ceiling'],
};

export function matrixTitle({ metric }: MatrixTable): string {
  return titles[metric]?.[0] ?? metric;
}

/** What the numbers of a table are, in one sentence or two. */
export function matrixMeaning({ metric, level, columns }: MatrixTable): string {
  const splits = [...new Set(columns.map(({ split }) => split))].join(', ');
  const interval = `${level === null ? '' : `${formatLevel(level)} `}interval`;
  return `${titles[metric]?.[1] ?? metric}; in brackets the ${interval}, on ${splits}. Ranks are within a setting, among techniques; rows stand by mean rank over the settings they ran on.`;
}

export const matrixParts: Readonly<Record<MatrixPart['kind'], string>> = {
  structural: 'Techniques that exploit structure',
  general: 'General techniques',
  supervisor: 'The weak labels',
  control: 'Controls',
  ceiling: 'Ceilings, which see ground truth',
};
