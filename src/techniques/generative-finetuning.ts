import { categories } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { readTexts, type TextOptions, textOptions } from './shared/text-finetuning.ts';
import { type WeakOptions, weakOptions } from './shared/weak-options.ts';
import { requireBothLabels, weakTask } from './shared/weak-task.ts';
import { fitStudent } from './shared/weak-to-strong.ts';

/**
 * Generative finetuning before weak supervision: the pretrained model first learns to predict the next tokens of all
 * training texts, without labels, so that what the task is about stands out in it; then it is finetuned as in
 * `naive-finetuning`. Score: aggregate logit.
 *
 * For a fair PGR give the ceiling the same texts: `strong-ceiling` has the same two options.
 * Defaults: one epoch of texts at 5e-4, then weak labels by the config’s finetuning recipe. Source: methods.md 3.7; arXiv 2312.09390.
 */
export const generativeFinetuning: Technique<WeakOptions & TextOptions> = {
  id: 'generative-finetuning',
  title: 'Generative finetuning',
  source: 'methods.md 3.7; arXiv 2312.09390',
  role: 'technique',
  needs: { structures: [] },
  options: weakOptions.extend(textOptions),
  calibrated: true,
  finetunesOn: categories,
  finetunings: ({ textEpochs }) => (textEpochs > 0 ? [categories, categories] : [categories]),
  async fit({ examples }, options, context) {
    const task = weakTask('generative-finetuning', examples);
    requireBothLabels(task, options.balance);
    const start = await readTexts(context.pretrained, examples, options, context);
    const fitted = await fitStudent(start, task, options, context);
    const { textEpochs, textLearningRate } = options;
    return { ...fitted, details: { ...fitted.details, texts: examples.length, textEpochs, textLearningRate } };
  },
};
