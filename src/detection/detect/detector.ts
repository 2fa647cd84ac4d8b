import type { DetectionRow } from '../../core/detection.ts';
import type { Input } from '../../core/examples.ts';
import type { DataSummary } from '../../core/inspection.ts';
import { type ObservedCategory, type OwnExample, observedCategoryOf } from '../../core/own-data.ts';
import type { DetectorConfig } from '../detection-config.ts';
import { requireMeasurements } from './detection-view.ts';
import { type FittedDetector, scoreInputs, weightedExamples } from './fit-detector.ts';
import type { ModelKeeper } from './model-source.ts';
import { alarmsOf, pValuesOf } from './p-values.ts';
import { rankBySuspicion } from './rank-by-suspicion.ts';

/** What a detector is, as plain data. */
export interface DetectorDescription {
  readonly config: DetectorConfig;
  /** What it was trained and calibrated on. */
  readonly data: DataSummary;
  /** What its scores are made from. */
  readonly model: string;
}

/** What may be asked of a detector anew each time it scores; the config's, unless told otherwise. */
export interface AlarmOptions {
  readonly alarm?: number | undefined;
  readonly correction?: DetectorConfig['correction'] | undefined;
}

/** A row without what only all rows together tell. */
export type ScoredRow = Omit<DetectionRow, 'rank' | 'flagged'>;

/** Trained, calibrated, ready to score. */
export interface Detector extends DetectorDescription {
  readonly fitted: FittedDetector;
  readonly keeper: ModelKeeper;
  /** Scores and p-values of examples that it was not trained on. */
  scoreBatch(examples: readonly OwnExample[]): Promise<ScoredRow[]>;
  /** The same with rank and alarm among these examples. @throws UserError (`bad-alarm`) for a rate outside (0, 1). */
  score(examples: readonly OwnExample[], options?: AlarmOptions): Promise<DetectionRow[]>;
}

const examplesAtOnce = 256;

export function createDetector(
  description: DetectorDescription,
  fitted: FittedDetector,
  keeper: ModelKeeper,
): Detector {
  const { config, data } = description;
  const scoreBatch = (examples: readonly OwnExample[]) => scoreWith(fitted, examples, data.measurementNames.length);
  return Object.freeze({
    ...description,
    fitted,
    keeper,
    scoreBatch,
    score: async (examples: readonly OwnExample[], options: AlarmOptions = {}) => {
      const rows: ScoredRow[] = [];
      for (let start = 0; start < examples.length; start += examplesAtOnce) {
        rows.push(...(await scoreBatch(examples.slice(start, start + examplesAtOnce))));
      }
      return withAlarms(rows, { ...config, ...withoutUndefined(options) });
    },
  });
}

async function scoreWith(fitted: FittedDetector, examples: readonly OwnExample[], measurements: number) {
  for (const example of examples) requireMeasurements(example, measurements);
  const categories = examples.map(observedCategoryOf);
  const inputs: readonly Input[] = examples.map(({ id, text, pairs }) => ({ id, text, ...(pairs && { pairs }) }));
  const scored = await scoreInputs(fitted, inputs);
  const judged = untrustedPositives(categories);
  const pValues = pValuesOf(fitted.calibration, weightedExamples(scored, judged));
  const names = fitted.techniques.map(({ name }) => name);
  return scoredRows({ examples, categories, names, scores: scored.scores }, pValuesAt(judged, pValues));
}

export interface RowParts {
  readonly examples: readonly Pick<OwnExample, 'id'>[];
  readonly categories: readonly ObservedCategory[];
  /** Of the techniques, and their scores, (techniques) × (n). */
  readonly names: readonly string[];
  readonly scores: readonly Float64Array[];
}

/** Rows of examples; those without a p-value do not claim to be real. */
export function scoredRows(
  { examples, categories, names, scores }: RowParts,
  pValues: ReadonlyMap<number, number>,
): ScoredRow[] {
  return examples.map(({ id }, i) => {
    const own = scores.map((values) => values[i] as number);
    return {
      id,
      category: categories[i] as ObservedCategory,
      score: own[0] as number,
      further: Object.fromEntries(names.slice(1).map((name, k) => [name, own[k + 1] as number])),
      pValue: pValues.get(i) ?? null,
    };
  });
}

export function untrustedPositives(categories: readonly ObservedCategory[]): number[] {
  return [...categories.keys()].filter((i) => categories[i] === 'untrusted-positive');
}

function pValuesAt(rows: readonly number[], pValues: Float64Array): ReadonlyMap<number, number> {
  return new Map(rows.map((row, k) => [row, pValues[k] as number]));
}

/** Rank and alarm of untrusted positives among each other. */
export function withAlarms(
  rows: readonly ScoredRow[],
  options: Pick<DetectorConfig, 'alarm' | 'correction'>,
): DetectionRow[] {
  const judged = [...rows.keys()].filter((i) => rows[i]?.pValue !== null);
  const alarms = alarmsOf(
    judged.map((i) => rows[i]?.pValue as number),
    options,
  );
  const flagged = new Set(judged.filter((_, k) => alarms[k]));
  const ranks = rankBySuspicion(rows);
  return rows.map((row, i) => ({ ...row, rank: ranks[i] ?? null, flagged: flagged.has(i) }));
}

function withoutUndefined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
