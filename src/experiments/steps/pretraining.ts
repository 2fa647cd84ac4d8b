import type { Dataset, Progress } from '../../core/settings.ts';
import type { ModelSize } from '../../core/techniques.ts';
import { saveModel } from '../../models/checkpoint.ts';
import type { ModelConfig, PretrainingConfig } from '../../models/config.ts';
import type { NetworkModel } from '../../models/network-model.ts';
import { createPretrained, type PretrainedOptions } from '../../models/strong-model.ts';
import type { Tokenizer } from '../../models/tokenizer.ts';
import type { TokenizerConfig } from '../../models/tokenizer-training.ts';
import type { StepRunner } from '../step.ts';
import { loadDataset } from './dataset.ts';
import type { PredictorConfig } from './measurement-predictor.ts';
import { tokenizerOf } from './tokenizer.ts';

export interface PretrainingStepConfig extends PredictorConfig {
  readonly model: ModelConfig;
  readonly pretraining: PretrainingConfig;
  /** Measurement heads; those of the dataset where a weak supervisor does not decide. */
  readonly measurements?: number;
}

/** Pretrains the strong model on the dataset's corpus, before it sees any supervision. */
export const runPretraining: StepRunner<PretrainingStepConfig> = async (config, context) => {
  const dataset = await loadDataset(context.input('dataset'));
  const { signal, progress } = context;
  const measurements = config.measurements ?? dataset.measurementNames.length;
  const tokenizer = tokenizerOf(dataset, config.tokenizer as TokenizerConfig);
  const model = await createOwnModel(
    { ...config, tokenizer, measurements, signal },
    dataset,
    config.pretraining,
    progress,
  );
  await saveModel(model, context.directory);
};

/** The project's own model before any supervision: random weights by seed, then trained on the corpus, if there is one. */
export async function createOwnModel(
  options: PretrainedOptions,
  { corpus }: Pick<Dataset, 'corpus'>,
  { epochs, learningRate, batchSize }: PretrainingConfig,
  progress: Progress,
): Promise<NetworkModel<Tokenizer>> {
  const random = createPretrained(options);
  if (corpus === undefined || corpus.length === 0 || epochs === 0) return random;
  const inputs = corpus.map((text, i) => ({ id: `corpus-${i}`, text }));
  const shape = { rows: inputs.length, columns: random.heads.length };
  const nothing = { ...shape, data: new Float32Array(shape.rows * shape.columns) };
  return random.finetune(
    { inputs, targets: nothing, weights: nothing },
    // Whatever supervision may train later, random weights must all learn.
    { seed: options.seed, epochs, learningRate, batchSize, nextTokenWeight: 1, trainable: 'full', progress },
  );
}

/** The same sizes, but for those that `size` names; the number of heads shrinks until it divides another width. */
export function resized(model: ModelConfig, { width = model.width, layers = model.layers }: ModelSize): ModelConfig {
  let { heads } = model;
  while (width % heads !== 0) heads--;
  return { ...model, width, layers, heads };
}
