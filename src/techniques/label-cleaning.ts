import { z } from 'zod';
import { categories } from '../core/examples.ts';
import type { StrongModel } from '../core/models.ts';
import type { Technique } from '../core/techniques.ts';
import { type CleaningOptions, cleanLabels } from './shared/clean-labels.ts';
import { type LabelOptions, labelOptions } from './shared/label-options.ts';
import { resolveLayer } from './shared/layers.ts';
import { type WeakOptions, weakOptions } from './shared/weak-options.ts';
import { requireBothLabels, weakTask } from './shared/weak-task.ts';
import { fitStudent } from './shared/weak-to-strong.ts';

/** Hyperparameters of {@link labelCleaning}. */
export interface LabelCleaningOptions extends WeakOptions, CleaningOptions, Pick<LabelOptions, 'model'> {
  /** Whose activations to read, 0 = embedding; `middle`: ⌊(layers + 1) / 2⌋. @default 'middle' */
  readonly layer: 'middle' | 'last' | number;
}

/**
 * Label cleaning: `naive-finetuning` after the weak labels that the strong model's own activations h speak against were
 * dropped, or all replaced. Score: the student's aggregate logit.
 *
 * - `nearest-neighbours`: the prediction for an example is the mean label of its k nearest others by |h − h'|. The
 *   published code counts the example itself among them; here it has no say on its own label.
 * - `logistic`: σ(w·h + b) at the minimum of mean cross-entropy + l2·‖w‖², on all examples.
 * - `topological` (TopoFilter): the core C holds each class's largest strongly connected component in the directed graph
 *   of k nearest neighbours, with edges that leave examples of the class. All outside C are dropped; then, within C, those
 *   furthest from the mean label of their kZeta nearest neighbours in C, until `contamination` of all are.
 *
 * The first two drop the `contamination` with the largest |prediction − label|, or relabel all by their predictions.
 * Neighbours are exact, at a cost that grows with the square of the examples: seconds at 14,000.
 *
 * Defaults: nearest neighbours, drop a tenth, k = kZeta = 50, l2 1e-3, the middle layer of the model before it saw any
 * measurement, at the last token. Source: methods.md 4.4; Wu et al. 2020 (TopoFilter), arXiv 2012.04835; EleutherAI/w2s.
 */
export const labelCleaning: Technique<LabelCleaningOptions> = {
  id: 'label-cleaning',
  title: 'Label cleaning',
  source: 'methods.md 4.4; arXiv 2012.04835; EleutherAI/w2s',
  role: 'technique',
  needs: { structures: [] },
  options: weakOptions
    .extend({
      filter: z
        .enum(['nearest-neighbours', 'logistic', 'topological'])
        .default('nearest-neighbours')
        .describe('What judges a label: labels of near examples, a linear probe, or the core of its class'),
      mode: z
        .enum(['drop', 'relabel'])
        .default('drop')
        .describe('Leave doubtful examples out, or replace all labels by predictions'),
      contamination: z.number().min(0).lt(1).default(0.1).describe('Share of the examples to drop'),
      k: z.int().min(1).default(50).describe('Neighbours that predict a label; edges per example of topological'),
      kZeta: z.int().min(1).default(50).describe('Of topological: neighbours within the core that judge a label'),
      l2: z.number().min(0).default(1e-3).describe('Of logistic: strength of the penalty on the mean cross-entropy'),
      model: labelOptions.shape.model,
      layer: z
        .union([z.enum(['middle', 'last']), z.int().min(0)])
        .default('middle')
        .describe('Layer to read, 0 = embedding; middle = half of layers + 1, rounded down'),
    })
    .refine(({ filter, mode }) => filter !== 'topological' || mode === 'drop', {
      path: ['mode'],
      message: 'Expected mode to be "drop" with the topological filter, which predicts no labels to relabel by',
    }),
  calibrated: true,
  finetunesOn: categories,
  async fit({ examples }, options, context) {
    const weak = weakTask('label-cleaning', examples);
    requireBothLabels(weak, options.balance);
    const source = context[options.model];
    const layer = layerOf(options, source);
    const activations = await source.activations(weak.examples, layer);
    context.signal.throwIfAborted();
    const { task, details } = await cleanLabels(weak, activations, options, context);
    const fitted = await fitStudent(context.pretrained, task, options, context);
    return { ...fitted, details: { ...fitted.details, layer, ...details } };
  },
};

function layerOf({ layer }: LabelCleaningOptions, model: StrongModel): number {
  if (layer === 'middle') return Math.floor((model.layers + 1) / 2);
  return resolveLayer('label-cleaning', layer, model);
}
