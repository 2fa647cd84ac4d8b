import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The bytes of a file, unpacked where its name ends in `.gz`. Whoever reads it destroys it. */
export function contentOf(path: string): Readable {
  const bytes = createReadStream(path, { highWaterMark: 2 ** 20 });
  if (!path.toLowerCase().endsWith('.gz')) return bytes;
  const plain = createGunzip({ chunkSize: 2 ** 18 });
  bytes.on('error', (error) => plain.destroy(error));
  plain.on('close', () => bytes.destroy());
  return bytes.pipe(plain);
}
