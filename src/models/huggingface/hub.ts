import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ListFileEntry, listFiles, modelInfo } from '@huggingface/hub';
import { expected } from '../../core/errors.ts';
import { writeWhole } from '../../core/write-whole.ts';
import { type CacheFolder, cacheFolder, commitPattern } from './hub-cache.ts';
import { type HubClient, type HubOptions, hubClient } from './hub-client.ts';
import { downloadFiles, type HubFile } from './hub-download.ts';
import { hubError } from './hub-error.ts';
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
export async function fetchModel(id: string, options: HubOptions): Promise<string> {
  const { revision = 'main', offline = false } = options;
  requireNames(id, revision, options.token);
  const folder = cacheFolder(options.cacheDirectory, id);
  if (offline) return await cachedModel(id, revision, folder);
  const client = hubClient(id, options);
  const commit = await commitOf(client, revision);
  await downloadModel(client, commit, folder);
  // Written last, so that offline use never meets a model that is only half there.
  if (revision !== commit) await writeWhole(await folder.reference(revision), commit);
  return folder.snapshot(commit);
}

/** Whether text names a model of the hub rather than a directory: a name, or `owner/name`. */
export function isModelId(text: string): boolean {
  return /^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/.test(text) && !text.includes('..');
}

function requireNames(id: string, revision: string, token: string | undefined): void {
  if (!isModelId(id)) {
    throw expected('invalid-model-id', 'the model id', 'of the form owner/name', id, 'Look it up on the hub.');
  }
  if (!/^[\w][\w./-]*$/.test(revision) || revision.includes('..')) {
    throw expected('invalid-revision', 'the revision', 'a branch, tag or commit', revision, 'Look it up on the hub.');
  }
  if (token !== undefined && !/^hf_\w+$/.test(token)) {
    const next = 'Make one in the settings of your account, and take care that no space or line end is part of it.';
    throw expected('invalid-token', 'the access token', 'of the form hf_…', 'something else', next);
  }
}

async function cachedModel(id: string, revision: string, folder: CacheFolder): Promise<string> {
  const reference = await readFile(await folder.reference(revision), 'utf8').catch(() => revision);
  const commit = reference.trim();
  const directory = folder.snapshot(commit);
  if (commitPattern.test(commit) && existsSync(join(directory, 'config.json'))) return directory;
  const next = `Run once without --offline, or give a directory. The cache is ${folder.path}.`;
  throw expected('not-cached', `model "${id}" at revision "${revision}"`, 'in the cache', 'nothing', next);
}

async function commitOf(client: HubClient, revision: string): Promise<string> {
  const about = `model "${client.id}" at revision "${revision}"`;
  const info = await modelInfo({ ...client.request, name: client.id, revision, additionalFields: ['sha'] }).catch(
    (error: unknown) => {
      throw hubError(error, about, client.options);
    },
  );
  if (typeof info.sha === 'string' && commitPattern.test(info.sha)) return info.sha;
  throw hubError(`the commit ${String(info.sha)}`, about, client.options);
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

/** Files at the top of the model by name. */
async function listing(client: HubClient, commit: string): Promise<ReadonlyMap<string, HubFile>> {
  const entries = new Map<string, HubFile>();
  try {
    for await (const entry of listFiles({ ...client.request, repo: client.repo, revision: commit })) {
      if (entry.type === 'file') entries.set(entry.path, hubFile(entry));
    }
  } catch (error) {
    throw hubError(error, `the list of files of model "${client.id}"`, client.options);
  }
  return entries;
}

/** Large files go by the SHA-256 of their content, small ones by git's SHA-1. */
function hubFile({ path, size, oid, lfs }: ListFileEntry): HubFile {
  return lfs ? { path, size: lfs.size, sha256: lfs.oid } : { path, size, gitOid: oid ?? '' };
}

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
