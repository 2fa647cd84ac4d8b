import { expected } from '../../core/errors.ts';
import type { Matrix } from '../../core/models.ts';
import { type ObservedCategory, type OwnData, observedCategoryOf } from '../../core/own-data.ts';
import type { Progress } from '../../core/settings.ts';
import { dealFolds } from './deal-folds.ts';

/** What an inspection is run on. */
export interface InspectOptions {
  /** Ground truth in it is never read. */
  readonly data: OwnData;
  /** One row of numbers per example, (n × d), in the order of the examples. */
  readonly features: { readonly name: string; readonly rows: Matrix };
  /** The same seed gives the same record. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
}

/** What an inspection may see of an example. */
interface SeenExample {
  readonly text: string;
  readonly measurements: readonly (boolean | null)[];
  readonly trusted: boolean;
  readonly category: ObservedCategory;
}

/** The data behind the firewall: no ground truth, and each example in one fold for every question. */
export interface InspectView {
  readonly measurementNames: readonly string[];
  readonly examples: readonly SeenExample[];
  readonly rows: Matrix;
  /** (n) from 0 */
  readonly fold: Int32Array;
  readonly folds: number;
  /** Whether some examples belong to groups. */
  readonly grouped: boolean;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Positions of the examples of these categories, ascending. */
  of(...categories: readonly ObservedCategory[]): readonly number[];
}

const folds = 5;

/** @throws UserError `length` or `not-finite` when the features do not fit the examples. */
export function inspectView({ data, features, seed, signal }: InspectOptions): InspectView {
  requireRows(features.rows, data.examples.length);
  const examples = data.examples.map(({ text, measurements, trusted }) => {
    return { text, measurements, trusted, category: observedCategoryOf({ measurements, trusted }) };
  });
  const dealt = examples.map(({ text, category }, i) => {
    const group = data.examples[i]?.group;
    return { text, kind: category, ...(group !== undefined && { group }) };
  });
  return {
    measurementNames: data.measurementNames,
    examples,
    rows: features.rows,
    fold: dealFolds(dealt, folds, seed),
    folds,
    grouped: data.examples.some(({ group }) => group !== undefined),
    seed,
    signal: signal ?? new AbortController().signal,
    of: (...categories) => [...examples.keys()].filter((i) => categories.includes(examples[i]?.category as never)),
  };
}

function requireRows({ rows, columns, data }: Matrix, wanted: number): void {
  if (rows !== wanted || data.length !== rows * columns) {
    throw expected('length', 'the number of feature rows', `the ${wanted} examples`, rows, 'Give one row per example');
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const where = `features[${Math.floor(wrong / columns)}, ${wrong % columns}]`;
  throw expected('not-finite', where, 'a finite number', String(data[wrong]), 'Look at what computed it');
}
