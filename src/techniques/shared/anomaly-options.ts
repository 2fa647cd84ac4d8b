import { z } from 'zod';

/** Hyperparameters that all anomaly detectors on the predictor's activations share. */
export interface AnomalyOptions {
  /**
   * What is normal: `trusted-positives`, trusted training examples with every measurement positive, since every judged
   * example has all measurements positive and should differ in nothing else; `trusted`, all trusted ones, as published
   * (methods.md 10.5). @default 'trusted-positives'
   */
  readonly normal: 'trusted-positives' | 'trusted';
  /** Whose activations to look at, 0 = embedding; `all` is 1 to the last. @default 'all' */
  readonly layers: 'all' | 'last' | readonly number[];
  /** How the anomaly scores of the layers become one (methods.md 10.2). @default 'mean' */
  readonly aggregate: 'mean' | 'max';
  /**
   * `none` aggregates the layers' scores as they are, as published: right for detectors whose score has no unit, and then
   * a layer that is more surprised counts for more. `standardised` first subtracts the normal examples' mean score and
   * divides by their standard deviation, for scores in the activations' own unit. @default 'none'
   */
  readonly scale: 'none' | 'standardised';
}

/** How a detector's schema may set another default: `anomalyOptions.extend({ scale: scaleOption.default('standardised') })`. */
export const scaleOption = z
  .enum(['none', 'standardised'])
  .describe(
    'Whether layers’ scores are standardised by the normal examples’ mean and deviation before they are aggregated',
  );

/** Schema of {@link AnomalyOptions}, to `extend`; unknown keys are refused. */
export const anomalyOptions = z.strictObject({
  normal: z
    .enum(['trusted-positives', 'trusted'])
    .default('trusted-positives')
    .describe('Normal examples: trusted ones with every measurement positive, or all trusted ones'),
  layers: z
    .union([z.enum(['all', 'last']), z.array(z.int().min(0)).min(1)])
    .default('all')
    .describe('Layers to look at, 0 = embedding; all = 1 to the last'),
  aggregate: z.enum(['mean', 'max']).default('mean').describe('How the layers’ scores become one'),
  scale: scaleOption.default('none'),
});
