/**
 * Exact conversion between 32-bit and 16-bit floats: IEEE binary16 and bfloat16 (the upper half of a binary32).
 * Widening is exact and keeps the payloads of NaN; narrowing rounds to nearest, ties to even, and overflows to infinity.
 */

/** Widens binary16 bit patterns into `into`, which must be at least as long. */
export function widenHalf(bits: Uint16Array, into: Float32Array): void {
  const table = widened();
  const words = wordsOf(into);
  for (let i = 0; i < bits.length; i++) words[i] = table[bits[i] as number] as number;
}

/** Widens bfloat16 bit patterns into `into`, which must be at least as long. */
export function widenBfloat16(bits: Uint16Array, into: Float32Array): void {
  const words = wordsOf(into);
  for (let i = 0; i < bits.length; i++) words[i] = (bits[i] as number) << 16;
}

/** Narrows `values` to binary16 bit patterns in `into`, which must be at least as long. */
export function narrowToHalf(values: Float32Array, into: Uint16Array): void {
  const words = wordsOf(values);
  for (let i = 0; i < words.length; i++) into[i] = halfOf(words[i] as number);
}

/** Narrows `values` to bfloat16 bit patterns in `into`, which must be at least as long. */
export function narrowToBfloat16(values: Float32Array, into: Uint16Array): void {
  const words = wordsOf(values);
  for (let i = 0; i < words.length; i++) into[i] = bfloat16Of(words[i] as number);
}

// Values are handled as integers, because passing a signalling NaN through a JavaScript number may change it.
function wordsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

function halfOf(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const size = word & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7c00 | ((size >>> 13) & 0x3ff || 1);
  // 65,520 lies halfway between the largest binary16 and what would be the next.
  if (size >= 0x477ff000) return sign | 0x7c00;
  if (size >= 0x38800000) return sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13);
  // 2^-25 is half the smallest binary16.
  return size <= 0x33000000 ? sign : sign | subnormalHalfOf(size);
}

function subnormalHalfOf(size: number): number {
  const shift = 126 - (size >>> 23);
  const mantissa = (size & 0x7fffff) | 0x800000;
  const kept = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

function bfloat16Of(word: number): number {
  const isNan = (word & 0x7fffffff) > 0x7f800000;
  if (isNan) return (word >>> 16) | ((word & 0x7f0000) === 0 ? 1 : 0);
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

let cached: Uint32Array | undefined;

/** Bits of the binary32 that equals each binary16; 256 KiB, made at first use. */
function widened(): Uint32Array {
  cached ??= Uint32Array.from({ length: 0x10000 }, (_, bits) => widenedBits(bits));
  return cached;
}

function widenedBits(bits: number): number {
  const sign = (bits & 0x8000) << 16;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (mantissa << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (mantissa << 13);
  if (mantissa === 0) return sign;
  // A subnormal becomes normal: its leading one moves to bit 10 and out.
  const shift = Math.clz32(mantissa) - 21;
  return sign | ((113 - shift) << 23) | (((mantissa << shift) & 0x3ff) << 13);
}
