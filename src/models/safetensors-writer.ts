import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { unfinishedPath } from '../core/write-whole.ts';
import { encodeFloats, type WritableDtype } from './safetensors-floats.ts';
import { dtypeBytes, encodeHeader, type TensorInfo } from './safetensors-header.ts';

export interface TensorPlan {
  readonly dtype: WritableDtype;
  readonly shape: readonly number[];
}

/** A safetensors file in the making; it appears at its path when {@link SafetensorsWriter.finish} is done, or never. */
export interface SafetensorsWriter {
  /**
   * Appends values, row-major, to a tensor. Tensors may be written in turns. Wait for it before changing `values`.
   * @throws RangeError when the tensor is not in the plan or would get more values than planned.
   */
  append(name: string, values: Float32Array): Promise<void>;
  /**
   * Syncs the file and moves it to its path.
   * @throws RangeError when a tensor has fewer values than planned; the file is then discarded.
   */
  finish(): Promise<void>;
  /** Removes what was written. May be called at any time, also after a failure. */
  discard(): Promise<void>;
}

/**
 * Starts a safetensors file whose tensors are known in shape but not yet in content: the header is written first,
 * then values as they come, so that memory stays at what one `append` holds.
 */
export async function createSafetensorsWriter(
  path: string,
  plans: ReadonlyMap<string, TensorPlan>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<SafetensorsWriter> {
  const { bytes, tensors } = encodeHeader(plans, metadata);
  const aside = unfinishedPath(path);
  const handle = await open(aside, 'wx');
  const written = new Map([...tensors.keys()].map((name) => [name, 0]));
  let isOpen = true;
  const close = async () => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  const discard = async () => {
    await close();
    await rm(aside, { force: true });
  };
  const writer: SafetensorsWriter = {
    append: (name, values) => append(handle, name, values, plans, tensors, written),
    finish: async () => {
      try {
        requireComplete(tensors, written);
        await handle.sync();
        await close();
        await rename(aside, path);
      } catch (error) {
        await discard();
        throw error;
      }
    },
    discard,
  };
  try {
    await writeBytes(handle, bytes, 0);
    return writer;
  } catch (error) {
    await discard();
    throw error;
  }
}

async function append(
  handle: FileHandle,
  name: string,
  values: Float32Array,
  plans: ReadonlyMap<string, TensorPlan>,
  tensors: ReadonlyMap<string, TensorInfo>,
  written: Map<string, number>,
): Promise<void> {
  const plan = plans.get(name);
  const place = tensors.get(name);
  if (!plan || !place) throw new RangeError(`tensor "${name}" is not planned`);
  const at = written.get(name) ?? 0;
  const bytes = values.length * dtypeBytes[plan.dtype];
  if (at + bytes > place.bytes) throw new RangeError(`tensor "${name}" gets more than its shape [${plan.shape}] holds`);
  // Taken before waiting, so that two appends under way do not share a place.
  written.set(name, at + bytes);
  const step = Math.max(1, Math.min(values.length, pieceValues));
  for (let done = 0; done < values.length; done += step) {
    const piece = encodeFloats(plan.dtype, values.subarray(done, done + step));
    await writeBytes(handle, piece, place.start + at + done * dtypeBytes[plan.dtype]);
  }
}

/** Values narrowed or written at a time. */
const pieceValues = 2 ** 22;

async function writeBytes(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

function requireComplete(tensors: ReadonlyMap<string, TensorInfo>, written: ReadonlyMap<string, number>): void {
  for (const [name, { bytes }] of tensors) {
    if (written.get(name) !== bytes)
      throw new RangeError(`tensor "${name}" got ${written.get(name)} of ${bytes} bytes`);
  }
}
