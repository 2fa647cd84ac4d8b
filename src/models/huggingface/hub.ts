import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expected } from '../../core/errors.ts';
import type { CacheFolder } from '../../hub/cache-folder.ts';
import { downloadFiles, type HubFile } from '../../hub/download-files.ts';
import type { HubClient, HubOptions } from '../../hub/hub-client.ts';
import { fetchRepository, listing } from '../../hub/repository.ts';
import { tokenizerFiles } from './tokenizer.ts';
import { readIndex, weightFileNames } from './weight-files.ts';

/**
 * The directory of a model of the Hugging Face hub in the cache, downloaded as far as it is not there: config,
 * tokenizer and safetensors weights only. Every file is checked against size and hash; a download that breaks off goes
 * on where it stopped, at once or in a later call.
 * @param id `owner/name`, or a name alone.
 * @throws UserError when id, revision or token are malformed, the hub refuses or does not know the model, the model has
 * no safetensors weights, or it is not in the cache and `offline` is set; EnvironmentError when the hub cannot be reached.
 */
export function fetchModel(id: string, options: HubOptions): Promise<string> {
  return fetchRepository(id, options, {
    type: 'model',
    isThere: (directory) => existsSync(join(directory, 'config.json')),
    download: downloadModel,
  });
}

async function downloadModel(client: HubClient, commit: string, folder: CacheFolder): Promise<void> {
  const entries = await listing(client, commit);
  const files = (names: readonly string[]) => names.flatMap((name) => entries.get(name) ?? []);
  const small = files(['config.json', ...tokenizerNames]);
  const whole = files([weightFileNames.whole]);
  const index = whole.length > 0 ? [] : files([weightFileNames.index]);
  if (whole.length + index.length === 0) throw withoutSafetensors(client.id, entries);
  await downloadFiles(client, commit, folder, [...small, ...index]);
  const shards = index.length === 0 ? [] : await shardNames(join(folder.snapshot(commit), weightFileNames.index));
  const absent = shards.find((name) => !entries.has(name));
  if (absent !== undefined) throw missingShard(client.id, absent);
  await downloadFiles(client, commit, folder, [...whole, ...files(shards)]);
}

const tokenizerNames = [
  ...Object.values(tokenizerFiles),
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'generation_config.json',
];

async function shardNames(index: string): Promise<string[]> {
  return [...new Set((await readIndex(index)).values())];
}

function withoutSafetensors(id: string, entries: ReadonlyMap<string, HubFile>) {
  const kinds = [...entries.keys()].filter((name) => /\.(bin|h5|onnx|gguf|msgpack|pt|pth)$/.test(name));
  const got = kinds.length > 0 ? `one with ${kinds.slice(0, 3).join(', ')}` : 'one without';
  const next = 'Choose another model, or save it again with the transformers library, which writes safetensors.';
  return expected('no-safetensors', `model "${id}"`, 'one with model.safetensors', got, next);
}

function missingShard(id: string, shard: string) {
  const next = "Tell the model's owner, or choose another revision.";
  return expected('missing-shard', `model "${id}"`, `one with ${shard}, which its index names`, 'none', next);
}
