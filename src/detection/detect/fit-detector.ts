import { expected, TouchstoneError } from '../../core/errors.ts';
import type { Input } from '../../core/examples.ts';
import type { StrongModel } from '../../core/models.ts';
import type { Progress } from '../../core/settings.ts';
import type { FittedTechnique } from '../../core/techniques.ts';
import type { ChosenTechnique } from './choose-techniques.ts';
import type { DetectionView } from './detection-view.ts';
import type { FoldModels, ModelSource } from './model-source.ts';
import { fitShift, leastForShift, type Shift, shiftLogits, weightsOf } from './shift.ts';

/** A technique that can score, with the scale of its scores. */
export interface ReadyTechnique extends ChosenTechnique {
  readonly fitted: FittedTechnique;
  readonly scale: ScoreScale;
}

/** Scores are told in deviations from the mean, of all positives that it was not trained on. */
export interface ScoreScale {
  readonly mean: number;
  readonly deviation: number;
}

/** What scores examples and says how they compare with trusted positives. */
export interface FittedDetector {
  readonly predictor: StrongModel;
  /** The first one sets the alarm. */
  readonly techniques: readonly ReadyTechnique[];
  /** Of trusted positives that nothing was trained on. */
  readonly calibration: WeightedExamples;
  /** What weights are made of; there only if they are asked for. */
  readonly shift?: Shift;
}

/** Scores of some examples by the first technique, and how likely each is among untrusted ones relative to trusted ones. */
export interface WeightedExamples {
  readonly scores: Float64Array;
  /** Absent where the p-values are not weighted. */
  readonly weights?: Float64Array;
}

/** Scores of each technique on its scale, (techniques) × (n), and the weights. */
export interface ScoredInputs {
  readonly scores: readonly Float64Array[];
  readonly weights?: Float64Array;
}

export interface FitDetectorOptions {
  readonly source: ModelSource;
  readonly view: DetectionView;
  readonly techniques: readonly ChosenTechnique[];
  /** Positions to train on, and those to score. */
  readonly train: readonly number[];
  readonly held: readonly number[];
  readonly weighted: boolean;
  readonly threads: number;
  readonly seed: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface FittedFold {
  /** Without calibration, which depends on the technique that sets the alarm. */
  readonly detector: Omit<FittedDetector, 'calibration'>;
  /** Of the held examples, in their order. */
  readonly scored: ScoredInputs;
  /** Logits of "untrusted rather than trusted" of the held examples, learned from negative and from positive ones. */
  readonly shifts: { readonly negative: Float64Array | undefined; readonly positive: Float64Array | undefined };
}

/**
 * Trains predictor and techniques on one part of the examples and scores the other.
 * @throws UserError as techniques do that lack what they need; (`too-few-negatives`) when weights are wanted and there are
 *   not examples to learn them from.
 */
export async function fitDetector(options: FitDetectorOptions): Promise<FittedFold> {
  const { view, train, held } = options;
  const [seen, asked] = [partOf(view, train), partOf(view, held)];
  const { seed, progress, signal } = options;
  const models = await options.source.train({ examples: seen.examples, seed, progress, signal });
  const { predictor } = models;
  const { ready, scores } = await fitTechniques(options, models, seen, asked);
  const negative = await fitShift(predictor, seen, 'negative', options.threads);
  const positive = await fitShift(predictor, seen, 'positive', options.threads);
  if (options.weighted && !negative) throw tooFewNegatives();
  const logits = async (shift: Shift | undefined) => shift && (await shiftLogits(predictor, shift, asked.inputs));
  const shifts = { negative: await logits(negative), positive: await logits(positive) };
  const weights = options.weighted && shifts.negative ? { weights: weightsOf(shifts.negative) } : {};
  const scored = { scores, ...weights };
  const shift = options.weighted && negative ? { shift: negative } : {};
  return { detector: { predictor, techniques: ready, ...shift }, scored, shifts };
}

type Part = Pick<DetectionView, 'examples' | 'inputs' | 'categories'>;

function partOf({ examples, inputs, categories }: DetectionView, rows: readonly number[]): Part {
  const pick = <T>(values: readonly T[]) => Object.freeze(rows.map((row) => values[row] as T));
  return { examples: pick(examples), inputs: pick(inputs), categories: pick(categories) };
}

/** Each technique, fitted on what is seen, with its scores of what is asked. */
async function fitTechniques(
  { view, techniques, seed, progress, signal }: FitDetectorOptions,
  models: FoldModels,
  { examples }: Part,
  { inputs, categories }: Part,
) {
  const trainingView = Object.freeze({ examples, measurementNames: view.measurementNames });
  const ready: ReadyTechnique[] = [];
  const scores: Float64Array[] = [];
  for (const chosen of techniques) {
    signal.throwIfAborted();
    const context = { seed, ...models, progress, signal };
    const fitted = await chosen.technique.fit(trainingView, chosen.options, context);
    const raw = await finiteScores(chosen, fitted, inputs);
    const scale = scaleOf(raw.filter((_, i) => categories[i]?.endsWith('-positive')));
    ready.push({ ...chosen, fitted, scale });
    scores.push(onScale(raw, scale));
  }
  return { ready, scores };
}

/** Scores of inputs on the techniques' scales; a score does not depend on the other inputs, but for rounding. */
export async function scoreInputs(
  { predictor, techniques, shift }: Omit<FittedDetector, 'calibration'>,
  inputs: readonly Input[],
): Promise<ScoredInputs> {
  const scores: Float64Array[] = [];
  for (const { scale, ...chosen } of techniques) {
    const raw = await finiteScores(chosen, chosen.fitted, inputs);
    scores.push(onScale(raw, scale));
  }
  if (shift === undefined) return { scores };
  return { scores, weights: weightsOf(await shiftLogits(predictor, shift, inputs)) };
}

/** Some of the examples by the first technique. */
export function weightedExamples({ scores, weights }: ScoredInputs, rows: readonly number[]): WeightedExamples {
  const of = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] as number);
  return { scores: of(scores[0] as Float64Array), ...(weights && { weights: of(weights) }) };
}

async function finiteScores({ name }: ChosenTechnique, fitted: FittedTechnique, inputs: readonly Input[]) {
  const scores = await fitted.score(inputs);
  if (scores.length === inputs.length && scores.every(Number.isFinite)) return scores;
  const wanted = `Expected ${name} to give one finite score for each of ${inputs.length} inputs`;
  throw new TouchstoneError('bad-scores', `${wanted}. Report this as a defect of the technique.`);
}

function onScale(scores: Float64Array, { mean, deviation }: ScoreScale): Float64Array {
  return scores.map((score) => (score - mean) / deviation);
}

function scaleOf(scores: Float64Array): ScoreScale {
  const mean = scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / Math.max(1, scores.length - 1);
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

function tooFewNegatives() {
  const wanted = `at least ${leastForShift} trusted and ${leastForShift} untrusted ones with every measurement negative`;
  const next = 'Collect more of them, or leave out `weighted`.';
  return expected('too-few-negatives', 'the examples that weights are learned from', wanted, 'fewer', next);
}
