import type { z } from 'zod';
import type { Category, Input, SupervisedExample } from './examples.ts';
import type { StrongModel } from './models.ts';
import type { Progress } from './settings.ts';
import type { StructureId } from './structures.ts';

/**
 * What supervision may see while a technique fits. Ground truth is absent by type and at run time; a ceiling, which
 * declares `needs.groundTruth`, gets it as a separate map.
 */
export interface TrainingView {
  readonly examples: readonly SupervisedExample[];
  readonly measurementNames: readonly string[];
  /** Hidden outcome by example id, present only for a technique that declares `needs.groundTruth`. */
  readonly groundTruth?: ReadonlyMap<string, boolean>;
  /** What the weak supervisor learned from, where there is one; present only with `groundTruth`, which covers it. */
  readonly supervisorExamples?: readonly SupervisedExample[];
}

/** Sizes in which a model differs from the strong one. */
export interface ModelSize {
  readonly width?: number;
  readonly layers?: number;
}

export interface TechniqueContext {
  readonly seed: number;
  /** The measurement predictor: trained on the measurements of all training examples. Techniques must not change it. */
  readonly predictor: StrongModel;
  /** The model before it saw any measurement (randomly initialised or pretrained). */
  readonly pretrained: StrongModel;
  /**
   * A model of another size, made as `pretrained` was, before it saw any measurement.
   * @throws UserError (`no-other-size`) when the strong model is one that somebody else trained.
   */
  createModel(size: ModelSize): Promise<StrongModel>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What a fitted technique scores by, as data: kept, it scores again without being fitted. */
export interface SavedTechnique {
  /** Plain data that JSON keeps. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, Float64Array>>;
  /** Models that fitting made out of the context's. */
  readonly models: Readonly<Record<string, StrongModel>>;
}

/** Learned state. A second `fit` forgets the first; the same seed gives the same scores. */
export interface FittedTechnique {
  /** One score per input; **higher = more likely real**. */
  score(inputs: readonly Input[]): Promise<Float64Array>;
  /** What was chosen while fitting (layer, regularisation …), as plain data for the record. */
  readonly details?: Readonly<Record<string, string | number | boolean | readonly number[]>>;
  /** For a control made of many random scorers: scores of each, (k × n); `score` is then their first. */
  scoreAll?(inputs: readonly Input[]): Promise<readonly Float64Array[]>;
  /** What `restore` of its technique takes; absent where it cannot be kept. */
  readonly saved?: SavedTechnique;
}

export interface TechniqueNeeds {
  readonly structures: readonly StructureId[];
  /** Declares a ceiling: it sees ground truth and is drawn apart in every table. */
  readonly groundTruth?: true;
}

export type TechniqueRole = 'baseline' | 'technique' | 'control' | 'ceiling';

/** `fit` on what supervision may see, then `score`. One per file, id equal to the file name. */
export interface Technique<Options = unknown> {
  readonly id: string;
  readonly title: string;
  /** Formula's origin, citing methods.md and the paper. */
  readonly source: string;
  readonly role: TechniqueRole;
  readonly needs: TechniqueNeeds;
  /** Plain-data hyperparameters with defaults; unknown keys are refused. */
  readonly options: z.ZodType<Options>;
  /** Whether `score` is the log-odds of a probability, so that accuracy and Brier score mean something. */
  readonly calibrated: boolean;
  /** Its scores do not depend on any measurement or weak label, nor on the predictor, which learned from these. */
  readonly ignoresMeasurements?: true;
  /** Categories of training examples that it trains all weights on, for `options.epochs` epochs; absent if it trains none. */
  readonly finetunesOn?: readonly Category[];
  /** The categories of each of its finetunings, where options or the number of measurements matter. @default one, on `finetunesOn` */
  finetunings?(options: Options, measurements: number): readonly (readonly Category[])[];
  fit(view: TrainingView, options: Options, context: TechniqueContext): Promise<FittedTechnique>;
  /** The fitted technique again, over the same predictor: its scores are the same to the last bit. Absent where there is none. */
  restore?(saved: SavedTechnique, context: Pick<TechniqueContext, 'predictor' | 'signal'>): FittedTechnique;
}
