import { z } from 'zod';

/** What every unsupervised technique on contrast pairs lets one choose. */
export interface PairOptions {
  /** Whose activations: the model before it saw any measurement, or the measurement predictor. @default 'pretrained' */
  readonly model: 'pretrained' | 'predictor';
  /** 0 = embedding, `middle` = half of the layers, rounded up. @default 'last' */
  readonly layer: 'last' | 'middle' | number;
  /** Most training examples to learn from, drawn at random. @default 4000 */
  readonly mostExamples: number;
  /**
   * What tells which end of the direction is true: the weak labels of those examples, the aggregate measurements of
   * trusted examples, or nothing, so that the sign is arbitrary. @default 'weak-labels'
   */
  readonly sign: 'weak-labels' | 'trusted' | 'none';
  /** Whether to fit slope and offset of the score to the labels that give the sign. @default true */
  readonly platt: boolean;
}

const shape = {
  model: z
    .enum(['pretrained', 'predictor'])
    .default('pretrained')
    .describe('Whose activations: the model before it saw any measurement, or the measurement predictor'),
  layer: z
    .union([z.enum(['last', 'middle']), z.int().min(0)])
    .default('last')
    .describe('Whose activations to use, 0 = embedding, middle = half of the layers, rounded up'),
  mostExamples: z.int().min(4).default(4000).describe('Most training examples to learn from, drawn at random'),
  sign: z
    .enum(['weak-labels', 'trusted', 'none'])
    .default('weak-labels')
    .describe(
      'What tells which end of the direction is true; trusted needs a trusted subset, none leaves it arbitrary',
    ),
  platt: z.boolean().default(true).describe('Whether to fit slope and offset of the score to the labels of the sign'),
};

/** Schema of {@link PairOptions}; unknown keys are refused. */
export const pairOptions = z.strictObject(shape);

/** Wordings of each contrast pair to use. */
export const wordingsOption = z
  .union([z.literal('all'), z.int().min(1)])
  .describe('How many wordings of each contrast pair to use; all takes every one');
