import { decodeFloats, encodeFloats, requireFloats } from './safetensors-floats.ts';
import {
  dtypeBytes,
  encodeHeader,
  headerLength,
  lengthBytes,
  parseHeader,
  type TensorInfo,
  tensorOf,
} from './safetensors-header.ts';

export interface NamedTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array<ArrayBuffer>;
}
export type NamedTensors = ReadonlyMap<string, NamedTensor>;

export interface SafetensorsContent {
  readonly tensors: NamedTensors;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The bytes of a safetensors file of 32-bit floats; tensors in the order given, data starting on 8 bytes. */
export function encodeSafetensors({ tensors, metadata }: SafetensorsContent): Uint8Array<ArrayBuffer> {
  const plans = new Map([...tensors].map(([name, { shape }]) => [name, { dtype: 'F32' as const, shape }]));
  const { bytes: head, tensors: places } = encodeHeader(plans, metadata);
  const end = [...places.values()].reduce((sum, { bytes }) => sum + bytes, head.length);
  const file = new Uint8Array(end);
  file.set(head);
  for (const [name, { data }] of tensors) file.set(encodeFloats('F32', data), places.get(name)?.start);
  return file;
}

/**
 * The content of a safetensors file held in memory, as 32-bit floats; `file` names it in errors.
 * @throws UserError when the header is damaged, a tensor holds no floats, or its place does not fit its shape and the file.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): SafetensorsContent {
  const length = headerLength(bytes.subarray(0, lengthBytes), bytes.length, file);
  const { tensors, metadata } = parseHeader(bytes.subarray(lengthBytes, lengthBytes + length), bytes.length, file);
  const read = [...tensors].map(([name, info]) => [name, decodeTensor(bytes, info, tensorOf(name, file))] as const);
  return { tensors: new Map(read), metadata };
}

function decodeTensor(file: Uint8Array, { dtype, shape, start, bytes }: TensorInfo, thing: string): NamedTensor {
  const floats = requireFloats(dtype, thing);
  const data = new Float32Array(bytes / dtypeBytes[dtype]);
  // A copy, because a view of floats must start on a multiple of their bytes.
  decodeFloats(floats, new Uint8Array(file.subarray(start, start + bytes)), data);
  return { shape, data };
}
