import { type FileHandle, open } from 'node:fs/promises';
import { type ElementType, elementTypes } from './element-types.ts';
import { fault } from './fault.ts';
import type { OnnxTensor } from './onnx-model.ts';

/** Bytes read at once: what a tensor in an external file needs besides its numbers. */
const chunkBytes = 1 << 22;

/** A tensor's numbers, row-major, as floats: an initialiser that is a weight. @throws UserError naming the tensor. */
export async function readTensor(tensor: OnnxTensor): Promise<Float32Array<ArrayBuffer>> {
  const { place } = tensor;
  const data = new Float32Array(sizeOf(tensor));
  if ('file' in place) await readFile(tensor, place, data);
  else fill(tensor, data);
  const bad = data.findIndex((value) => Number.isNaN(value));
  if (bad >= 0) throw fault(tensor.thing, 'numbers', `NaN at element ${bad}`);
  return data;
}

/** The tensor with its bytes in memory, wherever they were. */
export async function loadTensor(tensor: OnnxTensor): Promise<OnnxTensor> {
  const { place, thing } = tensor;
  if (!('file' in place)) return tensor;
  const handle = await openFile(place.file, thing);
  try {
    return { ...tensor, place: { bytes: await readBytes(handle, place.offset, place.length, thing) } };
  } finally {
    await handle.close();
  }
}

/** The numbers of a tensor in memory. */
export function tensorNumbers(tensor: OnnxTensor): Float64Array {
  const data = new Float64Array(sizeOf(tensor));
  fill(tensor, data);
  return data;
}

function fill({ dataType, place }: OnnxTensor, into: Float32Array | Float64Array): void {
  const { read, unpack } = elementTypes.get(dataType) as ElementType;
  if ('bytes' in place) read(place.bytes, into);
  else if ('numbers' in place) {
    for (let i = 0; i < into.length; i++)
      into[i] = unpack ? unpack(Number(place.numbers[i])) : Number(place.numbers[i]);
  }
}

async function readFile(
  tensor: OnnxTensor,
  place: { file: string; offset: number },
  into: Float32Array,
): Promise<void> {
  const { bytes, read } = elementTypes.get(tensor.dataType) as ElementType;
  const handle = await openFile(place.file, tensor.thing);
  try {
    const step = chunkBytes / bytes;
    for (let at = 0; at < into.length; at += step) {
      const part = into.subarray(at, at + step);
      read(await readBytes(handle, place.offset + at * bytes, part.length * bytes, tensor.thing), part);
    }
  } finally {
    await handle.close();
  }
}

function openFile(file: string, thing: string): Promise<FileHandle> {
  return open(file).catch((cause: unknown) => {
    throw fault(`the data of ${thing}`, `readable in ${file}`, cause, 'Put that file beside the model');
  });
}

async function readBytes(handle: FileHandle, position: number, length: number, thing: string): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw fault(`the data of ${thing}`, `${length} bytes at ${position}`, `${done} bytes`);
    done += bytesRead;
  }
  return buffer;
}

function sizeOf({ shape }: OnnxTensor): number {
  return shape.reduce((product, length) => product * length, 1);
}
