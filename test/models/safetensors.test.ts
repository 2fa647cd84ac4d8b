import { describe, expect, it } from 'vitest';
import { TouchstoneError, UserError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/random.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/models/safetensors.ts';
import { fileOf } from './mutate-safetensors.ts';

const tensors = new Map([
  ['weight', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, Number.NaN, 1e-30) }],
  ['scalar', { shape: [], data: Float32Array.of(7) }],
  ['empty', { shape: [0, 4], data: new Float32Array(0) }],
]);
const bytes = encodeSafetensors({ tensors, metadata: { purpose: 'test' } });

const entry = (shape: number[], start: number, end: number, dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [start, end],
});

describe('safetensors', () => {
  it('round-trips tensors bit for bit, and metadata', () => {
    const read = decodeSafetensors(bytes, 'a.safetensors');
    expect(read.tensors).toEqual(tensors);
    expect(read.metadata).toEqual({ purpose: 'test' });
  });

  it('reads from the middle of a buffer', () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeSafetensors(shifted.subarray(3), 'a.safetensors').tensors).toEqual(tensors);
    // A Buffer's slice shares memory where a Uint8Array's copies.
    expect(decodeSafetensors(Buffer.from(shifted).subarray(3), 'a.safetensors').tensors).toEqual(tensors);
  });

  it('lays a file out as the format says', () => {
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header.weight).toEqual(entry([2, 3], 0, 24));
    expect(header.scalar).toEqual(entry([], 24, 28));
  });

  it.each([
    ['shorter than its length field', new Uint8Array(4), /at least 8 bytes/],
    ['a header longer than the file', fileOf({}, 0).fill(255, 0, 8), /header length of x\.safetensors/],
    ['no JSON', fileOf('{"a":', 0), /header of x\.safetensors/],
    ['a list for a header', fileOf([1], 0), /header of x\.safetensors/],
    ['a tensor without offsets', fileOf({ w: { dtype: 'F32', shape: [1] } }, 4), /tensor "w" of x\.safetensors/],
    ['a dtype without floats', fileOf({ w: entry([1], 0, 4, 'I32') }, 4), /dtype of tensor "w".*F32.*I32/],
    ['an unknown dtype', fileOf({ w: entry([1], 0, 4, 'F31') }, 4), /tensor "w".*dtype/],
    ['a negative length', fileOf({ w: entry([-1], 0, 4) }, 4), /tensor "w"/],
    ['a shape that lies about the size', fileOf({ w: entry([1e9, 1e9], 0, 4) }, 4), /tensor "w".*shape/],
    ['a place beyond the end', fileOf({ w: entry([100], 0, 400) }, 4), /place of tensor "w".*within 4 bytes/],
    ['overlapping tensors', fileOf({ v: entry([1], 0, 4), w: entry([1], 0, 4) }, 4), /tensor "w".*byte 4/],
    ['a hole', fileOf({ w: entry([1], 4, 8) }, 8), /tensor "w".*byte 0/],
    ['data nobody claims', fileOf({ w: entry([1], 0, 4) }, 8), /data of x\.safetensors/],
    ['metadata that is no text', fileOf({ __metadata__: { a: 1 } }, 0), /__metadata__ of x\.safetensors/],
  ])('refuses %s', (_, file, message) => {
    expect(() => decodeSafetensors(file, 'x.safetensors')).toThrow(UserError);
    expect(() => decodeSafetensors(file, 'x.safetensors')).toThrow(message);
  });

  it('answers 2,000 damaged files with content or a clear error, never a crash', () => {
    const rng = createRng(0, 'damaged');
    for (let i = 0; i < 2000; i++) {
      const damaged = bytes.slice(0, rng.chance(0.3) ? rng.integer(0, bytes.length) : bytes.length);
      for (let k = rng.integer(0, 3); k > 0 && damaged.length > 0; k--) {
        damaged[rng.integer(0, damaged.length - 1)] = rng.integer(0, 255);
      }
      try {
        decodeSafetensors(damaged, 'x.safetensors');
      } catch (error) {
        expect(error).toBeInstanceOf(TouchstoneError);
      }
    }
  });
});
