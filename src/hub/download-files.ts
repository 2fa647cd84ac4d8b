import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { downloadFile } from '@huggingface/hub';
import type { CacheFolder } from './cache-folder.ts';
import type { HubClient } from './hub-client.ts';
import { damagedDownload, hubError, isFinal } from './hub-error.ts';

/** A file of a repository: its size in bytes, and one of two hashes. */
export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** Of the content. */
  readonly sha256?: string;
  /** SHA-1 of `blob <size>\0` and the content. */
  readonly gitOid?: string;
}

/** Downloads the files that the cache lacks and links all of them into the commit's snapshot. */
export async function downloadFiles(
  client: HubClient,
  commit: string,
  folder: CacheFolder,
  files: readonly HubFile[],
): Promise<void> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  for (const file of files) {
    const hash = hashOf(file, client);
    const blob = await folder.blob(hash);
    const report = (done: number) => client.options.progress?.(before + done, total, 'bytes');
    if ((await sizeOf(blob)) !== file.size) await downloadBlob(client, commit, file, blob, report);
    await folder.link(hash, commit, file.path);
    before += file.size;
    report(0);
  }
}

/** It becomes a file's name, so it must be nothing but a hash. */
function hashOf({ path, sha256, gitOid = '' }: HubFile, { options, repo }: HubClient): string {
  const hash = sha256 ?? gitOid;
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(hash)) return hash;
  throw hubError(`the hash ${hash}`, `file ${path} of ${repo.type} "${repo.name}"`, options);
}

/** Bytes of a file; −1 when there is none. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => -1,
  );
}

async function downloadBlob(
  client: HubClient,
  commit: string,
  file: HubFile,
  blob: string,
  report: (done: number) => void,
): Promise<void> {
  const partial = `${blob}.incomplete`;
  await downloadWithRetries(client, commit, file, partial, report);
  if (await isIntact(partial, file)) return await rename(partial, blob);
  const size = await sizeOf(partial);
  await rm(partial, { force: true });
  throw damagedDownload(`file ${file.path} of ${client.repo.type} "${client.id}"`, file.size, size);
}

/** Consecutive attempts without a byte before it gives up. */
const attempts = 4;

async function downloadWithRetries(
  client: HubClient,
  commit: string,
  file: HubFile,
  partial: string,
  report: (done: number) => void,
): Promise<void> {
  const { retryMilliseconds = 1000, signal } = client.options;
  const about = `file ${file.path} of ${client.repo.type} "${client.id}"`;
  for (let failures = 0; ; failures++) {
    const start = Math.max(0, await sizeOf(partial));
    try {
      return await append(client, commit, file, partial, report);
    } catch (error) {
      signal?.throwIfAborted();
      if ((await sizeOf(partial)) > start) failures = 0;
      if (isFinal(error) || failures + 1 >= attempts) throw hubError(error, about, client.options);
      await setTimeout(retryMilliseconds * 2 ** failures, undefined, signal && { signal });
    }
  }
}

/** Downloads what the partial file lacks. */
async function append(
  { repo, request }: HubClient,
  commit: string,
  { path, size }: HubFile,
  partial: string,
  report: (done: number) => void,
): Promise<void> {
  const handle = await open(partial, 'a');
  try {
    let done = (await handle.stat()).size;
    if (done >= size) return;
    // Plain ranges; the chunked protocol of large files would need another path to resume.
    const content = await downloadFile({ ...request, repo, path, revision: commit, xet: false });
    if (!content) throw new Error('nothing');
    for await (const chunk of content.slice(done, size).stream()) {
      await handle.appendFile(chunk);
      done += chunk.length;
      report(Math.min(done, size));
      if (done > size) return;
    }
    if (done < size) throw new Error(`${done} of ${size} bytes`);
  } finally {
    await handle.close();
  }
}

async function isIntact(path: string, { size, sha256, gitOid }: HubFile): Promise<boolean> {
  if ((await sizeOf(path)) !== size) return false;
  const hash = createHash(sha256 === undefined ? 'sha1' : 'sha256');
  if (sha256 === undefined) hash.update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === (sha256 ?? gitOid);
}
