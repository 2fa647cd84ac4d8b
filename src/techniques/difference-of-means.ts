import type { Technique } from '../core/techniques.ts';
import { fitMassMean } from '../solvers/mass-mean.ts';
import { requireNeeds } from './needs.ts';
import { type DirectionOptions, directionOptions, fitDirection } from './shared/fit-direction.ts';

/**
 * The unit vector u along mean(h | label 1) − mean(h | label 0) of frozen activations. Score: u·(h − mean(h)). Its own
 * labels say which end is positive, so that inverted labels give an inverted score; nothing is turned afterwards.
 *
 * Defaults: weak labels, above 1/2 or not, the last layer of the model before it saw any measurement, see
 * {@link DirectionOptions}. Source: methods.md 8.5 (mean-diff); arXiv 2312.01037.
 */
export const differenceOfMeans: Technique<DirectionOptions> = {
  id: 'difference-of-means',
  title: 'Difference of means',
  source: 'methods.md 8.5; arXiv 2312.01037',
  role: 'technique',
  needs: { structures: [] },
  options: directionOptions,
  calibrated: false,
  async fit(view, options, context) {
    requireNeeds(differenceOfMeans, view);
    return fitDirection(
      'difference-of-means',
      async (source, labels) => {
        const { weights, bias } = await fitMassMean(source, labels, { whiten: false });
        // Where the means are the same there is no direction, and every score is 0.
        const length = Math.hypot(...weights) || 1;
        return { weights: weights.map((weight) => weight / length), bias: bias / length };
      },
      view,
      options,
      context,
    );
  },
};
