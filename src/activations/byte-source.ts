import { open } from 'node:fs/promises';
import { expected } from '../core/errors.ts';

/** Bytes that are read by position: a file, a part of one, or memory. */
export interface ByteSource {
  readonly size: number;
  /**
   * Exactly `length` bytes from `position` on.
   * @throws UserError when they do not lie within the source.
   */
  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/**
 * A file as a byte source.
 * @throws UserError when it cannot be read or is no regular file.
 */
export async function openFile(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r').catch((error: unknown) => Promise.reject(fault(path, 'a readable file', error)));
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await handle.close();
    throw fault(path, 'a file', 'a directory, device or pipe');
  }
  const read = async (position: number, length: number) => {
    requireWithin(path, stats.size, position, length);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, 2 ** 30), position + done);
      if (bytesRead === 0) throw fault(path, 'unchanged while it is read', 'a file that became shorter');
      done += bytesRead;
    }
    return bytes;
  };
  return { size: stats.size, read, close: () => handle.close() };
}

/** The part of `source` from `start` on, `size` bytes long. */
export function partOf(source: ByteSource, start: number, size: number, name: string): ByteSource {
  requireWithin(name, source.size, start, size);
  const read = async (position: number, length: number) => {
    requireWithin(name, size, position, length);
    return await source.read(start + position, length);
  };
  return { size, read, close: source.close };
}

/** Bytes in memory as a byte source. */
export function bytesOf(bytes: Uint8Array, name: string): ByteSource {
  const read = async (position: number, length: number) => {
    requireWithin(name, bytes.length, position, length);
    return bytes.slice(position, position + length) as Uint8Array<ArrayBuffer>;
  };
  return { size: bytes.length, read, close: async () => {} };
}

function requireWithin(name: string, size: number, start: number, length: number): void {
  if (start >= 0 && length >= 0 && start + length <= size) return;
  throw fault(name, `at least ${start + length} bytes long`, `${size} bytes`);
}

function fault(thing: string, wanted: string, got: unknown) {
  return expected('unreadable-file', thing, wanted, got, 'Check the path, or make the file again.');
}
