import type { Input } from '../../core/examples.ts';
import type { Progress } from '../../core/settings.ts';
import { createBase } from '../../experiments/create-base.ts';
import { isPretrained, modelName, type PretrainedConfig } from '../../experiments/model-config.ts';
import { openBase } from '../../experiments/open-base.ts';
import { pinModel } from '../../experiments/pin-model.ts';
import type { TokenizerConfig } from '../../models/tokenizer-training.ts';
import type { DetectorConfig } from '../detection-config.ts';
import type { FeatureRows } from '../features/feature-rows.ts';
import { encodeTexts } from '../features/text-features.ts';
import { cutNote } from './cut-note.ts';
import { featuresSource } from './features-source.ts';
import type { ModelSource } from './model-source.ts';
import { ownSource } from './own-source.ts';
import { tunedSource } from './tuned-source.ts';

/** What a source of models is opened for. */
export interface SourceOptions {
  readonly config: DetectorConfig;
  /** Measurements per example, at least 1. */
  readonly measurements: number;
  /** Activations of the user's own, in the place of a model that reads texts. */
  readonly features?: FeatureRows | undefined;
  /** Where the pretrained model's files are. @default its `source` */
  readonly modelPath?: string | undefined;
  /** Texts that will be asked about again and again. @default none */
  readonly known?: readonly Input[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * The config with the digest of its pretrained model's files, so that a detector which is saved knows them again; as it is
 * where activations of the user's own or a model trained from nothing take its place.
 * @throws UserError (`model-changed`) when the config has another digest already; as opening the model does.
 */
export function pinnedConfig(
  config: DetectorConfig,
  { features, modelPath }: Pick<SourceOptions, 'features' | 'modelPath'>,
): Promise<DetectorConfig> | DetectorConfig {
  const { model } = config;
  if (features || !isPretrained(model)) return config;
  return pinModel(config, modelPath ?? model.source, model.source);
}

/**
 * The models that a config asks for.
 * @throws UserError as opening the pretrained network does.
 */
export async function openModelSource(options: SourceOptions): Promise<ModelSource> {
  const { config, measurements, features } = options;
  const { model, threads } = config;
  if (features) return featuresSource({ name: 'activations of your own', own: true, features, measurements, threads });
  return isPretrained(model) ? pretrainedSource(options, model) : trainedSource(options);
}

async function pretrainedSource(options: SourceOptions, model: PretrainedConfig): Promise<ModelSource> {
  const { config, measurements, modelPath, known = [], signal } = options;
  const { training, finetuning, threads, device } = config;
  const base = await openBase(model, modelPath ?? model.source);
  const create = (seed: number) =>
    createBase(base, { model, training, finetuning, measurements, seed, runtime: { threads, device, signal } });
  const most = Math.min(model.maxTokens ?? base.network.maxTokens, base.network.maxTokens);
  const notes = cutNote(base.tokenizer, known, most);
  const { trainable } = training;
  if (trainable !== 'heads')
    return tunedSource(`${modelName(model)}, finetuned (${trainable})`, async (s) => create(s), notes);
  const features = await encodeTexts(create(config.seed), known, options);
  return featuresSource({ name: `${modelName(model)}, frozen`, own: false, features, measurements, threads, notes });
}

function trainedSource({ config, measurements, signal }: SourceOptions): ModelSource {
  const { model, tokenizer, training, finetuning, threads, device } = config;
  if (isPretrained(model)) throw new RangeError('a pretrained model is not trained from nothing');
  return ownSource({
    name: `${modelName(model)}, trained on these texts`,
    ...{ model, training, finetuning, measurements },
    tokenizer: tokenizer as TokenizerConfig,
    runtime: { threads, device, signal },
  });
}
