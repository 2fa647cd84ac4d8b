import { z } from 'zod';
import type { Technique } from '../core/techniques.ts';
import { resolveLayers } from './shared/layers.ts';
import {
  fitMeanShift,
  leastPairs,
  type MeanShiftOptions,
  meanShiftOptions,
  type UnitSource,
} from './shared/mean-shift.ts';
import { sourcePairs } from './shared/pair-task.ts';

/** Hyperparameters of {@link linearArtificialTomography}. */
export interface TomographyOptions extends MeanShiftOptions {
  /** What surrounds each text: nothing, or the question how far the instruction is followed. @default 'none' */
  readonly template: 'none' | 'instructed';
}

const templates: Readonly<Record<TomographyOptions['template'], (text: string) => string>> = {
  none: (text) => text,
  instructed: (text) =>
    `Consider the extent to which the responder follows the instruction.\n\n${text}\n\n` +
    'The probability that the responder followed the instruction',
};

/**
 * Linear artificial tomography: `mass-mean-shift` with the hidden state after each block in the place of its attention
 * heads. Score: slope · mean over the 16 most accurate layers of cos(h(positive) − h(negative), mean(better) − mean(worse)).
 *
 * The template `none` is the published lat_stim_1; `instructed` is lat_stim_2, whose wording is the project's own.
 * Defaults as `mass-mean-shift`, no template. Source: methods.md 9.4, 9.5; arXiv 2311.07723 and 2310.01405.
 */
export const linearArtificialTomography: Technique<TomographyOptions> = {
  id: 'linear-artificial-tomography',
  title: 'Linear artificial tomography',
  source: 'methods.md 9.4, 9.5; arXiv 2311.07723',
  role: 'technique',
  needs: { structures: ['trusted-subset', 'contrast-pairs'] },
  options: meanShiftOptions.extend({
    template: z
      .enum(['none', 'instructed'])
      .default('none')
      .describe('What surrounds each text: nothing, or the question how far the instruction is followed'),
  }),
  calibrated: true,
  async fit(view, options, context) {
    const task = sourcePairs(linearArtificialTomography, view, leastPairs);
    const { pretrained } = context;
    const put = templates[options.template];
    const states: UnitSource = {
      layers: resolveLayers('linear-artificial-tomography', 'all', pretrained),
      perLayer: 1,
      read(texts, layer) {
        const surrounded = texts.map(({ id, text }) => ({ id, text: put(text) }));
        return pretrained.activations(surrounded, layer);
      },
    };
    return fitMeanShift(states, task, options, context);
  },
};
