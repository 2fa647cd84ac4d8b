import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError, UserError } from '../../../src/core/errors.ts';
import type { HubOptions } from '../../../src/hub/hub-client.ts';
import { isHubId } from '../../../src/hub/repository.ts';
import { fetchModel } from '../../../src/models/huggingface/hub.ts';
import { openCheckpoint } from '../../../src/models/huggingface/open-checkpoint.ts';
import { type HubServer, startHub } from '../../hub/hub-server.ts';
import { fixtures } from './support.ts';

const original = `${fixtures}llama-scaled-bf16-sharded`;
const shard = 'model-00002-of-00003.safetensors';
const token = 'hf_secretsecretsecret';
let hub: HubServer;
let cacheDirectory: string;

beforeEach(async () => {
  hub = await startHub(original);
  cacheDirectory = mkdtempSync(join(tmpdir(), 'touchstone-hub-'));
});
afterEach(async () => {
  await hub.close();
  rmSync(cacheDirectory, { recursive: true });
});

const fetchIt = (options: Partial<HubOptions> = {}) =>
  fetchModel('owner/model', { cacheDirectory, hubUrl: hub.url, retryMilliseconds: 1, ...options });

async function fault(promise: Promise<unknown>): Promise<UserError | EnvironmentError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error instanceof UserError || error instanceof EnvironmentError, inspect(error)).toBe(true);
  return error as UserError;
}

describe('fetchModel', () => {
  it('brings the needed files alone, each whole, and the checkpoint opens', async () => {
    const progress: [number, number, string][] = [];
    const directory = await fetchIt({ progress: (...step) => progress.push(step) });
    const names = readdirSync(directory).sort();
    expect(names).toEqual(
      readdirSync(original)
        .filter((name) => !name.startsWith('golden'))
        .sort(),
    );
    for (const name of names) expect(readFileSync(join(directory, name))).toEqual(readFileSync(join(original, name)));
    expect((await openCheckpoint(directory)).network.family).toBe('llama');
    expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1]);
  });

  it('asks for no content twice, and uses the cache when offline', async () => {
    const directory = await fetchIt();
    hub.requests.length = 0;
    expect(await fetchIt()).toBe(directory);
    expect(hub.requests.filter((request) => request.includes('/resolve/'))).toEqual([]);
    hub.requests.length = 0;
    expect(await fetchIt({ offline: true })).toBe(directory);
    expect(await fetchIt({ offline: true, revision: hub.commit })).toBe(directory);
    expect(hub.requests).toEqual([]);
  });

  it('goes on within a call where the connection was cut', async () => {
    hub.behaviour.cut = { path: shard, bytes: 3000, cuts: 3 };
    const directory = await fetchIt();
    expect(readFileSync(join(directory, shard))).toEqual(readFileSync(join(original, shard)));
    const starts = hub.requests.flatMap(
      (request) => new RegExp(`${shard} bytes=(\\d+)-\\d{2,}`).exec(request)?.[1] ?? [],
    );
    expect(starts.map(Number)).toEqual([3000, 6000, 9000]);
  });

  it('goes on in a later call, and is not there for offline use before', async () => {
    // Cut before the first byte until it gives up, after one cut in the middle.
    hub.behaviour.cut = { path: shard, bytes: 5000, cuts: 1 };
    const later = setInterval(() => {
      if (hub.behaviour.cut?.cuts === 0) hub.behaviour.cut = { path: shard, bytes: 0, cuts: 1000 };
    }, 1);
    const error = await fault(fetchIt());
    clearInterval(later);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error.message).toContain(shard);
    expect((await fault(fetchIt({ offline: true }))).code).toBe('not-cached');
    delete hub.behaviour.cut;
    hub.requests.length = 0;
    const directory = await fetchIt();
    expect(readFileSync(join(directory, shard))).toEqual(readFileSync(join(original, shard)));
    const contents = hub.requests.filter((request) => request.includes(shard));
    expect(contents.some((request) => /bytes=5000-/.test(request))).toBe(true);
  });

  it('refuses content that is not what the hub lists, and fetches it anew next time', async () => {
    hub.behaviour.damaged = shard;
    const error = await fault(fetchIt());
    expect([error.code, error.message]).toEqual(['damaged-download', expect.stringContaining(shard)]);
    delete hub.behaviour.damaged;
    expect(existsSync(join(await fetchIt(), shard))).toBe(true);
  });

  it('fetches a blob anew that was cut short on disk', async () => {
    const blob = realpathSync(join(await fetchIt(), shard));
    writeFileSync(blob, 'short');
    const directory = await fetchIt();
    expect(readFileSync(join(directory, shard))).toEqual(readFileSync(join(original, shard)));
  });

  it('names the shard that the model lacks', async () => {
    hub.behaviour.hidden = [shard];
    const error = await fault(fetchIt());
    expect([error.code, error.message]).toEqual(['missing-shard', expect.stringContaining(shard)]);
  });

  it('says that a model has no safetensors', async () => {
    hub.behaviour.hidden = readdirSync(original).filter((name) => name.startsWith('model'));
    expect((await fault(fetchIt())).code).toBe('no-safetensors');
  });

  it('says that nothing is cached', async () => {
    const error = await fault(fetchIt({ offline: true }));
    expect([error.code, error.message]).toEqual(['not-cached', expect.stringContaining('owner/model')]);
    expect(hub.requests).toEqual([]);
  });

  it.each([
    [401, 'hub-refused'],
    [403, 'hub-refused'],
    [404, 'hub-unknown'],
    [500, 'hub-failed'],
  ])('status %i is %s', async (status, code) => {
    hub.behaviour.status = status;
    const error = await fault(fetchIt({ token }));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining('owner/model')]);
  });

  it('says that the hub cannot be reached', async () => {
    const { url } = hub;
    await hub.close();
    const error = await fault(fetchIt({ hubUrl: url }));
    expect([error.code, error.message]).toEqual(['hub-unreachable', expect.stringMatching(/ECONNREFUSED.*--offline/)]);
    hub = await startHub(original);
  });

  it('stops when aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const done = fetchIt({ signal: controller.signal, progress: () => controller.abort(reason) });
    await expect(done).rejects.toBe(reason);
  });

  it.each(['../model', 'a/b/c', '/etc', 'owner/..', ''])('refuses the id "%s"', async (id) => {
    expect(isHubId(id)).toBe(false);
    expect((await fault(fetchModel(id, { cacheDirectory, hubUrl: hub.url }))).code).toBe('invalid-model-id');
    expect((await fault(fetchIt({ revision: `${id}/..` }))).code).toBe('invalid-revision');
  });
});

describe('the access token', () => {
  it('is sent to the hub', async () => {
    hub.behaviour.token = token;
    expect((await fault(fetchIt())).message).toContain('HF_TOKEN');
    await fetchIt({ token });
  });

  it('is in no error and no log, whatever the hub answers', async () => {
    const printed = vi.spyOn(process.stdout, 'write');
    const consoles = (['log', 'warn', 'error', 'debug'] as const).map((method) => vi.spyOn(console, method));
    const errors = [await fault(fetchIt({ token: `${token} ` }))];
    for (const status of [400, 401, 403, 404, 429, 500]) {
      hub.behaviour.status = status;
      errors.push(await fault(fetchIt({ token })));
    }
    delete hub.behaviour.status;
    hub.behaviour.cut = { path: 'config.json', bytes: 0, cuts: 1000 };
    errors.push(await fault(fetchIt({ token })));
    errors.push(await fault(fetchIt({ token, hubUrl: `http://127.0.0.1:1/${token}` })));
    const shown = errors.map((error) => inspect(error, { depth: 20, showHidden: true }));
    expect(errors).toHaveLength(9);
    expect(shown.filter((text) => text.includes(token))).toEqual([]);
    const calls = [...consoles, printed].flatMap(({ mock }) => mock.calls.map((call) => inspect(call)));
    expect(calls.filter((text) => text.includes(token))).toEqual([]);
    vi.restoreAllMocks();
  });
});
