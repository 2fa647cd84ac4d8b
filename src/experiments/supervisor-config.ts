import { z } from 'zod';
import { modelConfig, pretrainingConfig } from '../models/config.ts';

/** What a supervisor's sizes are where a config leaves them out: they are not the strong model's. */
const supervisorModel = z.preprocess(
  (written) => (typeof written === 'object' ? { width: 32, layers: 2, heads: 2, ...written } : written),
  modelConfig,
);

const supervisorPretraining = pretrainingConfig.extend({ epochs: pretrainingConfig.shape.epochs.default(0) });

/** The weak supervisors of a setting that wants them, under `supervisor:` in a config (methods.md 3.3). */
export const supervisorConfig = z.strictObject({
  count: z.int().min(1).max(16).default(1).describe('Weak supervisors; each learns from its own part of half 1.'),
  examples: z.int().min(0).default(0).describe('Examples that each learns from; 0: its whole part.'),
  model: supervisorModel.prefault({}).describe('Sizes of a supervisor.'),
  pretraining: supervisorPretraining.prefault({}).describe('Its own pretraining, where there is a corpus.'),
  epochs: z.number().positive().default(5).describe('Passes over its labelled examples.'),
  learningRate: z.number().positive().default(1e-3).describe('Peak learning rate of AdamW.'),
});
export type SupervisorConfig = z.output<typeof supervisorConfig>;
