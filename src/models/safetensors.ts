/** Safetensors files of 32-bit floats: https://github.com/huggingface/safetensors#format */
import { z } from 'zod';
import { expected } from '../core/errors.ts';

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

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
type Entry = z.infer<typeof entrySchema>;

const headerSchema = z.record(z.string(), z.unknown());
const metadataSchema = z.record(z.string(), z.string());
const lengthBytes = 8;
const next = 'Make the file again or fetch it anew.';

/** The bytes of a safetensors file; tensors in the order given, the header padded so that data starts on 8 bytes. */
export function encodeSafetensors({ tensors, metadata }: SafetensorsContent): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = padded(new TextEncoder().encode(JSON.stringify(header)));
  const bytes = new Uint8Array(lengthBytes + json.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, lengthBytes);
  let at = lengthBytes + json.length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** With spaces up to a multiple of 8 bytes. */
function padded(json: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  result.set(json);
  return result;
}

/**
 * The content of a safetensors file; `file` names it in errors.
 * @throws UserError when the header is damaged, a tensor is not F32, or its place does not fit its shape and the file.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): SafetensorsContent {
  const { header, dataStart } = parseHeader(bytes, file);
  const { __metadata__, ...rest } = header;
  const metadata = metadataSchema.safeParse(__metadata__ ?? {});
  if (!metadata.success) throw fault(`__metadata__ of ${file}`, 'text by name', __metadata__);
  const data = bytes.subarray(dataStart);
  const entries = Object.entries(rest).map(
    ([name, entry]) => [name, parseEntry(name, entry, data.length, file)] as const,
  );
  checkLayout(entries, data.length, file);
  return { tensors: new Map(entries.map(([name, entry]) => [name, tensorOf(entry, data)])), metadata: metadata.data };
}

function parseHeader(bytes: Uint8Array, file: string): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < lengthBytes) throw fault(file, 'at least 8 bytes long', `${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const room = bytes.length - lengthBytes;
  if (length > BigInt(room)) throw fault(`the header length of ${file}`, `at most ${room} bytes`, `${length} bytes`);
  const dataStart = lengthBytes + Number(length);
  const text = new TextDecoder().decode(bytes.subarray(lengthBytes, dataStart));
  const header = headerSchema.safeParse(parseJson(text));
  if (!header.success) throw fault(`the header of ${file}`, 'a JSON object', text.slice(0, 60));
  return { header: header.data, dataStart };
}

/** Undefined when `text` is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseEntry(name: string, json: unknown, dataLength: number, file: string): Entry {
  const thing = `tensor "${name}" of ${file}`;
  const entry = entrySchema.safeParse(json);
  if (!entry.success) throw fault(thing, 'described by dtype, shape and data_offsets', json);
  const {
    dtype,
    shape,
    data_offsets: [start, end],
  } = entry.data;
  if (dtype !== 'F32') throw fault(`the dtype of ${thing}`, 'F32', dtype);
  if (start > end || end > dataLength) throw fault(`the place of ${thing}`, `within ${dataLength} bytes`, [start, end]);
  const size = shape.reduce((product, length) => product * length, 4);
  if (size !== end - start) throw fault(thing, `${size} bytes, as its shape [${shape}] says`, `${end - start} bytes`);
  return entry.data;
}

/** The format asks for tensors one behind the other, without holes or overlaps, up to the end of the file. */
function checkLayout(entries: readonly (readonly [string, Entry])[], dataLength: number, file: string): void {
  let end = 0;
  for (const [name, { data_offsets }] of [...entries].sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  )) {
    if (data_offsets[0] !== end)
      throw fault(`tensor "${name}" of ${file}`, `placed at byte ${end} of the data`, data_offsets[0]);
    end = data_offsets[1];
  }
  if (end !== dataLength) throw fault(`the data of ${file}`, `${end} bytes, as its header says`, `${dataLength} bytes`);
}

function tensorOf({ shape, data_offsets: [start, end] }: Entry, bytes: Uint8Array): NamedTensor {
  // A copy, because a view of 32-bit floats must start on a multiple of 4 bytes.
  const data = new Float32Array((end - start) / 4);
  new Uint8Array(data.buffer).set(bytes.subarray(start, end));
  return { shape, data };
}

function fault(thing: string, wanted: string, got: unknown) {
  return expected('invalid-safetensors', thing, wanted, got, next);
}
