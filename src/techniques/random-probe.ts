import { z } from 'zod';
import type { Input } from '../core/examples.ts';
import type { StrongModel } from '../core/models.ts';
import { createRng, type Rng } from '../core/random.ts';
import type { Technique } from '../core/techniques.ts';
import { decision } from '../solvers/logistic-regression.ts';
import { resolveLayer } from './shared/layers.ts';

/** Hyperparameters of {@link randomProbe}. */
export interface RandomProbeOptions {
  /** How many directions, k. @default 100 */
  readonly directions: number;
  /** Whose activations to project. @default 'last' */
  readonly layer: 'last' | number;
}

/**
 * Control: projections s·(r·h) of the measurement predictor's activations on k random directions r ~ N(0, I) with
 * random signs s = ±1. Score: the first projection; `scoreAll` gives all k, whose spread shows what a direction is
 * worth that learned nothing.
 *
 * Defaults: 100 directions, last layer. Source: methods.md 11.3 and 13 (required controls).
 */
export const randomProbe: Technique<RandomProbeOptions> = {
  id: 'random-probe',
  title: 'Random probe',
  source: 'methods.md 11.3 and 13; arXiv 2308.15605',
  role: 'control',
  needs: { structures: [] },
  options: z.strictObject({
    directions: z.int().min(1).default(100).describe('How many random directions'),
    layer: z
      .union([z.literal('last'), z.int().min(0)])
      .default('last')
      .describe('Layer to project, 0 = embedding'),
  }),
  calibrated: false,
  async fit(_view, options, { seed, predictor }) {
    const layer = resolveLayer('random-probe', options.layer, predictor);
    const rng = createRng(seed, 'random-probe');
    const directions = Array.from({ length: options.directions }, () => randomDirection(predictor.width, rng));
    const scoreAll = (inputs: readonly Input[]) => projections(predictor, layer, directions, inputs);
    return {
      score: async (inputs) => (await projections(predictor, layer, directions.slice(0, 1), inputs))[0] as Float64Array,
      scoreAll,
      details: { layer, directions: options.directions },
    };
  },
};

function randomDirection(width: number, rng: Rng): Float64Array {
  const sign = rng.chance(0.5) ? 1 : -1;
  return Float64Array.from({ length: width }, () => sign * rng.normal());
}

async function projections(
  model: StrongModel,
  layer: number,
  directions: readonly Float64Array[],
  inputs: readonly Input[],
): Promise<readonly Float64Array[]> {
  const activations = await model.activations(inputs, layer);
  return directions.map((direction) => decision(activations, { weights: direction, bias: 0 }));
}
