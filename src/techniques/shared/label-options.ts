import { z } from 'zod';

/** Whose word a supervised probe takes, and whose activations it reads. */
export interface LabelOptions {
  /**
   * `weak`: the weak labels of all training examples; `trusted`: the aggregate measurements of trusted examples, which
   * takes a trusted subset. @default 'weak'
   */
  readonly labels: 'weak' | 'trusted';
  /** The model before it saw any measurement, or the measurement predictor. @default 'pretrained' */
  readonly model: 'pretrained' | 'predictor';
}

/** Schema of {@link LabelOptions}. */
export const labelOptions = z.strictObject({
  labels: z
    .enum(['weak', 'trusted'])
    .default('weak')
    .describe('Weak labels of all training examples, or aggregate measurements of trusted ones'),
  model: z
    .enum(['pretrained', 'predictor'])
    .default('pretrained')
    .describe('Whose activations: the model before it saw any measurement, or the measurement predictor'),
});
