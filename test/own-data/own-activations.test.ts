import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../src/models/safetensors.ts';
import { activationsPlace, openOwnActivations } from '../../src/own-data/own-activations.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-activations-'));
  await put('ids.txt', 'a\nb\nc\n');
});
afterAll(() => rm(folder, { recursive: true }));

const put = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
const open = (place: { layers: readonly Record<string, unknown>[]; ids?: Record<string, unknown> }) =>
  openOwnActivations(
    activationsPlace.parse({
      layers: place.layers.map((layer) => ({ ...layer, path: join(folder, String(layer.path)) })),
      ...(place.ids && { ids: { ...place.ids, path: join(folder, String(place.ids.path)) } }),
    }),
  );
const refusal = async (place: Parameters<typeof open>[0], ids: readonly string[] = []) => {
  const opened = await open(place).catch((error) => `${error.code}: ${error.message}`);
  if (typeof opened === 'string') return opened;
  const rows = await opened.rows(ids).catch((error) => `${error.code}: ${error.message}`);
  await opened.close();
  return rows;
};
const rowsOf = async (place: Parameters<typeof open>[0], ids: readonly string[]) => {
  const opened = await open(place);
  const rows = await opened.rows(ids);
  await opened.close();
  return rows.map(({ rows, columns, data }) => ({ rows, columns, data: [...data] }));
};

/** An array as numpy.save writes it. */
function npy(shape: readonly number[], bytes: Uint8Array, descr = '<f4'): Uint8Array {
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = Buffer.from(`${dictionary.padEnd(117)}\n`, 'latin1');
  return Buffer.concat([Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1'), Buffer.from([118, 0]), header, bytes]);
}
const floats = (shape: readonly number[], values: readonly number[]) =>
  npy(shape, new Uint8Array(Float32Array.from(values).buffer));

interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly claims?: { readonly size: number };
}

/** A zip archive of deflated members, which may claim another size. */
function zip(...members: readonly Member[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory = members.map(({ name, bytes, claims }) => {
    const [packed, size] = [deflateRawSync(bytes), claims?.size ?? bytes.length];
    const fields = Buffer.alloc(22);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size, 18);
    const tail = Buffer.from([name.length, 0, 0, 0]);
    const at = parts.reduce((sum, { length }) => sum + length, 0);
    parts.push(Buffer.from('PK\u0003\u0004'), fields, tail, Buffer.from(name), packed);
    const position = Buffer.alloc(14);
    position.writeUInt32LE(at, 10);
    return Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), fields, tail, position, Buffer.from(name)]);
  });
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(
    parts.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  return Buffer.concat([...parts, entries, Buffer.from('PK\u0005\u0006'), end]);
}

describe('activations by reference', () => {
  const wanted = ['c', 'a'];
  const picked = [{ rows: 2, columns: 2, data: [5, 6, 1, 2] }];
  const values = [1, 2, 3, 4, 5, 6];

  it('come by example id from .npy, .npz, safetensors and Parquet', async () => {
    await put('a.npy', floats([3, 2], values));
    const ids = { path: 'ids.txt' };
    expect(await rowsOf({ layers: [{ layer: 4, path: 'a.npy' }], ids }, wanted)).toEqual(picked);
    const idBytes = new Uint8Array(Uint32Array.from(['a', 'b', 'c'], (id) => id.charCodeAt(0)).buffer);
    await put(
      'a.npz',
      zip({ name: 'x.npy', bytes: floats([3, 2], values) }, { name: 'ids.npy', bytes: npy([3], idBytes, '<U1') }),
    );
    expect(await rowsOf({ layers: [{ layer: 0, path: 'a.npz', name: 'x' }] }, wanted)).toEqual(picked);
    const tensors = new Map([['h', { shape: [3, 2], data: Float32Array.from(values) }]]);
    await put('a.safetensors', encodeSafetensors({ tensors, metadata: {} }));
    expect(await rowsOf({ layers: [{ layer: 0, path: 'a.safetensors', name: 'h' }], ids }, wanted)).toEqual(picked);
    parquetWriteFile({
      filename: join(folder, 'a.parquet'),
      columnData: [
        { name: 'id', data: ['a', 'b', 'c'], type: 'STRING' },
        { name: 'x', data: [1, 3, 5], type: 'DOUBLE' },
        { name: 'y', data: [2, 4, 6], type: 'DOUBLE' },
      ],
    });
    expect(await rowsOf({ layers: [{ layer: 0, path: 'a.parquet', name: ['x', 'y'] }] }, wanted)).toEqual(picked);
  });

  it('come layer by layer, rising', async () => {
    await put('l2.npy', floats([3, 1], [1, 2, 3]));
    await put('l9.npy', floats([3, 1], [4, 5, 6]));
    const layers = [
      { layer: 9, path: 'l9.npy' },
      { layer: 2, path: 'l2.npy' },
    ];
    const opened = await open({ layers, ids: { path: 'ids.txt' } });
    expect(opened.layers).toEqual([2, 9]);
    expect(opened.ids).toEqual(['a', 'b', 'c']);
    expect((await opened.rows(['b'])).map(({ data }) => [...data])).toEqual([[2], [5]]);
    await opened.close();
  });

  it('refuse a value that is not finite, naming file, row and example', async () => {
    const place = { layers: [{ layer: 1, path: 'bad.npy' }], ids: { path: 'ids.txt' } };
    for (const [bad, text] of [
      [Number.NaN, 'NaN'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
    ] as const) {
      await put('bad.npy', floats([3, 2], [1, 2, 3, bad, 5, 6]));
      const refused = await refusal(place, ['a', 'b']);
      expect(refused).toMatch(
        new RegExp(
          `^invalid-array: Expected row 1 \\(example "b"\\), column 1 of layer 1 in .*bad\\.npy to be finite, got ${text}`,
        ),
      );
    }
  });

  it('refuse ids that are missing, counted and named, or that nothing tells', async () => {
    await put('a.npy', floats([3, 1], [1, 2, 3]));
    const layers = [{ layer: 0, path: 'a.npy' }];
    expect(await refusal({ layers, ids: { path: 'ids.txt' } }, ['a', 'x', 'y'])).toMatch(
      /^unmatched-ids: .*a\.npy to be one row for each of the 3 examples asked for, got 2 missing \("x", "y"\)/,
    );
    expect(await refusal({ layers })).toMatch(/^no-ids: .*activations\.ids/);
    await put('two.txt', 'a\nb\n');
    expect(await refusal({ layers, ids: { path: 'two.txt' } })).toMatch(/2 rows, one for each id, got "3 rows"/);
    const twice = activationsPlace.safeParse({ layers: [...layers, ...layers] });
    expect(twice.error?.issues[0]?.message).toBe('Expected each layer once');
  });
});

describe('zip bombs', () => {
  const bomb = async (...members: readonly Member[]) => {
    await put('bomb.npz', zip(...members));
    const before = process.memoryUsage().arrayBuffers;
    const refused = await refusal({ layers: [{ layer: 0, path: 'bomb.npz', name: 'x' }], ids: { path: 'ids.txt' } }, [
      'a',
    ]);
    return { refused, grown: process.memoryUsage().arrayBuffers - before };
  };
  const zeros = new Uint8Array(2 ** 26);

  it('that unpack to far more than the shape says are not unpacked', async () => {
    const { refused, grown } = await bomb({ name: 'x.npy', bytes: npy([3, 1], zeros) });
    expect(refused).toMatch(/^invalid-array: .*x to be 12 bytes long, as its shape \(3,1\) says, got "67108864 bytes"/);
    expect(grown).toBeLessThan(2 ** 24);
  });

  it('that claim to be small stop where the claim does', async () => {
    const { refused, grown } = await bomb({ name: 'x.npy', bytes: npy([3, 1], zeros), claims: { size: 140 } });
    expect(refused).toMatch(/^invalid-array: Expected .*bomb\.npz\/x to be a readable archive/);
    expect(grown).toBeLessThan(2 ** 24);
  });

  it('that claim 4 GB are refused unread', async () => {
    const { refused } = await bomb({ name: 'x.npy', bytes: floats([3, 1], [1, 2, 3]), claims: { size: 0xfffffffe } });
    expect(refused).toMatch(
      /^invalid-array: Expected the unpacked size of .*x to be at most \d+ bytes, got "4294967294 bytes"/,
    );
  });

  it('inside another archive are no array', async () => {
    const inner = zip({ name: 'x.npy', bytes: npy([3, 1], zeros) });
    const { refused } = await bomb({ name: 'x.npy', bytes: inner });
    expect(refused).toMatch(/^invalid-array: .*an array written by numpy\.save/);
  });
});
