import { type FileHandle, open } from 'node:fs/promises';
import { describe } from '../core/errors.ts';
import { firstBeyond } from './first-beyond.ts';
import { decodeFloats, type FloatDtype, requireFloats } from './safetensors-floats.ts';
import {
  dtypeBytes,
  fault,
  headerLength,
  lengthBytes,
  parseHeader,
  type SafetensorsHeader,
  type TensorInfo,
  tensorOf,
} from './safetensors-header.ts';

export interface ReadFloatsOptions {
  /** Rows along the first dimension: from `start`, `count` many. @default all */
  readonly rows?: { readonly start: number; readonly count: number };
  /** Whether to refuse NaN and infinities. @default false */
  readonly finite?: boolean;
}

/** An open safetensors file whose header has been checked; tensors are read when asked for, by position. */
export interface SafetensorsFile extends SafetensorsHeader {
  readonly path: string;
  /**
   * What the header says of a tensor.
   * @throws UserError when there is none of this name.
   */
  info(name: string): TensorInfo;
  /**
   * A tensor, or a range of its rows, as floats, row-major: F32, F16 and BF16 exactly, F64 rounded. A scalar has one row.
   * Memory beyond the result is at most 4 MiB.
   * @throws UserError when there is no such tensor or row, its dtype holds no floats, or a value is not finite and
   * `finite` is asked for.
   */
  readFloats(name: string, options?: ReadFloatsOptions): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/**
 * Opens a safetensors file: https://github.com/huggingface/safetensors#format. The header is checked against the file's
 * size (places, shapes, overlaps, holes) before any tensor is allocated.
 * @throws UserError naming the file, and the tensor where one is to blame, when it cannot be read or is damaged.
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const handle = await openFile(path);
  try {
    const header = await readHeader(handle, path);
    const info = (name: string) => requireTensor(header, name, path);
    const readFloats = (name: string, options: ReadFloatsOptions = {}) =>
      readTensor(handle, info(name), tensorOf(name, path), options);
    return { ...header, path, info, readFloats, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw fault(path, 'a readable safetensors file', error);
  }
}

async function readHeader(handle: FileHandle, path: string): Promise<SafetensorsHeader> {
  const stats = await handle.stat();
  if (!stats.isFile()) throw fault(path, 'a file', stats.isDirectory() ? 'a directory' : 'a device or pipe');
  const first = new Uint8Array(Math.min(lengthBytes, stats.size));
  await readBytes(handle, first, 0, path);
  const json = new Uint8Array(headerLength(first, stats.size, path));
  await readBytes(handle, json, lengthBytes, path);
  return parseHeader(json, stats.size, path);
}

function requireTensor(header: SafetensorsHeader, name: string, path: string): TensorInfo {
  const tensor = header.tensors.get(name);
  if (tensor) return tensor;
  throw fault(path, `a file with tensor ${describe(name)}`, `${header.tensors.size} others`);
}

async function readTensor(handle: FileHandle, tensor: TensorInfo, thing: string, options: ReadFloatsOptions) {
  const dtype = requireFloats(tensor.dtype, thing);
  const width = dtypeBytes[dtype];
  const rowLength = tensor.shape.slice(1).reduce((product, length) => product * length, 1);
  const { start, count } = options.rows ?? { start: 0, count: tensor.shape[0] ?? 1 };
  checkRows(start, count, tensor.shape[0] ?? 1, thing);
  // An empty tensor's other lengths may be beyond all bounds.
  const values = new Float32Array(tensor.bytes === 0 ? 0 : count * rowLength);
  if (values.length > 0) await fill(handle, dtype, values, tensor.start + start * rowLength * width, thing);
  if (options.finite) requireFinite(values, start * rowLength, thing);
  return values;
}

function checkRows(start: number, count: number, rows: number, thing: string): void {
  if (Number.isInteger(start) && Number.isInteger(count) && start >= 0 && count >= 0 && start + count <= rows) return;
  throw fault(`the rows asked for of ${thing}`, `within its ${rows}`, `${count} from ${start}`);
}

const pieceBytes = 4 * 2 ** 20;

async function fill(
  handle: FileHandle,
  dtype: FloatDtype,
  values: Float32Array<ArrayBuffer>,
  at: number,
  thing: string,
) {
  if (dtype === 'F32') return await readBytes(handle, new Uint8Array(values.buffer), at, thing);
  const width = dtypeBytes[dtype];
  const piece = new Uint8Array(Math.min(pieceBytes, values.length * width));
  const step = piece.length / width;
  for (let done = 0; done < values.length; done += step) {
    const bytes = piece.subarray(0, Math.min(step, values.length - done) * width);
    await readBytes(handle, bytes, at + done * width, thing);
    decodeFloats(dtype, bytes, values.subarray(done));
  }
}

/** Fills `bytes` from `position` on. Large reads go in parts, as one read takes less than 2 GiB. */
async function readBytes(handle: FileHandle, bytes: Uint8Array, position: number, thing: string): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(bytes.length - done, 2 ** 30);
    const { bytesRead } = await handle.read(bytes, done, length, position + done);
    if (bytesRead === 0) throw fault(thing, 'unchanged while it is read', 'a file that became shorter');
    done += bytesRead;
  }
}

/** @param offset the tensor's element that `values` start with. */
function requireFinite(values: Float32Array, offset: number, thing: string): void {
  const bad = firstBeyond(values, Number.POSITIVE_INFINITY);
  if (bad >= 0) throw fault(thing, 'finite', `${values[bad]} at element ${offset + bad}`);
}
