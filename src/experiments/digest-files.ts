import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { relative } from 'node:path';

/** SHA-256 over names below `root` and contents, read in parts; it does not depend on where the files lie. */
export async function digestFiles(root: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = createHash('sha256');
    for await (const chunk of createReadStream(file)) content.update(chunk as Buffer);
    hash.update(JSON.stringify([relative(root, file).replaceAll('\\', '/'), content.digest('hex')]));
  }
  return hash.digest('hex');
}
