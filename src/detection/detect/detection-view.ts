import { createHash } from 'node:crypto';
import { UserError } from '../../core/errors.ts';
import type { Input, SupervisedExample } from '../../core/examples.ts';
import type { DataSummary } from '../../core/inspection.ts';
import {
  type ObservedCategory,
  type OwnData,
  type OwnExample,
  observedCategories,
  observedCategoryOf,
} from '../../core/own-data.ts';
import { createTrainingView, inputsOf } from '../../core/training-view.ts';

/** Data in memory, or as `loadOwnData` read them. */
export type DetectionData = OwnData | Pick<OwnData, 'measurementNames' | 'examples'>;

/** What a detection may see of some data: ground truth is not among it (design.md section 4). */
export interface DetectionView {
  readonly measurementNames: readonly string[];
  readonly examples: readonly SupervisedExample[];
  readonly inputs: readonly Input[];
  readonly categories: readonly ObservedCategory[];
  readonly groups: readonly (string | undefined)[];
  readonly summary: DataSummary;
}

/**
 * The firewall: fresh, frozen examples that never held ground truth.
 * @throws UserError (`duplicate-ids`, `wrong-measurements`) for examples that cannot be told apart or compared.
 */
export function detectionView(data: DetectionData): DetectionView {
  const { measurementNames } = data;
  requireRegular(data);
  // The same for every example, in the place of what some of them have.
  const blank = data.examples.map((example) => ({ ...example, groundTruth: false }));
  const { examples } = createTrainingView(blank, measurementNames, { groundTruth: false });
  const categories = examples.map(observedCategoryOf);
  return {
    measurementNames,
    examples,
    inputs: inputsOf(blank),
    categories,
    groups: data.examples.map(({ group }) => group),
    summary: summaryOf(data, examples, categories),
  };
}

function summaryOf(
  data: DetectionData,
  examples: readonly SupervisedExample[],
  categories: readonly ObservedCategory[],
): DataSummary {
  const count = (category: ObservedCategory) => categories.filter((other) => other === category).length;
  const counts = Object.fromEntries(observedCategories.map((category) => [category, count(category)]));
  const read = 'fingerprint' in data ? data : undefined;
  return {
    name: read?.name ?? 'in memory',
    fingerprint: read?.fingerprint ?? fingerprintOf(examples),
    rows: read?.rows ?? examples.length,
    rejected: read?.rejected.length ?? 0,
    measurementNames: data.measurementNames,
    counts: counts as DataSummary['counts'],
  };
}

function fingerprintOf(examples: readonly SupervisedExample[]): string {
  const hash = createHash('sha256');
  for (const { id, text, measurements, trusted } of examples) {
    hash.update(`${JSON.stringify([id, text, measurements, trusted])}\n`);
  }
  return hash.digest('hex');
}

function requireRegular({ measurementNames, examples }: DetectionData): void {
  const seen = new Set<string>();
  for (const { id, measurements } of examples) {
    if (seen.has(id)) {
      throw new UserError('duplicate-ids', `Expected ids to differ, got "${id}" twice. Give each example its own.`);
    }
    seen.add(id);
    requireMeasurements({ id, measurements }, measurementNames.length);
  }
}

/** @throws UserError (`wrong-measurements`) when an example has another number of measurements. */
export function requireMeasurements(
  { id, measurements }: Pick<OwnExample, 'id' | 'measurements'>,
  count: number,
): void {
  if (measurements.length === count) return;
  const message = `Expected example "${id}" to have ${count} measurements, got ${measurements.length}.`;
  throw new UserError('wrong-measurements', `${message} Give null where one is absent.`);
}
