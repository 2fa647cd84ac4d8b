import type { Technique } from '../core/techniques.ts';
import { attentionHeads } from './shared/attention-heads.ts';
import { fitMeanShift, leastPairs, type MeanShiftOptions, meanShiftOptions } from './shared/mean-shift.ts';
import { sourcePairs } from './shared/pair-task.ts';

/**
 * Mass-mean shift on attention heads. Each head of the pretrained model, read before its output projection at the last
 * token of the prompt with each candidate of a trusted pair, has a direction d = mean(better) − mean(worse) over all pairs,
 * and an accuracy: that of a logistic regression (C = 1) fitted to 70 % of the pairs' candidates on the other 30 %. The 16
 * heads of the highest accuracy vote:
 *
 *   score = slope · mean cos(h(positive) − h(negative), d), slope by Platt's calibration on the 30 %
 *
 * The published calibration turns every other pair round and has an offset; here each pair is seen in both orders, which
 * makes the offset 0, so that exchanging the candidates turns the score's sign (`calibration` gives the published
 * form). Its pairs have a part in the directions, as published. Defaults: 16 heads, all where there are fewer, 30 % held out,
 * at most 1000 pairs. Source: methods.md 9.5; arXiv 2311.07723.
 */
export const massMeanShift: Technique<MeanShiftOptions> = {
  id: 'mass-mean-shift',
  title: 'Mass-mean shift',
  source: 'methods.md 9.5; arXiv 2311.07723',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'contrast-pairs'] },
  options: meanShiftOptions,
  calibrated: true,
  async fit(view, options, context) {
    const task = sourcePairs(massMeanShift, view, leastPairs);
    return fitMeanShift(attentionHeads('mass-mean-shift', context.pretrained), task, options, context);
  },
};
