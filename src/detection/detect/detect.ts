import type { DetectionRecord, DetectionRow } from '../../core/detection.ts';
import type { Progress } from '../../core/settings.ts';
import { type DetectorConfig, detectorPart } from '../detection-config.ts';
import type { FeatureRows } from '../features/feature-rows.ts';
import { chooseTechniques, type TechniqueChoice } from './choose-techniques.ts';
import { type DetectionFolds, detectionFolds } from './detection-folds.ts';
import { type DetectionData, type DetectionView, detectionView } from './detection-view.ts';
import { createDetector, type Detector, scoredRows, untrustedPositives, withAlarms } from './detector.ts';
import { type FittedFold, fitDetector, weightedExamples } from './fit-detector.ts';
import type { ModelSource } from './model-source.ts';
import { openModelSource, pinnedConfig } from './open-model-source.ts';
import { pValuesOf } from './p-values.ts';
import { recordDetection } from './record-detection.ts';

export interface DetectOptions {
  readonly data: DetectionData;
  /** As `resolveDetectionConfig` or `resolveDetectorConfig` gave it. */
  readonly config: DetectorConfig;
  /** Activations of the user's own for every example, in the place of a model that reads texts. */
  readonly features?: FeatureRows | undefined;
  /** Where the files of a pretrained model are. @default the `source` of the config's model */
  readonly modelPath?: string | undefined;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface Detection {
  readonly record: DetectionRecord;
  /** One per example, in their order. */
  readonly rows: readonly DetectionRow[];
  /** Of the first fold, unless groups leave it too few trusted positives: trained on the others, calibrated on this one. */
  readonly detector: Detector;
}

/**
 * Scores every example by detectors that were not trained on it, and raises an alarm for untrusted positives that are
 * less like real ones than the chosen rate of trusted positives are. With K folds K detectors are trained: seconds on
 * frozen features, K times the training of a model that is trained on the texts. Ground truth stops at the firewall and
 * only judges, in the end. The same data, config and thread count give the same numbers.
 *
 * Each fold's p-values rest on that fold's trusted positives, which its detector never saw: split conformal prediction,
 * cross-fitted (Vovk 2015). Scores are in deviations from the mean of the fold's positives.
 *
 * @throws UserError (`too-few-examples`, `too-few-groups`, `too-few-negatives`, `duplicate-ids`, `wrong-measurements`), as
 *   techniques do that lack what they need, and as opening the pretrained network does; (`model-changed`) when its files are
 *   not those of the config's digest.
 */
export async function detect(options: DetectOptions): Promise<Detection> {
  const { data, features, modelPath, progress = () => {} } = options;
  const signal = options.signal ?? new AbortController().signal;
  const view = detectionView(data);
  const config = await pinnedConfig(options.config, options);
  const folds = detectionFolds(view, config);
  const measurements = view.measurementNames.length;
  const choice = chooseTechniques(config.techniques, measurements, view.summary.counts);
  const watch = { progress, signal };
  const known = view.inputs;
  const source = await openModelSource({ config, measurements, features, modelPath, known, ...watch });
  const crossFitted = await crossFit({ view, folds, choice, source, config, ...watch });
  const rows = withAlarms(crossFitted.rows, config);
  const description = { config: detectorPart(config), data: view.summary, model: source.name };
  const told = { view, folds, choice, modelNotes: source.notes, examples: data.examples };
  const record = recordDetection({ ...crossFitted, ...description, ...told, rows });
  return { record, rows, detector: createDetector(description, crossFitted.kept.detector, source) };
}

interface CrossFitOptions {
  readonly view: DetectionView;
  readonly folds: DetectionFolds;
  readonly choice: TechniqueChoice;
  readonly source: ModelSource;
  readonly config: DetectorConfig;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function crossFit(options: CrossFitOptions) {
  const { view, folds, choice, config } = options;
  const n = view.examples.length;
  const scores = choice.techniques.map(() => new Float64Array(n));
  const shifts = { negative: new Float64Array(n).fill(Number.NaN), positive: new Float64Array(n).fill(Number.NaN) };
  const pValues = new Map<number, number>();
  const calibrationWeights: Float64Array[] = [];
  let kept: FittedFold | undefined;
  for (let k = 0; k < folds.folds; k++) {
    const [train, held] = [positions(folds.fold, (f) => f !== k), positions(folds.fold, (f) => f === k)];
    const { weighted, threads, seed } = config;
    const fold = await fitDetector({ ...options, techniques: choice.techniques, train, held, weighted, threads, seed });
    if (k === folds.kept) kept = fold;
    for (const [t, values] of fold.scored.scores.entries()) put(scores[t] as Float64Array, held, values);
    put(shifts.negative, held, fold.shifts.negative);
    put(shifts.positive, held, fold.shifts.positive);
    for (const [row, p] of foldPValues(fold, view, held)) pValues.set(row, p);
    const { weights } = fold.detector.calibration;
    if (weights) calibrationWeights.push(weights);
    options.progress(k + 1, folds.folds, 'folds');
  }
  const { examples, categories } = view;
  const names = choice.techniques.map(({ name }) => name);
  const rows = scoredRows({ examples, categories, names, scores }, pValues);
  return { rows, shifts, calibrationWeights, kept: kept as FittedFold };
}

function foldPValues({ detector, scored }: FittedFold, { categories }: DetectionView, held: readonly number[]) {
  const judged = untrustedPositives(held.map((row) => categories[row] as (typeof categories)[number]));
  const values = pValuesOf(detector.calibration, weightedExamples(scored, judged));
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
