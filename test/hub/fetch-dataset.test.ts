import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchDataset } from '../../src/hub/fetch-dataset.ts';
import type { HubOptions } from '../../src/hub/hub-client.ts';
import { type HubServer, startHub } from './hub-server.ts';

let hub: HubServer;
let root: string;
let cacheDirectory: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'touchstone-dataset-'));
  const served = join(root, 'served');
  cacheDirectory = join(root, 'cache');
  mkdirSync(join(served, 'data'), { recursive: true });
  writeFileSync(join(served, 'README.md'), 'about');
  writeFileSync(join(served, 'data', 'train.jsonl'), '{"text":"a"}\n');
  writeFileSync(join(served, 'data', 'validation.jsonl'), '{"text":"b"}\n');
  hub = await startHub(served);
});
afterEach(async () => {
  await hub.close();
  rmSync(root, { recursive: true });
});

const fetchIt = (options: Partial<HubOptions> = {}, wants?: (path: string) => boolean) =>
  fetchDataset('owner/data', { cacheDirectory, hubUrl: hub.url, retryMilliseconds: 1, ...options }, wants);

describe('fetchDataset', () => {
  it('brings the data files alone, those in folders too, into a folder beside the models', async () => {
    const directory = await fetchIt();
    expect(directory).toContain('datasets--owner--data');
    expect(readdirSync(directory)).toEqual(['data']);
    expect(readFileSync(join(directory, 'data', 'train.jsonl'), 'utf8')).toBe('{"text":"a"}\n');
  });

  it('brings only what is wanted, and uses the cache when offline', async () => {
    const wants = (path: string) => path.includes('train');
    const directory = await fetchIt({}, wants);
    expect(readdirSync(join(directory, 'data'))).toEqual(['train.jsonl']);
    hub.requests.length = 0;
    expect(await fetchIt({ offline: true }, wants)).toBe(directory);
    expect(hub.requests).toEqual([]);
    await expect(fetchIt({ offline: true }, (path) => path.includes('validation'))).rejects.toThrow(/in the cache/);
  });

  it('says so when there is nothing to read, or no such dataset', async () => {
    await expect(fetchIt({}, () => false)).rejects.toThrow(/Parquet, JSON, JSONL or CSV/);
    const other = fetchDataset('owner/other', { cacheDirectory, hubUrl: hub.url, retryMilliseconds: 1 });
    await expect(other).rejects.toThrow(/dataset "owner\/other" at revision "main" to be on the hub/);
  });
});
