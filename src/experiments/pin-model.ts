import { dirname } from 'node:path';
import { expected } from '../core/errors.ts';
import { openPretrained } from '../models/pretrained.ts';
import { digestFiles } from './digest-files.ts';
import { isPretrained, type PretrainedConfig, sourceName } from './model-config.ts';
import type { RunConfig } from './run-config.ts';

/**
 * A config whose pretrained model is fixed to the files at `path`: opened as far as their headers, with the SHA-256 over
 * all of them as its digest. A source that is a path becomes its name, since where the files lie is nobody's business.
 * @param source what the model is called from now on. @default the name of the path
 * @throws UserError naming file and tensor when the model cannot be opened, or (`model-changed`) when the config has
 *   another digest already.
 */
export async function pinModel<C extends Pick<RunConfig, 'model'>>(
  config: C,
  path: string,
  source: string = sourceName(path),
): Promise<C> {
  const { model } = config;
  if (!isPretrained(model)) return config;
  const { files } = await openPretrained(path, model);
  const digest = await digestFiles(dirname(files[0] as string), files);
  requireSame(model, digest);
  return { ...config, model: { ...model, source, digest } };
}

function requireSame({ source, digest: wanted }: PretrainedConfig, got: string): void {
  if (wanted === undefined || wanted === got) return;
  const next = 'Give the files that the digest is of, or leave model.digest out of the config.';
  throw expected('model-changed', `the files of model "${source}"`, `of digest ${wanted}`, got, next);
}
