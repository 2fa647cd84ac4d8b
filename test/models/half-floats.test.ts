import { describe, expect, it } from 'vitest';
import { narrowToBfloat16, narrowToHalf, widenBfloat16, widenHalf } from '../../src/models/half-floats.ts';

const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);

/** The value of a bit pattern by the definition of the format. */
function valueOf16(bits: number, exponentBits: number): number {
  const mantissaBits = 15 - exponentBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  const sign = bits >>> 15 === 1 ? -1 : 1;
  const exponent = (bits >>> mantissaBits) & (2 ** exponentBits - 1);
  const fraction = (bits & (2 ** mantissaBits - 1)) / 2 ** mantissaBits;
  if (exponent === 2 ** exponentBits - 1) return fraction > 0 ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

describe.each([
  { format: 'binary16', exponentBits: 5, widen: widenHalf, narrow: narrowToHalf },
  { format: 'bfloat16', exponentBits: 8, widen: widenBfloat16, narrow: narrowToBfloat16 },
])('$format', ({ exponentBits, widen, narrow }) => {
  const floats = new Float32Array(all.length);
  widen(all, floats);
  const narrowed = (...values: number[]) => {
    const into = new Uint16Array(values.length);
    narrow(Float32Array.from(values), into);
    return [...into];
  };

  it('widens all 65,536 patterns to the value that the format defines', () => {
    const wrong = [...all].filter((bits) => !Object.is(floats[bits], valueOf16(bits, exponentBits)));
    expect(wrong).toEqual([]);
  });

  it('narrows all 65,536 values back to their patterns, NaN payloads too', () => {
    const back = new Uint16Array(all.length);
    narrow(floats, back);
    expect(back).toEqual(all);
  });

  it('rounds to nearest, ties to even, over every gap between two neighbours', () => {
    const infinity = (2 ** exponentBits - 1) << (15 - exponentBits);
    const wrong: number[] = [];
    for (let bits = 0; bits < infinity - 1; bits++) {
      const [low, high] = [floats[bits] as number, floats[bits + 1] as number];
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      const [below, above] = [nextFloat(middle, -1), nextFloat(middle, 1)];
      const got = narrowed(below, middle, above, -middle);
      if (got.join() !== [bits, even, bits + 1, 0x8000 | even].join()) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  it('overflows to infinity from half a step beyond the largest number', () => {
    const infinity = (2 ** exponentBits - 1) << (15 - exponentBits);
    const [before, largest] = [floats[infinity - 2] as number, floats[infinity - 1] as number];
    const edge = largest + (largest - before) / 2;
    expect(narrowed(nextFloat(edge, -1), edge, -edge)).toEqual([infinity - 1, infinity, 0x8000 | infinity]);
  });

  it('keeps a NaN whose payload lies in the lost bits a NaN', () => {
    const quiet = new Float32Array(Uint32Array.of(0x7f800001, 0xff800001).buffer);
    const into = new Uint16Array(2);
    narrow(quiet, into);
    const back = new Float32Array(2);
    widen(into, back);
    expect([...back]).toEqual([Number.NaN, Number.NaN]);
  });
});

/** The neighbour of a float32 of positive sign. */
function nextFloat(value: number, direction: 1 | -1): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0] as number) + direction;
  return new Float32Array(bits.buffer)[0] as number;
}
