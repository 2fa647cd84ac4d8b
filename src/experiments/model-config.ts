import { z } from 'zod';
import type { ModelConfig } from '../models/config.ts';
import { readPlaces } from '../models/model-graph.ts';

/** A model that somebody trained before, under `model:` in a config. */
export const pretrainedConfig = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe('Id on the Hugging Face hub, directory of a checkpoint, ONNX file, or universal-sentence-encoder-lite.'),
  maxTokens: z
    .int()
    .min(8)
    .optional()
    .describe('Longest text in tokens; the end of longer ones is cut off. Without it such a text is an error.'),
  readAt: z
    .enum(readPlaces)
    .optional()
    .describe(
      'Where texts are read. Default: the last token of a model that reads one way, the first of one that reads both, the mean over all of an ONNX file, which does not say, and of universal-sentence-encoder-lite.',
    ),
  revision: z.string().min(1).optional().describe('Branch, tag or commit on the hub. Default: main.'),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .optional()
    .describe('SHA-256 over the files; others are refused. Filled in when a run starts.'),
});
export type PretrainedConfig = z.output<typeof pretrainedConfig>;

/** Whether a resolved or written `model:` names a pretrained model rather than sizes of the project's own. */
export function isPretrained(model: object): model is PretrainedConfig {
  return 'source' in model;
}

/** The strong model's name in results: what it is, e.g. `transformer-4x128` or `all-minilm-l6-v2`. */
export function modelName(model: ModelConfig | PretrainedConfig): string {
  if (!isPretrained(model)) return `transformer-${model.layers}x${model.width}`;
  const name = sourceName(model.source).toLowerCase();
  return name.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'pretrained';
}

/** The part of a source that tells models apart: the last of its path, but for file names that all models share. */
export function sourceName(source: string): string {
  const parts = source.split(/[/\\]/).filter(Boolean);
  const own = parts.filter((part, i) => i < parts.length - 2 || !/^(onnx|model\.onnx)$/i.test(part));
  return own.at(-1)?.replace(/\.onnx$/i, '') ?? source;
}
