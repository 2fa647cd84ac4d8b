import type { SupervisedExample } from './examples.ts';

/** An example of a user's own. Ground truth is there only where the user knows it, and only judges: it never trains or chooses. */
export interface OwnExample extends SupervisedExample {
  readonly groundTruth?: boolean;
  /** What examples share, e.g. a task; examples of one group are never split between training and calibration. */
  readonly group?: string;
}

/** A row that could not be read as an example. */
export interface RejectedRow {
  readonly file: string;
  /** Line in a text file, else row, from 1. */
  readonly line: number;
  readonly reason: string;
  /** The row as it stands in the file, cut at 2,000 characters. */
  readonly raw: string;
}

/** A user's data, read whole. */
export interface OwnData {
  /** The file or directory as the user named it, without its folders. */
  readonly name: string;
  readonly measurementNames: readonly string[];
  readonly examples: readonly OwnExample[];
  /** Rows read, rejected ones among them. */
  readonly rows: number;
  readonly rejected: readonly RejectedRow[];
  /** SHA-256 over the files' bytes. */
  readonly fingerprint: string;
  /** What a reader of results should know of how the data were read, a sentence each. */
  readonly notes?: readonly string[];
}

/** What supervision can tell of an example: whose word it is, and what the measurements say together. */
export const observedCategories = [
  'trusted-positive',
  'trusted-inconsistent',
  'trusted-negative',
  'untrusted-positive',
  'untrusted-inconsistent',
  'untrusted-negative',
  'unmeasured',
] as const;
export type ObservedCategory = (typeof observedCategories)[number];

/** The observed category of an example; each has exactly one. `unmeasured`: every measurement is absent. */
export function observedCategoryOf({
  measurements,
  trusted,
}: Pick<SupervisedExample, 'measurements' | 'trusted'>): ObservedCategory {
  const present = measurements.filter((measurement) => measurement !== null);
  if (present.length === 0) return 'unmeasured';
  const whose = trusted ? 'trusted' : 'untrusted';
  if (present.every(Boolean)) return `${whose}-positive`;
  return present.some(Boolean) ? `${whose}-inconsistent` : `${whose}-negative`;
}
