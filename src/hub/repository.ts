import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { datasetInfo, type ListFileEntry, listFiles, modelInfo } from '@huggingface/hub';
import { expected } from '../core/errors.ts';
import { writeWhole } from '../core/write-whole.ts';
import { type CacheFolder, cacheFolder, commitPattern } from './cache-folder.ts';
import type { HubFile } from './download-files.ts';
import { type HubClient, type HubOptions, hubClient } from './hub-client.ts';
import { hubError } from './hub-error.ts';

/** What kind of repository is fetched, how to tell that a cached one is whole, and how to download it. */
export interface Fetching {
  readonly type: 'model' | 'dataset';
  /** Whether a snapshot's directory holds what is needed. */
  isThere(directory: string): boolean;
  download(client: HubClient, commit: string, folder: CacheFolder): Promise<void>;
}

/**
 * The directory of a repository of the hub in the cache, downloaded as far as it is not there; with `offline`, what is
 * cached or an error.
 * @throws UserError, EnvironmentError as `fetchModel` and `fetchDataset` say.
 */
export async function fetchRepository(id: string, options: HubOptions, fetching: Fetching): Promise<string> {
  const { type } = fetching;
  const { revision = 'main', offline = false } = options;
  requireNames(type, id, revision, options.token);
  const folder = cacheFolder(options.cacheDirectory, id, type);
  if (offline) return await cached(id, revision, folder, fetching);
  const client = hubClient(type, id, options);
  const commit = await commitOf(client, revision);
  await fetching.download(client, commit, folder);
  // Written last, so that offline use never meets a repository that is only half there.
  if (revision !== commit) await writeWhole(await folder.reference(revision), commit);
  return folder.snapshot(commit);
}

/** Whether text names a repository of the hub rather than a directory: a name, or `owner/name`. */
export function isHubId(text: string): boolean {
  return /^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/.test(text) && !text.includes('..');
}

/** Files of a repository by path; those of folders too where `recursive`. */
export async function listing(
  client: HubClient,
  commit: string,
  recursive = false,
): Promise<ReadonlyMap<string, HubFile>> {
  const entries = new Map<string, HubFile>();
  try {
    for await (const entry of listFiles({ ...client.request, repo: client.repo, revision: commit, recursive })) {
      if (entry.type === 'file') entries.set(entry.path, hubFile(entry));
    }
  } catch (error) {
    throw hubError(error, `the list of files of ${client.repo.type} "${client.id}"`, client.options);
  }
  return entries;
}

function requireNames(type: string, id: string, revision: string, token: string | undefined): void {
  if (!isHubId(id)) {
    throw expected(`invalid-${type}-id`, `the ${type} id`, 'of the form owner/name', id, 'Look it up on the hub.');
  }
  if (!/^[\w][\w./-]*$/.test(revision) || revision.includes('..')) {
    throw expected('invalid-revision', 'the revision', 'a branch, tag or commit', revision, 'Look it up on the hub.');
  }
  if (token !== undefined && !/^hf_\w+$/.test(token)) {
    const next = 'Make one in the settings of your account, and take care that no space or line end is part of it.';
    throw expected('invalid-token', 'the access token', 'of the form hf_…', 'something else', next);
  }
}

async function cached(id: string, revision: string, folder: CacheFolder, fetching: Fetching): Promise<string> {
  const reference = await readFile(await folder.reference(revision), 'utf8').catch(() => revision);
  const commit = reference.trim();
  const directory = folder.snapshot(commit);
  if (commitPattern.test(commit) && existsSync(directory) && fetching.isThere(directory)) return directory;
  const next = `Run once without --offline, or give a directory. The cache is ${folder.path}.`;
  throw expected('not-cached', `${fetching.type} "${id}" at revision "${revision}"`, 'in the cache', 'nothing', next);
}

async function commitOf(client: HubClient, revision: string): Promise<string> {
  const about = `${client.repo.type} "${client.id}" at revision "${revision}"`;
  const asked = { ...client.request, name: client.id, revision };
  const info = await (client.repo.type === 'model'
    ? modelInfo({ ...asked, additionalFields: ['sha'] })
    : datasetInfo({ ...asked, additionalFields: ['sha'] })
  ).catch((error: unknown) => {
    throw hubError(error, about, client.options);
  });
  if (typeof info.sha === 'string' && commitPattern.test(info.sha)) return info.sha;
  throw hubError(`the commit ${String(info.sha)}`, about, client.options);
}

/** Large files go by the SHA-256 of their content, small ones by git's SHA-1. */
function hubFile({ path, size, oid, lfs }: ListFileEntry): HubFile {
  return lfs ? { path, size: lfs.size, sha256: lfs.oid } : { path, size, gitOid: oid ?? '' };
}
