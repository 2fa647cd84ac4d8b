import { join } from 'node:path';
import type { StrongModel } from '../../core/models.ts';
import { createTrainingView } from '../../core/training-view.ts';
import { loadModel, saveModel } from '../../models/checkpoint.ts';
import { createPretrained, trainMeasurementPredictor } from '../../models/strong-model.ts';
import { trainTokenizer } from '../../models/tokenizer-training.ts';
import type { RunConfig } from '../config.ts';
import type { StepRunner } from '../step.ts';
import { loadDataset } from './dataset.ts';

/** What every step that touches the strong model is keyed by. */
export interface PredictorConfig extends Pick<RunConfig, 'model' | 'tokenizer' | 'training' | 'finetuning' | 'device'> {
  readonly seed: number;
  readonly threads: number;
}

/** Trains the measurement predictor on what supervision may see; keeps it beside the model it started from. */
export const runMeasurementPredictor: StepRunner<PredictorConfig> = async (config, context) => {
  const { splits, measurementNames } = await loadDataset(context.input('dataset'));
  const { examples } = createTrainingView(splits.train, measurementNames, { groundTruth: false });
  const tokenizer = trainTokenizer(
    examples.map(({ text }) => text),
    config.tokenizer,
  );
  const { signal, progress } = context;
  const options = { ...config, tokenizer, measurements: measurementNames.length, signal };
  await saveModel(createPretrained(options), join(context.directory, 'pretrained'));
  const predictor = await trainMeasurementPredictor({ ...options, examples, progress });
  await saveModel(predictor, join(context.directory, 'predictor'));
};

/** The trained predictor of a finished step. */
export function openPredictor(directory: string, config: PredictorConfig, signal: AbortSignal): Promise<StrongModel> {
  return loadModel(join(directory, 'predictor'), { threads: config.threads, device: config.device, signal });
}

/** The model before it saw any measurement, of a finished step. */
export function openPretrained(directory: string, config: PredictorConfig, signal: AbortSignal): Promise<StrongModel> {
  return loadModel(join(directory, 'pretrained'), { threads: config.threads, device: config.device, signal });
}
