import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivationBatch } from '../../src/activations/activation-batch.ts';
import { readMatrix } from '../../src/activations/layer-rows.ts';
import { openActivations } from '../../src/activations/open-activations.ts';
import { pickRows } from '../../src/activations/pick-rows.ts';
import { recordActivations } from '../../src/activations/record-activations.ts';
import { UserError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/random.ts';

let directory: string;
const at = (name: string) => join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'touchstone-activations-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const layers = new Map([
  [0, 3],
  [6, 2],
]);
/** The value of row r, column j of a layer: told apart from every other, and exact in F16. */
const cell = (layer: number, row: number, j: number) => row + layer / 64 + j / 8;

/** Batches of examples `e0`, `e1` … with these numbers of rows each. */
async function* batches(counts: readonly (readonly number[])[]): AsyncGenerator<ActivationBatch> {
  let [row, example] = [0, 0];
  for (const batch of counts) {
    const rows = batch.reduce((sum, count) => sum + count, 0);
    yield {
      ids: batch.map(() => `e${example++}`),
      positions: batch.map((count) => Array.from({ length: count }, (_, i) => 10 + i)),
      layers: new Map(
        [...layers].map(([layer, columns]) => [
          layer,
          Float32Array.from({ length: rows * columns }, (_, k) =>
            cell(layer, row + Math.floor(k / columns), k % columns),
          ),
        ]),
      ),
    };
    row += rows;
  }
}
const counts = [[1, 2], [4], [1, 1, 3], [1]];
const rows = 13;
const layerValues = (layer: number, numbers: readonly number[]) =>
  numbers.flatMap((row) => Array.from({ length: layers.get(layer) ?? 0 }, (_, j) => cell(layer, row, j)));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe.each(['F32', 'F16'] as const)('an activation store of %s', (dtype) => {
  // Five columns of four bytes: four rows a shard, so that examples straddle shards.
  const record = (name: string, source = batches(counts)) =>
    recordActivations(at(name), source, { layers, dtype, shardBytes: 80, metadata: { model: 'm' } });

  it('gives back by range and by example what was recorded', async () => {
    const manifest = await record(`whole-${dtype}`);
    expect(manifest).toMatchObject({ rows, examples: 7, dtype, metadata: { model: 'm' } });
    expect(manifest.shards.map((shard) => shard.rows)).toEqual([4, 4, 4, 1]);
    const store = await openActivations(at(`whole-${dtype}`));
    expect(store.ids).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6']);
    expect([...store.positions]).toEqual([10, 10, 11, 10, 11, 12, 13, 10, 10, 10, 11, 12, 10]);
    for (const layer of layers.keys()) {
      const all = await readMatrix(store.layer(layer));
      expect([...all.data]).toEqual(layerValues(layer, upTo(rows)));
      expect([...(await store.layer(layer).read(3, 7))]).toEqual(layerValues(layer, [3, 4, 5, 6, 7, 8, 9]));
      const picked = store.examples(layer, ['e5', 'e0', 'e2']);
      expect([...(await readMatrix(picked)).data]).toEqual(layerValues(layer, [9, 10, 11, 0, 3, 4, 5, 6]));
    }
    await store.close();
  });

  it('can be gone through again and again, also when left early', async () => {
    await record(`again-${dtype}`);
    const store = await openActivations(at(`again-${dtype}`));
    const source = store.layer(0);
    for (let pass = 0; pass < 2; pass++) {
      const seen: number[] = [];
      for await (const chunk of source.chunks()) seen.push(...chunk);
      expect(seen).toEqual(layerValues(0, upTo(rows)));
    }
    for await (const _ of source.chunks()) break;
    await store.close();
  });
});

describe('recording activations', () => {
  const batch = (ids: string[], values: number[]): ActivationBatch => ({
    ids,
    layers: new Map([[2, Float32Array.from(values)]]),
  });
  const options = { layers: new Map([[2, 2]]) };

  it.each([
    ['an id that comes twice', [batch(['a'], [1, 2]), batch(['b', 'a'], [1, 2, 3, 4])], /"a" twice/],
    ['a NaN', [batch(['a', 'b'], [1, 2, 3, Number.NaN])], /layer 2 for example "b".*finite.*NaN/],
    ['an example without rows', [{ ...batch(['a'], []), positions: [[]] }], /example "a".*rows/],
  ])('refuses %s and leaves nothing behind', async (_, source, message) => {
    const parent = await mkdtemp(at('refused-'));
    const recorded = recordActivations(join(parent, 'x'), source, options);
    await expect(recorded).rejects.toThrow(UserError);
    await expect(recorded).rejects.toThrow(message);
    expect(await readdir(parent)).toEqual([]);
  });

  it('refuses what F16 cannot hold, and writes what it can', async () => {
    const half = { ...options, dtype: 'F16' as const };
    const tooLarge = recordActivations(at('too-large'), [batch(['a'], [65_519, 65_520])], half);
    await expect(tooLarge).rejects.toThrow(/layer 2 for example "a".*F16.*65520/);
    await recordActivations(at('large'), [batch(['a'], [65_519, -65_504])], half);
    const store = await openActivations(at('large'));
    expect([...(await store.layer(2).read(0, 1))]).toEqual([65_504, -65_504]);
    await store.close();
  });

  it('stops when told to or when the model fails, and leaves nothing behind', async () => {
    const parent = await mkdtemp(at('stopped-'));
    const abort = new AbortController();
    const progress = () => abort.abort(new Error('stop'));
    const stopped = recordActivations(join(parent, 'x'), batches(counts), {
      layers,
      shardBytes: 80,
      signal: abort.signal,
      progress,
    });
    await expect(stopped).rejects.toThrow('stop');
    async function* failing() {
      yield batch(['a'], [1, 2]);
      throw new Error('model broke');
    }
    await expect(recordActivations(join(parent, 'y'), failing(), options)).rejects.toThrow('model broke');
    expect(await readdir(parent)).toEqual([]);
  });

  it('never writes over what is there', async () => {
    await recordActivations(at('taken'), [batch(['a'], [1, 2])], options);
    await expect(recordActivations(at('taken'), [], options)).rejects.toThrow(/taken to be absent/);
  });

  it('keeps nothing as an empty store', async () => {
    await recordActivations(at('empty'), [], options);
    const store = await openActivations(at('empty'));
    expect(await readMatrix(store.layer(2))).toEqual({ rows: 0, columns: 2, data: new Float32Array(0) });
    for await (const _ of store.layer(2).chunks()) throw new Error('a chunk of nothing');
    await store.close();
  });
});

describe('a damaged activation store', () => {
  let pristine: string;
  beforeAll(async () => {
    pristine = at('pristine');
    await recordActivations(pristine, batches(counts), { layers, shardBytes: 80 });
  });

  async function damaged(name: string, damage: (path: (file: string) => string) => Promise<unknown>) {
    const copy = await mkdtemp(at(`${name}-`));
    for (const file of await readdir(pristine)) await copyFile(join(pristine, file), join(copy, file));
    await damage((file) => join(copy, file));
    const store = await openActivations(copy);
    try {
      return await readMatrix(store.layer(0));
    } finally {
      await store.close();
    }
  }
  const edit = async (path: string, change: (manifest: Record<string, unknown>) => object) =>
    writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));

  it.each([
    ['no manifest', (path: (file: string) => string) => rm(path('activations.json')), /activations\.json/],
    ['no index', (path: (file: string) => string) => rm(path('index.parquet')), /index\.parquet/],
    ['no shard', (path: (file: string) => string) => rm(path('shard-00001.safetensors')), /shard-00001\.safetensors/],
    [
      'shards that changed places',
      (path: (file: string) => string) => copyFile(path('shard-00003.safetensors'), path('shard-00001.safetensors')),
      /"layer-0" of .*shard-00001.*\[4,3\].*\[1,3\]/,
    ],
    [
      'a manifest that lies about rows',
      (path: (file: string) => string) => edit(path('activations.json'), (manifest) => ({ ...manifest, rows: 12 })),
      /rows of .*activations\.json/,
    ],
    [
      'a manifest with a file elsewhere',
      (path: (file: string) => string) =>
        edit(path('activations.json'), (manifest) => ({ ...manifest, shards: [{ file: '../../x', rows: 13 }] })),
      /activations\.json/,
    ],
    [
      'an index of other shards',
      (path: (file: string) => string) =>
        edit(path('activations.json'), (manifest) => ({
          ...manifest,
          shards: [{ file: 'shard-00000.safetensors', rows: 13 }],
        })),
      /rows of .*index\.parquet/,
    ],
    [
      'an index cut short',
      async (path: (file: string) => string) => {
        const bytes = await readFile(path('index.parquet'));
        await writeFile(path('index.parquet'), bytes.subarray(0, bytes.length / 2));
      },
      /index\.parquet/,
    ],
  ])('with %s is refused by name', async (_, damage, message) => {
    const read = damaged('store', damage);
    await expect(read).rejects.toThrow(UserError);
    await expect(read).rejects.toThrow(message);
  });
});

describe('picking rows', () => {
  it('gives the rows asked for in any order and as often as asked for', async () => {
    const rng = createRng(3, 'pick');
    await recordActivations(at('pick'), batches([upTo(400).map(() => 1)]), { layers, shardBytes: 1000 });
    const store = await openActivations(at('pick'));
    for (let round = 0; round < 20; round++) {
      const numbers = Array.from({ length: rng.integer(0, 60) }, () => rng.integer(0, 399));
      const picked = pickRows(store.layer(6), Uint32Array.from(numbers));
      expect([...(await readMatrix(picked)).data]).toEqual(layerValues(6, numbers));
    }
    await store.close();
  });

  it('counts and names ids that do not match', async () => {
    const store = await openActivations(at('pick'));
    expect(() => store.rowsOf(['e1', 'x', 'y', 'e1'])).toThrow(UserError);
    expect(() => store.rowsOf(['e1', 'x', 'y', 'e1'])).toThrow(/2 missing \("x", "y"\); 1 asked for more than once/);
    await store.close();
  });
});
