import { z } from 'zod';
import type { Input } from '../core/examples.ts';
import type { Technique } from '../core/techniques.ts';
import { attentionHeads } from './shared/attention-heads.ts';
import {
  fitMeanShift,
  leastPairs,
  type MeanShiftOptions,
  meanShiftOptions,
  type UnitSource,
} from './shared/mean-shift.ts';
import { sourcePairs } from './shared/pair-task.ts';

/** Hyperparameters of {@link contrastActivations}. */
export interface ContrastActivationsOptions extends MeanShiftOptions {
  /** Weight of the activations after "No". @default 1 */
  readonly alpha: number;
  /** What both words answer, put after the candidate on a line of its own. */
  readonly question: string;
}

/**
 * Contrast activations: `mass-mean-shift` on differences of what the attention heads give when each candidate is followed by
 * a question and "Yes", and by the same question and "No": h = h(candidate, Yes) − alpha · h(candidate, No).
 * Score: slope · mean over the 16 most accurate heads of cos(h(positive) − h(negative), mean(better) − mean(worse)).
 *
 * Defaults as `mass-mean-shift`, alpha 1, the published question. Source: methods.md 9.4, 9.5 (cra); arXiv 2311.07723.
 */
export const contrastActivations: Technique<ContrastActivationsOptions> = {
  id: 'contrast-activations',
  title: 'Contrast activations',
  source: 'methods.md 9.4, 9.5; arXiv 2311.07723',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'contrast-pairs'] },
  options: meanShiftOptions.extend({
    alpha: z.number().min(0).default(1).describe('Weight of the activations after "No"'),
    question: z
      .string()
      .min(1)
      .default('### Does the responder successfully follow the instruction?')
      .describe('What both words answer, put after the candidate'),
  }),
  calibrated: true,
  async fit(view, options, context) {
    const task = sourcePairs(contrastActivations, view, leastPairs);
    const heads = attentionHeads('contrast-activations', context.pretrained);
    return fitMeanShift(contrastOf(heads, options), task, options, context);
  },
};

function contrastOf(heads: UnitSource, { alpha, question }: ContrastActivationsOptions): UnitSource {
  const answered = (texts: readonly Input[], word: string) =>
    texts.map(({ id, text }) => ({ id, text: `${text}\n\n${question}\n${word}` }));
  return {
    ...heads,
    async read(texts, layer) {
      const yes = await heads.read(answered(texts, 'Yes'), layer);
      const no = await heads.read(answered(texts, 'No'), layer);
      return { ...yes, data: yes.data.map((value, cell) => value - alpha * (no.data[cell] as number)) };
    },
  };
}
