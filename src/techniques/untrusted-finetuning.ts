import { z } from 'zod';
import type { StrongModel } from '../core/models.ts';
import type { FittedTechnique, SavedTechnique, Technique } from '../core/techniques.ts';
import { headLogits } from './shared/head-logits.ts';

/**
 * Baseline: the measurement predictor believed as it stands. Score: its aggregate logit.
 *
 * Nothing is trained beyond the predictor, which saw the measurements of all examples, tampered with or not; on the
 * real-vs-fake metric this is the floor of PGR. No options. Source: methods.md 11.3; arXiv 2308.15605.
 */
export const untrustedFinetuning: Technique<Record<string, never>> = {
  id: 'untrusted-finetuning',
  title: 'Untrusted finetuning',
  source: 'methods.md 11.3; arXiv 2308.15605',
  role: 'baseline',
  needs: { structures: [] },
  options: z.strictObject({}),
  calibrated: true,
  fit: async (_view, _options, { predictor }) => scorer({ values: {}, arrays: {}, models: {} }, predictor),
  restore: (saved, { predictor }) => scorer(saved, predictor),
};

function scorer(saved: SavedTechnique, predictor: StrongModel): FittedTechnique {
  return { score: (inputs) => headLogits(predictor, 'aggregate', inputs), saved };
}
