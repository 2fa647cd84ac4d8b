import { narrowToBfloat16, narrowToHalf, widenBfloat16, widenHalf } from './half-floats.ts';
import { type Dtype, dtypeBytes, fault } from './safetensors-header.ts';

/** Dtypes that can be read as 32-bit floats. */
export type FloatDtype = 'F32' | 'F16' | 'BF16' | 'F64';
/** Dtypes that can be written. */
export type WritableDtype = 'F32' | 'F16' | 'BF16';

/**
 * Refuses what cannot be read as floats.
 * @param thing the tensor, as errors call it.
 * @throws UserError naming the dtype.
 */
export function requireFloats(dtype: Dtype, thing: string): FloatDtype {
  if (dtype === 'F32' || dtype === 'F16' || dtype === 'BF16' || dtype === 'F64') return dtype;
  throw fault(`the dtype of ${thing}`, 'F32, F16, BF16 or F64, to be read as floats', dtype);
}

/**
 * Floats from a file's little-endian bytes: F32, F16 and BF16 exactly, F64 rounded to nearest.
 * @param bytes start on a multiple of the dtype's bytes in their buffer.
 */
export function decodeFloats(dtype: FloatDtype, bytes: Uint8Array<ArrayBuffer>, into: Float32Array): void {
  const count = bytes.length / dtypeBytes[dtype];
  if (dtype === 'F32') new Uint8Array(into.buffer, into.byteOffset).set(bytes);
  else if (dtype === 'F64') into.set(new Float64Array(bytes.buffer, bytes.byteOffset, count));
  else {
    const bits = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
    if (dtype === 'F16') widenHalf(bits, into);
    else widenBfloat16(bits, into);
  }
}

/** A file's little-endian bytes of floats; a view of `values` itself for F32, rounded to nearest even for the others. */
export function encodeFloats(dtype: WritableDtype, values: Float32Array): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bits = new Uint16Array(values.length);
  if (dtype === 'F16') narrowToHalf(values, bits);
  else narrowToBfloat16(values, bits);
  return new Uint8Array(bits.buffer);
}
