import type { StrongModel } from '../../core/models.ts';
import type { ModelSize } from '../../core/techniques.ts';
import { resized } from '../../experiments/steps/pretraining.ts';
import { loadModel, saveModel } from '../../models/checkpoint.ts';
import type { Runtime } from '../../models/compiled.ts';
import type { FinetuningConfig, ModelConfig, TrainingConfig } from '../../models/config.ts';
import { createNetworkModel, type NetworkModel } from '../../models/network-model.ts';
import { createPretrained, trainOnMeasurements } from '../../models/strong-model.ts';
import type { Tokenizer } from '../../models/tokenizer.ts';
import { type TokenizerConfig, trainTokenizer } from '../../models/tokenizer-training.ts';
import { cutNote } from './cut-note.ts';
import type { FoldTraining, ModelSource } from './model-source.ts';

export interface OwnSourceOptions {
  readonly name: string;
  readonly model: ModelConfig;
  readonly tokenizer: TokenizerConfig;
  readonly training: TrainingConfig;
  readonly finetuning: FinetuningConfig;
  /** Measurements per example, at least 1. */
  readonly measurements: number;
  readonly runtime: Runtime;
}

/**
 * The project's own model, trained from nothing for each fold; its tokenizer is learned from the fold's training texts. Texts
 * that are too long for it are read as far as it can.
 */
export function ownSource({ name, runtime, tokenizer: wanted, ...options }: OwnSourceOptions): ModelSource {
  const notes: string[] = [];
  return {
    name,
    notes,
    ownFeatures: false,
    train: async ({ examples, seed, signal, progress }: FoldTraining) => {
      const texts = examples.map(({ text }) => text);
      const shared = { ...options, ...runtime, tokenizer: trainTokenizer(texts, wanted), seed, signal };
      const pretrained = cutting(createPretrained(shared));
      if (notes.length === 0) notes.push(...cutNote(shared.tokenizer, examples, options.model.maxTokens));
      const predictor = await trainOnMeasurements(pretrained, examples, { seed, progress });
      const createModel = async (size: ModelSize) =>
        cutting(createPretrained({ ...shared, model: resized(options.model, size) }));
      return { pretrained, predictor, createModel };
    },
    save: (model: StrongModel, directory: string) => saveModel(model as NetworkModel<Tokenizer>, directory),
    open: async (directory: string) => cutting(await loadModel(directory, runtime)),
  };
}

function cutting(model: NetworkModel<Tokenizer>): NetworkModel<Tokenizer> {
  return createNetworkModel({ ...model.parts, truncate: 'end' });
}
