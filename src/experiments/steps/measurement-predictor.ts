import { join } from 'node:path';
import type { SupervisedExample } from '../../core/examples.ts';
import type { StrongModel } from '../../core/models.ts';
import type { Dataset } from '../../core/settings.ts';
import { createTrainingView } from '../../core/training-view.ts';
import { loadModel, saveModel } from '../../models/checkpoint.ts';
import type { ModelConfig } from '../../models/config.ts';
import { createPretrained, trainOnMeasurements } from '../../models/strong-model.ts';
import type { TokenizerConfig } from '../../models/tokenizer-training.ts';
import { loadTuned, saveTuned } from '../../models/tuned-checkpoint.ts';
import { createBase } from '../create-base.ts';
import { isPretrained, type PretrainedConfig } from '../model-config.ts';
import { openBase } from '../open-base.ts';
import type { RunConfig } from '../run-config.ts';
import type { StepContext, StepRunner } from '../step.ts';
import { loadDataset } from './dataset.ts';
import { tokenizerOf } from './tokenizer.ts';

/** What every step that touches the strong model is keyed by. */
export interface PredictorConfig extends Pick<RunConfig, 'model' | 'tokenizer' | 'training' | 'finetuning' | 'device'> {
  readonly seed: number;
  readonly threads: number;
}

interface Supervision {
  readonly dataset: Dataset;
  readonly examples: readonly SupervisedExample[];
  readonly measurements: number;
}

/** Trains the measurement predictor on what supervision may see; keeps it beside the model it started from. */
export const runMeasurementPredictor: StepRunner<PredictorConfig> = async (config, context) => {
  const dataset = await loadDataset(context.input('dataset'));
  const { splits, measurementNames } = dataset;
  const { examples } = createTrainingView(splits.train, measurementNames, { groundTruth: false });
  const supervision = { examples, dataset, measurements: measurementNames.length };
  const { model } = config;
  if (isPretrained(model)) await tunePretrained({ ...config, model }, supervision, context);
  else await trainOwn({ ...config, model }, supervision, context);
};

type OwnConfig = PredictorConfig & { readonly model: ModelConfig };
type TunedConfig = PredictorConfig & { readonly model: PretrainedConfig };

async function trainOwn(config: OwnConfig, { dataset, examples, measurements }: Supervision, context: StepContext) {
  const { threads, device, seed } = config;
  const { signal, progress } = context;
  const runtime = { threads, device, signal };
  const pretrained = context.has('pretrained')
    ? await loadModel(context.input('pretrained'), runtime)
    : createPretrained({
        ...config,
        tokenizer: tokenizerOf(dataset, config.tokenizer as TokenizerConfig),
        ...{ measurements, signal },
      });
  await saveModel(pretrained, join(context.directory, 'pretrained'));
  const predictor = await trainOnMeasurements(pretrained, examples, { seed, progress });
  await saveModel(predictor, join(context.directory, 'predictor'));
}

/** Only what was added to the base, or changed of it, is kept. */
async function tunePretrained(config: TunedConfig, { examples, measurements }: Supervision, context: StepContext) {
  const { seed } = config;
  const { progress } = context;
  const pretrained = await openBaseModel(config, context, { measurements, seed });
  await saveTuned(pretrained, pretrained, join(context.directory, 'pretrained'));
  const predictor = await trainOnMeasurements(pretrained, examples, { seed, progress });
  await saveTuned(predictor, pretrained, join(context.directory, 'predictor'));
}

/** The trained predictor of a finished step. */
export function openPredictor(directory: string, config: PredictorConfig, context: StepContext): Promise<StrongModel> {
  return openSaved(join(directory, 'predictor'), config, context);
}

/** The model before it saw any measurement, of a finished step. */
export function openPretrained(directory: string, config: PredictorConfig, context: StepContext): Promise<StrongModel> {
  return openSaved(join(directory, 'pretrained'), config, context);
}

async function openSaved(directory: string, config: PredictorConfig, context: StepContext): Promise<StrongModel> {
  const { model, threads, device } = config;
  if (!isPretrained(model)) return loadModel(directory, { threads, device, signal: context.signal });
  // What is saved brings its own heads, so those of the base do not matter.
  return loadTuned(await openBaseModel({ ...config, model }, context, { measurements: 1, seed: 0 }), directory);
}

async function openBaseModel(config: TunedConfig, context: StepContext, heads: { measurements: number; seed: number }) {
  const { model, training, finetuning, threads, device } = config;
  const runtime = { threads, device, signal: context.signal };
  return createBase(await openBase(model, context.modelPath), { model, training, finetuning, runtime, ...heads });
}
