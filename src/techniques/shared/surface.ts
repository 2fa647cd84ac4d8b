import { z } from 'zod';
import { isDefined } from '../../core/estimates.ts';
import { createRng } from '../../core/random.ts';
import type { FittedTechnique, SavedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { fitSparseLogisticRegression, sparseDecision } from '../../solvers/sparse-logistic-regression.ts';
import { auroc } from '../../stats/auroc.ts';
import { type Fold, stratifiedFolds } from '../../stats/cross-validation.ts';
import { type BagOfWords, type BagOfWordsOptions, bagOfWords, learnBagOfWords } from './bag-of-words.ts';
import { type BinaryTask, requireBothClasses } from './binary-task.ts';
import { sampleClasses } from './sample-classes.ts';

/** Hyperparameters of a classifier of bare texts; the L2 strength is chosen without any other target than its own. */
export interface SurfaceOptions extends BagOfWordsOptions {
  /** L2 strengths to choose from, λ in mean BCE + λ‖w‖². @default [1e-5, 1e-4, 1e-3, 1e-2] */
  readonly l2: readonly number[];
  /** Folds of the cross-validation that chooses. @default 3 */
  readonly folds: number;
  /** Most examples the choice may look at. @default 5000 */
  readonly choiceExamples: number;
}

/** Schema of {@link SurfaceOptions}; unknown keys are refused. */
export const surfaceOptions = z.strictObject({
  bigrams: z.boolean().default(true).describe('Whether pairs of neighbouring words count as words too'),
  values: z.enum(['log-count', 'presence']).default('log-count').describe('What a word in a text is worth'),
  minimumTexts: z.int().min(1).default(5).describe('Training texts that a word must occur in'),
  features: z.int().min(1).default(4000).describe('Most words; those in most training texts are kept'),
  l2: z.array(z.number().positive()).min(1).default([1e-5, 1e-4, 1e-3, 1e-2]).describe('L2 strengths to choose from'),
  folds: z.int().min(2).default(3).describe('Folds of the cross-validation that chooses'),
  choiceExamples: z.int().min(20).default(5000).describe('Most examples the choice may look at'),
});

/** Right to about 1e-6 of the objective, far below what another sample of texts would change. */
const limits = { tolerance: 1e-6, smallestDecrease: 1e-8 };
const shownWords = 8;

/**
 * Logistic regression of the task's targets on a bag of words of the texts alone: what a reader knows who looks words up
 * in a list. Score: its logit. `details` tell the strength chosen and the words that move the score most.
 *
 * @throws UserError `too-few-examples` with fewer than two examples of a class.
 */
export async function fitSurface(
  task: BinaryTask,
  options: SurfaceOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  requireBothClasses(task, 2);
  const { l2, crossValidatedAuroc } = await chooseStrength(task, options, context);
  const texts = task.examples.map(({ text }) => text);
  const bag = learnBagOfWords(texts, options);
  context.signal.throwIfAborted();
  const fitted = await fitSparseLogisticRegression(bag.encode(texts), task.targets, { l2, ...limits });
  const details = { l2, examples: texts.length, words: bag.words.length, ...strongestWords(bag, fitted.weights) };
  const { bigrams, values } = options;
  const kept = { words: bag.words, bigrams, values, bias: fitted.bias };
  return {
    ...restoreSurface({ values: kept, arrays: { weights: fitted.weights }, models: {} }),
    details: crossValidatedAuroc === undefined ? details : { ...details, crossValidatedAuroc },
  };
}

/** What {@link fitSurface} keeps: the vocabulary, which is made of words that several training texts share. */
interface KeptSurface extends Pick<BagOfWordsOptions, 'bigrams' | 'values'> {
  readonly words: readonly string[];
  readonly bias: number;
}

/** What {@link fitSurface} fitted, from what it kept. */
export function restoreSurface(saved: SavedTechnique): FittedTechnique {
  const { words, bias, ...options } = saved.values as unknown as KeptSurface;
  const bag = bagOfWords(words, options);
  const fitted = { weights: saved.arrays.weights as Float64Array, bias };
  return { score: async (inputs) => sparseDecision(bag.encode(inputs.map(({ text }) => text)), fitted), saved };
}

/** The L2 strength with the highest AUROC on the task, mean over stratified folds; ties go to the stronger penalty. */
async function chooseStrength({ examples, targets }: BinaryTask, options: SurfaceOptions, context: TechniqueContext) {
  const strengths = [...new Set(options.l2)].sort((a, b) => b - a);
  let best: { l2: number; crossValidatedAuroc?: number } = { l2: strengths[0] as number };
  if (strengths.length === 1) return best;
  const { seed, signal, progress } = context;
  const rows = sampleClasses(targets, options.choiceExamples, createRng(seed, 'choose-strength'));
  const sampled = rows.map((row) => targets[row] as boolean);
  const smallest = Math.min(sampled.filter(Boolean).length, sampled.filter((target) => !target).length);
  const folds = stratifiedFolds(sampled, { folds: Math.min(options.folds, smallest), seed });
  const texts = rows.map((row) => examples[row]?.text as string);
  const encoded = folds.map((fold) => encodeFold(texts, sampled, fold, options));
  for (const [done, l2] of strengths.entries()) {
    let sum = 0;
    for (const fold of encoded) {
      signal.throwIfAborted();
      const fitted = await fitSparseLogisticRegression(fold.train, fold.trainTargets, { l2, ...limits });
      const estimate = auroc(sparseDecision(fold.validation, fitted), fold.validationTargets);
      sum += isDefined(estimate) ? estimate.value : 0.5;
    }
    const mean = sum / folds.length;
    if (mean > (best.crossValidatedAuroc ?? -1)) best = { l2, crossValidatedAuroc: mean };
    progress(done + 1, strengths.length, 'strengths');
  }
  return best;
}

/** The vocabulary, too, is learned without the fold's validation texts. */
function encodeFold(
  texts: readonly string[],
  targets: readonly boolean[],
  { train, validation }: Fold,
  options: BagOfWordsOptions,
) {
  const pick = <T>(values: readonly T[], rows: readonly number[]) => rows.map((row) => values[row] as T);
  const bag = learnBagOfWords(pick(texts, train), options);
  return {
    train: bag.encode(pick(texts, train)),
    trainTargets: pick(targets, train),
    validation: bag.encode(pick(texts, validation)),
    validationTargets: pick(targets, validation),
  };
}

function strongestWords({ words }: BagOfWords, weights: Float64Array) {
  const ordered = [...words.keys()].sort((a, b) => (weights[b] as number) - (weights[a] as number));
  const list = (columns: readonly number[]) => columns.map((column) => words[column]).join(' | ');
  const raising = ordered.filter((column) => (weights[column] as number) > 0).slice(0, shownWords);
  const lowering = ordered.filter((column) => (weights[column] as number) < 0).slice(-shownWords);
  return { raisedBy: list(raising), loweredBy: list(lowering.reverse()) };
}
