import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expected, UserError } from '../core/errors.ts';
import { isPretrained, type PretrainedConfig } from '../experiments/model-config.ts';
import { pinModel } from '../experiments/pin-model.ts';
import type { RunConfig } from '../experiments/run-config.ts';
import { isHubId } from '../hub/repository.ts';
import { builtInDirectory } from '../models/universal-sentence-encoder/built-in-directory.ts';
import { type HubFlags, hubAccess } from './hub-access.ts';

/** A config that says which files its pretrained model has, and where they are; downloaded if need be. */
export interface FoundModel<C> {
  readonly config: C;
  readonly modelPath?: string;
}

/**
 * Finds a config's pretrained model: what exists under its path, else the one of that name that is installed with this
 * package, else the model of that id on the Hugging Face hub, in the cache that its Python library uses. A config with
 * the project's own model stays as it is.
 * @throws UserError when it is neither, or cannot be opened; EnvironmentError when the hub cannot be reached.
 */
export async function findModel<C extends Pick<RunConfig, 'model'>>(
  config: C,
  flags: HubFlags,
): Promise<FoundModel<C>> {
  const { model } = config;
  if (!isPretrained(model)) return { config };
  if (existsSync(model.source)) {
    const modelPath = resolve(model.source);
    return { config: await pinModel(config, modelPath), modelPath };
  }
  const modelPath = builtInDirectory(model.source) ?? (await fetched(model, flags));
  return { config: await pinModel(config, modelPath, model.source), modelPath };
}

async function fetched({ source, revision }: PretrainedConfig, flags: HubFlags): Promise<string> {
  const { fetchModel } = await import('../models/huggingface/hub.ts');
  if (!isHubId(source) || /\.(onnx|safetensors|json)$/.test(source)) {
    const wanted =
      'a directory with a checkpoint, an .onnx file, universal-sentence-encoder-lite, or an id on the Hugging Face hub such as owner/name';
    throw expected('unknown-model', 'the model', wanted, source, 'Nothing of that path is there: check the spelling.');
  }
  return fetchModel(source, hubAccess(source, revision, flags)).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `${error.message} Nor is there a file or directory of that name here.`);
  });
}
