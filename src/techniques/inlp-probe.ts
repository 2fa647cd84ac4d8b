import type { Technique } from '../core/techniques.ts';
import { fitInlp } from '../solvers/inlp.ts';
import { requireNeeds } from './needs.ts';
import { type InlpProbeOptions, inlpOptions } from './shared/inlp-options.ts';
import { labelOptions } from './shared/label-options.ts';
import { linearProbeOptions } from './shared/probe-options.ts';
import { fitWithoutWeakLabel, type WeakEraser, type WeakEraserOptions } from './shared/weak-eraser.ts';

/**
 * Iterated null-space projection: from frozen activations the directions of logistic regressions on the weak label of
 * training examples (of a measurement-tampering setting the aggregate measurement) are projected out one after another
 * until a regression finds next to nothing; then a linear probe learns the aggregate of trusted examples from the rest.
 * Score: probe logit. `leace-probe` erases as much with one direction, `pace` projects once. What is left
 * may count tampering for an example, as told there, so that the score can be inverted by construction.
 *
 * Defaults: at most 32 directions, found on 20,000 examples, stop at 99 % of the entropy; the last layer of the measurement
 * predictor; L2 strength of the probe chosen by cross-validation. Source: methods.md 5.4 and 11.3; arXiv 2004.07667.
 */
export const inlpProbe: Technique<WeakEraserOptions & InlpProbeOptions> = {
  id: 'inlp-probe',
  title: 'INLP probe',
  source: 'methods.md 5.4 and 11.3; arXiv 2004.07667',
  role: 'technique',
  needs: { structures: ['trusted-subset'] },
  options: linearProbeOptions.extend({
    model: labelOptions.shape.model.unwrap().default('predictor'),
    ...inlpOptions.shape,
  }),
  calibrated: true,
  async fit(view, options, context) {
    requireNeeds(inlpProbe, view);
    const { directions, eraserL2, tolerance, eraserExamples } = options;
    const onDirection = (found: number) => {
      context.signal.throwIfAborted();
      context.progress(found, directions, 'directions');
    };
    const eraser: WeakEraser = {
      technique: 'inlp-probe',
      mostExamples: eraserExamples,
      fit: (activations, labels) =>
        fitInlp(activations, labels, { l2: eraserL2, tolerance, mostDirections: directions, onDirection }),
    };
    return fitWithoutWeakLabel(eraser, view, options, context);
  },
};
