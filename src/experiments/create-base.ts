import type { Runtime } from '../models/compiled.ts';
import type { FinetuningConfig, TrainingConfig } from '../models/config.ts';
import type { NetworkModel } from '../models/network-model.ts';
import { createStrongModel } from '../models/strong-model.ts';
import type { PretrainedConfig } from './model-config.ts';
import type { Base } from './open-base.ts';

export interface CreateBaseOptions {
  readonly model: PretrainedConfig;
  readonly training: TrainingConfig;
  readonly finetuning: FinetuningConfig;
  readonly runtime: Runtime;
  /** Measurements per example, at least 1. */
  readonly measurements: number;
  /** Of the heads' random start. */
  readonly seed: number;
}

/** A pretrained network as the strong model of a config, before it saw any measurement. */
export function createBase(
  { network, tokenizer, weights }: Base,
  { model, ...options }: CreateBaseOptions,
): NetworkModel {
  // An ONNX file does not say whether its tokens see later ones; the mean suits both kinds.
  const readAt = model.readAt ?? (network.family === 'onnx' ? 'mean' : undefined);
  return createStrongModel({
    ...{ network, weights, tokenizer, ...options },
    ...(model.maxTokens !== undefined && { truncate: 'end' as const }),
    ...(readAt && { readAt }),
  });
}
