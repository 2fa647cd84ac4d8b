import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/random.ts';
import { decodeSafetensors } from '../../src/models/safetensors.ts';
import { openSafetensors } from '../../src/models/safetensors-file.ts';
import { createSafetensorsWriter } from '../../src/models/safetensors-writer.ts';
import { fileOf, mutateSafetensors } from './mutate-safetensors.ts';

let directory: string;
const at = (name: string) => join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'touchstone-safetensors-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** One tensor of each dtype that matters; values that every format holds exactly. */
const values = [1, -2, 0.5, 1024, -0.125, 0];
const halves = [0x3c00, 0xc000, 0x3800, 0x6400, 0xb000, 0];
const bfloats = [0x3f80, 0xc000, 0x3f00, 0x4480, 0xbe00, 0];
const mixed = (() => {
  const tensors = {
    f32: { dtype: 'F32', bytes: Float32Array.from(values) },
    f16: { dtype: 'F16', bytes: Uint16Array.from(halves) },
    bf16: { dtype: 'BF16', bytes: Uint16Array.from(bfloats) },
    odd: { dtype: 'U8', bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) },
    f64: { dtype: 'F64', bytes: Float64Array.from(values) },
    i64: { dtype: 'I64', bytes: BigInt64Array.from([1n, 2n, 3n, 4n, 5n, 6n]) },
  };
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const data: number[] = [];
  for (const [name, { dtype, bytes }] of Object.entries(tensors)) {
    const start = data.length;
    data.push(...new Uint8Array(bytes.buffer));
    header[name] = { dtype, shape: [3, 2], data_offsets: [start, data.length] };
  }
  return fileOf(header, Uint8Array.from(data));
})();

async function opened(name: string, bytes: Uint8Array) {
  await writeFile(at(name), bytes);
  return await openSafetensors(at(name));
}

describe('an open safetensors file', () => {
  it('reads every float format, whole or by rows, from places that are not aligned', async () => {
    const file = await opened('mixed.safetensors', mixed);
    expect([...file.tensors.keys()]).toEqual(['f32', 'f16', 'bf16', 'odd', 'f64', 'i64']);
    expect(file.metadata).toEqual({ format: 'pt' });
    for (const name of ['f32', 'f16', 'bf16', 'f64']) {
      expect([...(await file.readFloats(name))]).toEqual(values);
      expect([...(await file.readFloats(name, { rows: { start: 1, count: 1 } }))]).toEqual([0.5, 1024]);
      expect(await file.readFloats(name, { rows: { start: 3, count: 0 } })).toHaveLength(0);
    }
    await file.close();
  });

  it('says what it cannot do, naming file and tensor', async () => {
    const file = await opened('mixed.safetensors', mixed);
    await expect(file.readFloats('i64')).rejects.toThrow(/dtype of tensor "i64" of .*mixed\.safetensors.*"I64"/);
    await expect(file.readFloats('f32', { rows: { start: 2, count: 2 } })).rejects.toThrow(/rows.*"f32".*its 3/);
    await expect(file.readFloats('f32', { rows: { start: -1, count: 2 } })).rejects.toThrow(UserError);
    expect(() => file.info('none')).toThrow(/mixed\.safetensors.*tensor "none"/);
    await file.close();
    await expect(openSafetensors(at('absent.safetensors'))).rejects.toThrow(/absent\.safetensors.*readable/);
    await expect(openSafetensors(directory)).rejects.toThrow(/a file, got "a directory"/);
  });

  it('names the element that is not finite, also in a range of rows', async () => {
    const path = at('nan.safetensors');
    const writer = await createSafetensorsWriter(path, new Map([['w', { dtype: 'F32', shape: [4, 2] }]]));
    await writer.append('w', Float32Array.of(1, 2, 3, 4, 5, Number.NaN, 7, 8));
    await writer.finish();
    const file = await openSafetensors(path);
    await expect(file.readFloats('w', { finite: true })).rejects.toThrow(/"w" of .*nan\.safetensors.*NaN at element 5/);
    await expect(file.readFloats('w', { finite: true, rows: { start: 2, count: 1 } })).rejects.toThrow(/element 5/);
    expect([...(await file.readFloats('w', { finite: true, rows: { start: 0, count: 2 } }))]).toEqual([1, 2, 3, 4]);
    await file.close();
  });

  it('refuses to read on when the file became shorter', async () => {
    const file = await opened('shrinks.safetensors', mixed);
    await writeFile(at('shrinks.safetensors'), mixed.subarray(0, mixed.length - 60));
    await expect(file.readFloats('f64')).rejects.toThrow(/"f64".*became shorter/);
    await file.close();
  });

  it.each([
    ['nested beyond the stack', `{"w":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['with a shape of a million lengths', { w: { dtype: 'F32', shape: Array(1e6).fill(2), data_offsets: [0, 8] } }],
    ['with a name of a million letters', { ['w'.repeat(1e6)]: { dtype: 'F32', shape: [1], data_offsets: [0, 8] } }],
    ['with bytes that are no UTF-8', '{"\u{dc00}":1'],
  ])('answers a header %s with a short error', async (_, header) => {
    await writeFile(at('hostile.safetensors'), fileOf(header, 8));
    const error = await openSafetensors(at('hostile.safetensors')).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message.length).toBeLessThan(600);
  });

  it('answers 2,500 damaged files with tensors inside the file or a UserError that names the file', async () => {
    const rng = createRng(1, 'damaged-files');
    const outcomes = { opened: 0, refused: 0 };
    for (let i = 0; i < 2500; i++) {
      const bytes = mutateSafetensors(mixed, rng);
      await writeFile(at('damaged.safetensors'), bytes);
      try {
        const file = await openSafetensors(at('damaged.safetensors'));
        outcomes.opened++;
        const claimed = [...file.tensors.values()].reduce((sum, tensor) => sum + tensor.bytes, 0);
        expect(claimed).toBeLessThan(bytes.length);
        try {
          for (const name of file.tensors.keys()) await file.readFloats(name, { finite: true });
        } finally {
          await file.close();
        }
      } catch (error) {
        outcomes.refused++;
        expect(error).toBeInstanceOf(UserError);
        expect((error as Error).message).toContain('damaged.safetensors');
      }
    }
    // Both answers must be exercised, else the damage is too mild or too coarse.
    expect(outcomes.opened).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(1000);
  });
});

describe('a safetensors writer', () => {
  const plan = new Map([
    ['a', { dtype: 'F32' as const, shape: [3, 2] }],
    ['b', { dtype: 'F16' as const, shape: [2, 2] }],
    ['c', { dtype: 'BF16' as const, shape: [2] }],
    ['empty', { dtype: 'F32' as const, shape: [0, 5] }],
  ]);

  it('takes tensors in turns and writes what a reader expects', async () => {
    const writer = await createSafetensorsWriter(at('turns.safetensors'), plan, { purpose: 'test' });
    await writer.append('b', Float32Array.of(1, 2));
    await writer.append('a', Float32Array.of(1, 2, 3, 4));
    await writer.append('c', Float32Array.of(1, 1 / 3));
    await writer.append('b', Float32Array.of(1 / 3, 70_000));
    await writer.append('a', Float32Array.of(5, 6));
    expect(await readdir(directory)).not.toContain('turns.safetensors');
    await writer.finish();
    const { tensors, metadata } = decodeSafetensors(await readFile(at('turns.safetensors')), 'turns');
    expect([...(tensors.get('a')?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(tensors.get('b')?.data ?? [])]).toEqual([1, 2, 0.333251953125, Number.POSITIVE_INFINITY]);
    expect([...(tensors.get('c')?.data ?? [])]).toEqual([1, 0.333984375]);
    expect(tensors.get('empty')).toEqual({ shape: [0, 5], data: new Float32Array(0) });
    expect(metadata).toEqual({ purpose: 'test' });
  });

  it('leaves nothing behind when a tensor is incomplete or the work is given up', async () => {
    const target = at('given-up');
    await mkdir(target);
    const incomplete = await createSafetensorsWriter(join(target, 'x.safetensors'), plan);
    await incomplete.append('a', new Float32Array(4));
    await expect(incomplete.finish()).rejects.toThrow(/tensor "a" got 16 of 24 bytes/);
    const dropped = await createSafetensorsWriter(join(target, 'y.safetensors'), plan);
    await dropped.discard();
    expect(await readdir(target)).toEqual([]);
  });

  it('refuses values that are not planned', async () => {
    const writer = await createSafetensorsWriter(at('refuses.safetensors'), plan);
    await expect(writer.append('z', new Float32Array(1))).rejects.toThrow(/not planned/);
    await expect(writer.append('c', new Float32Array(3))).rejects.toThrow(/more than its shape \[2\]/);
    await writer.discard();
  });
});
