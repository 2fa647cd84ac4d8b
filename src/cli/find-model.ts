import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expected, UserError } from '../core/errors.ts';
import type { RunConfig } from '../experiments/config.ts';
import { isPretrained, type PretrainedConfig } from '../experiments/model-config.ts';
import { pinModel } from '../experiments/pin-model.ts';
import { duration } from './duration.ts';

export interface FindModelOptions {
  readonly offline?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** A config that says which files its pretrained model has, and where they are; downloaded if need be. */
export interface FoundModel {
  readonly config: RunConfig;
  readonly modelPath?: string;
}

/**
 * Finds a config's pretrained model: what exists under its path, else the model of that id on the Hugging Face hub, in
 * the cache that its Python library uses. A config with the project's own model stays as it is.
 * @throws UserError when it is neither, or cannot be opened; EnvironmentError when the hub cannot be reached.
 */
export async function findModel(config: RunConfig, options: FindModelOptions): Promise<FoundModel> {
  const { model } = config;
  if (!isPretrained(model)) return { config };
  if (existsSync(model.source)) {
    const modelPath = resolve(model.source);
    return { config: await pinModel(config, modelPath), modelPath };
  }
  const modelPath = await fetched(model, options);
  return { config: await pinModel(config, modelPath, model.source), modelPath };
}

async function fetched({ source, revision }: PretrainedConfig, options: FindModelOptions): Promise<string> {
  const { fetchModel, isModelId } = await import('../models/huggingface/hub.ts');
  if (!isModelId(source) || /\.(onnx|safetensors|json)$/.test(source)) {
    const wanted = 'a directory with a checkpoint, an .onnx file, or an id on the Hugging Face hub such as owner/name';
    throw expected('unknown-model', 'the model', wanted, source, 'Nothing of that path is there: check the spelling.');
  }
  const { HF_TOKEN: token } = process.env;
  return fetchModel(source, {
    cacheDirectory: cacheDirectory(),
    offline: options.offline === true,
    signal: options.signal,
    progress: downloadProgress(source, options.quiet === true),
    ...(revision !== undefined && { revision }),
    ...(token && { token }),
  }).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `${error.message} Nor is there a file or directory of that name here.`);
  });
}

/** As the Python library decides. */
function cacheDirectory(): string {
  const { HF_HUB_CACHE, HF_HOME } = process.env;
  return HF_HUB_CACHE || join(HF_HOME || join(homedir(), '.cache', 'huggingface'), 'hub');
}

/** Milliseconds between two lines where stderr is no terminal. */
const plainInterval = 10_000;

function downloadProgress(source: string, quiet: boolean) {
  if (quiet) return () => {};
  const start = Date.now();
  let shown = 0;
  return (done: number, total: number) => {
    const finished = done >= total;
    if (Date.now() - shown < (process.stderr.isTTY ? 200 : plainInterval) && !(finished && shown > 0)) return;
    shown = Date.now();
    const rate = done / Math.max(1, shown - start);
    const left = rate > 0 ? ` · ${duration((total - done) / rate / 1000)} left` : '';
    const text = `downloading ${source}: ${(done / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB${left}`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}${finished ? '\n' : ''}` : `${text}\n`);
  };
}
