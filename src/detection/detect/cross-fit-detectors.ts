import type { Progress } from '../../core/settings.ts';
import type { DetectorConfig } from '../detection-config.ts';
import type { TechniqueChoice } from './choose-techniques.ts';
import type { DetectionFolds } from './detection-folds.ts';
import type { DetectionView } from './detection-view.ts';
import { type ScoredRow, scoredRows, untrustedPositives } from './detector.ts';
import type { ShiftScores } from './exchangeability.ts';
import {
  type FittedDetector,
  type FittedFold,
  fitDetector,
  type ScoredInputs,
  weightedExamples,
} from './fit-detector.ts';
import type { ModelSource } from './model-source.ts';
import { pValuesOf } from './p-values.ts';
import { settleChoice } from './settle-choice.ts';

export interface CrossFitOptions {
  readonly view: DetectionView;
  readonly folds: DetectionFolds;
  readonly choice: TechniqueChoice;
  readonly source: ModelSource;
  readonly config: DetectorConfig;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface CrossFittedDetectors {
  /** The techniques in their final order. */
  readonly choice: TechniqueChoice;
  readonly rows: readonly ScoredRow[];
  readonly shifts: ShiftScores;
  /** Of each fold's trusted positives; none without weights. */
  readonly calibrationWeights: readonly Float64Array[];
  /** That of the fold to keep. */
  readonly detector: FittedDetector;
}

/** What is remembered of a fold: its examples and their scores, in the order of these. */
interface HeldFold {
  readonly held: readonly number[];
  readonly scored: ScoredInputs;
}

/**
 * Scores and p-values of every example by detectors that were not trained on it. Which technique sets the alarm may be
 * settled by the scores of all folds, so p-values come last.
 * @throws UserError as {@link fitDetector}.
 */
export async function crossFitDetectors(options: CrossFitOptions): Promise<CrossFittedDetectors> {
  const { view } = options;
  const { parts, kept, shifts } = await fitFolds(options);
  const raw = options.choice.techniques.map((_, t) => gathered(parts, view, t));
  const { choice, order } = settleChoice(options.choice, view, raw);
  const inOrder = <T>(values: readonly T[]) => order.map((t) => values[t] as T);
  const ordered = parts.map(({ held, scored }) => ({ held, scored: { ...scored, scores: inOrder(scored.scores) } }));
  const calibrated = ordered.map((part) => ({ ...part, calibration: calibrationOf(part, view) }));
  const pValues = new Map(calibrated.flatMap((part) => foldPValues(part, view)));
  const { examples, categories } = view;
  const names = choice.techniques.map(({ name }) => name);
  const { calibration } = calibrated[options.folds.kept] as (typeof calibrated)[number];
  return {
    choice,
    rows: scoredRows({ examples, categories, names, scores: inOrder(raw) }, pValues),
    shifts,
    calibrationWeights: calibrated.flatMap(({ calibration: { weights } }) => (weights ? [weights] : [])),
    detector: { ...kept.detector, techniques: inOrder(kept.detector.techniques), calibration },
  };
}

/** Of all folds but one only the scores are remembered: their models may be large. */
async function fitFolds({ choice: { techniques }, ...options }: CrossFitOptions) {
  const { view, folds, config } = options;
  const n = view.examples.length;
  const shifts = { negative: new Float64Array(n).fill(Number.NaN), positive: new Float64Array(n).fill(Number.NaN) };
  const parts: HeldFold[] = [];
  let kept: FittedFold | undefined;
  for (let k = 0; k < folds.folds; k++) {
    const [train, held] = [positions(folds.fold, (f) => f !== k), positions(folds.fold, (f) => f === k)];
    const { weighted, threads, seed } = config;
    const fold = await fitDetector({ ...options, techniques, train, held, weighted, threads, seed });
    if (k === folds.kept) kept = fold;
    parts.push({ held, scored: fold.scored });
    put(shifts.negative, held, fold.shifts.negative);
    put(shifts.positive, held, fold.shifts.positive);
    options.progress(k + 1, folds.folds, 'folds');
  }
  return { parts, shifts, kept: kept as FittedFold };
}

/** All examples' scores by one technique, (n). */
function gathered(parts: readonly HeldFold[], { examples }: DetectionView, technique: number): Float64Array {
  const scores = new Float64Array(examples.length);
  for (const { held, scored } of parts) put(scores, held, scored.scores[technique]);
  return scores;
}

function calibrationOf({ held, scored }: HeldFold, { categories }: DetectionView) {
  const trusted = [...held.keys()].filter((i) => categories[held[i] as number] === 'trusted-positive');
  return weightedExamples(scored, trusted);
}

function foldPValues(
  { held, scored, calibration }: HeldFold & Pick<FittedDetector, 'calibration'>,
  { categories }: DetectionView,
) {
  const judged = untrustedPositives(held.map((row) => categories[row] as (typeof categories)[number]));
  const values = pValuesOf(calibration, weightedExamples(scored, judged));
  return judged.map((i, k) => [held[i] as number, values[k] as number] as const);
}

function positions(fold: Int32Array, wanted: (fold: number) => boolean): number[] {
  return [...fold.keys()].filter((i) => wanted(fold[i] as number));
}

function put(into: Float64Array, rows: readonly number[], values: Float64Array | undefined): void {
  values?.forEach((value, i) => {
    into[rows[i] as number] = value;
  });
}
