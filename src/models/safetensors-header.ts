import { z } from 'zod';
import { describe, expected } from '../core/errors.ts';

/** Bytes of one element, by dtype. */
export const dtypeBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
} as const;
export type Dtype = keyof typeof dtypeBytes;

/** What a header says of one tensor, checked against the file. */
export interface TensorInfo {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Where the tensor's bytes start in the file, and how many they are. */
  readonly start: number;
  readonly bytes: number;
}

export interface SafetensorsHeader {
  /** By name, in order of place. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The length field that every file starts with. */
export const lengthBytes = 8;
/** The largest header that the format allows. */
const largestHeader = 100_000_000;

const entrySchema = z.object({
  dtype: z.enum(Object.keys(dtypeBytes) as [Dtype, ...Dtype[]]),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * Bytes of the header behind the length field.
 * @param first the first bytes of the file, 8 if it has as many.
 * @throws UserError when the file is shorter than its header says or the header longer than the format allows.
 */
export function headerLength(first: Uint8Array, fileSize: number, file: string): number {
  if (first.length < lengthBytes) throw fault(file, 'at least 8 bytes long', `${first.length} bytes`);
  const length = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
  const room = Math.min(fileSize - lengthBytes, largestHeader);
  if (length > BigInt(room)) throw fault(`the header length of ${file}`, `at most ${room} bytes`, `${length} bytes`);
  return Number(length);
}

/**
 * Reads the header and checks every tensor against its shape, its neighbours and the file before anything else is read.
 * @param json the header's bytes, {@link headerLength} many.
 * @throws UserError naming the file, and the tensor where one is to blame.
 */
export function parseHeader(json: Uint8Array, fileSize: number, file: string): SafetensorsHeader {
  const header = parseObject(json);
  if (header === undefined) throw fault(`the header of ${file}`, 'a JSON object', preview(json));
  const metadata = metadataSchema.safeParse(header.get('__metadata__') ?? {});
  if (!metadata.success) throw fault(`__metadata__ of ${file}`, 'text by name', firstIssue(metadata.error));
  header.delete('__metadata__');
  const dataStart = lengthBytes + json.length;
  const tensors = [...header]
    .map(([name, entry]) => [name, parseEntry(name, entry, dataStart, file)] as const)
    .sort(([, a], [, b]) => a.start - b.start || a.bytes - b.bytes);
  checkLayout(tensors, dataStart, fileSize, file);
  return { tensors: new Map(tensors), metadata: metadata.data };
}

/** Bytes of a file up to its data: length field and header, padded so that data starts on 8 bytes; and each tensor's place. */
export function encodeHeader(
  plans: ReadonlyMap<string, Pick<TensorInfo, 'dtype' | 'shape'>>,
  metadata: Readonly<Record<string, string>>,
): { bytes: Uint8Array<ArrayBuffer>; tensors: ReadonlyMap<string, TensorInfo> } {
  const header: [string, unknown][] = [['__metadata__', metadata]];
  const places: [string, TensorInfo][] = [];
  let end = 0;
  for (const [name, { dtype, shape }] of plans) {
    const bytes = tensorBytes(dtype, shape);
    header.push([name, { dtype, shape, data_offsets: [end, end + bytes] }]);
    places.push([name, { dtype, shape, start: end, bytes }]);
    end += bytes;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(lengthBytes + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, lengthBytes);
  return {
    bytes,
    tensors: new Map(places.map(([name, place]) => [name, { ...place, start: place.start + bytes.length }])),
  };
}

/** A fault of a safetensors file. */
export function fault(thing: string, wanted: string, got: unknown) {
  return expected('invalid-safetensors', thing, wanted, got, 'Make the file again or fetch it anew.');
}

/** How errors call a tensor. */
export function tensorOf(name: string, file: string): string {
  return `tensor ${describe(name)} of ${file}`;
}

function tensorBytes(dtype: Dtype, shape: readonly number[]): number {
  // An empty tensor first: the product of its other lengths may overflow.
  return shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, dtypeBytes[dtype]);
}

/** A map, so that a name such as `__proto__` is an ordinary one. Undefined when `json` is no JSON object. */
function parseObject(json: Uint8Array): Map<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value));
  } catch {
    return undefined;
  }
}

function parseEntry(name: string, json: unknown, dataStart: number, file: string): TensorInfo {
  const thing = tensorOf(name, file);
  const entry = entrySchema.safeParse(json);
  if (!entry.success) throw fault(thing, 'described by dtype, shape and data_offsets', firstIssue(entry.error));
  const { dtype, shape, data_offsets: offsets } = entry.data;
  const bytes = offsets[1] - offsets[0];
  if (bytes < 0) throw fault(`the place of ${thing}`, 'a start and an end behind it', offsets);
  const size = tensorBytes(dtype, shape);
  if (size !== bytes) throw fault(thing, `${size} bytes, as its shape [${clip(shape)}] says`, `${bytes} bytes`);
  return { dtype, shape, start: dataStart + offsets[0], bytes };
}

/** The format asks for tensors one behind the other, without holes or overlaps, up to the end of the file. */
function checkLayout(
  tensors: readonly (readonly [string, TensorInfo])[],
  dataStart: number,
  fileSize: number,
  file: string,
): void {
  let end = dataStart;
  for (const [name, { start, bytes }] of tensors) {
    const thing = tensorOf(name, file);
    if (start !== end) throw fault(thing, `placed at byte ${end - dataStart} of the data`, start - dataStart);
    end = start + bytes;
    if (end > fileSize) throw fault(`the place of ${thing}`, `within ${fileSize - dataStart} bytes`, end - dataStart);
  }
  if (end !== fileSize) {
    throw fault(`the data of ${file}`, `${end - dataStart} bytes, as its header says`, `${fileSize - dataStart} bytes`);
  }
}

function clip(shape: readonly number[]): string {
  return shape.length > 8 ? `${shape.slice(0, 8)}, …` : String(shape);
}

function preview(json: Uint8Array): string {
  return new TextDecoder().decode(json.subarray(0, 60));
}

// The JSON itself may be too large or too deep to print.
function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
}
