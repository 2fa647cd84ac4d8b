import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, posix } from 'node:path';
import { fault } from './fault.ts';
import type { TensorPlace } from './onnx-model.ts';

/** The files beside a model that hold tensors' bytes. */
export interface ExternalFiles {
  /**
   * Where a tensor of `size` bytes lies, by its `external_data` entries.
   * @throws UserError (`invalid-onnx`) when the place is outside the model's folder, or not inside a file there.
   */
  place(entries: ReadonlyMap<string, string>, thing: string, size: number): Promise<TensorPlace>;
}

/** External files of the model `file`; the size of each is looked up once. */
export function externalFiles(file: string): ExternalFiles {
  const folder = dirname(file);
  const sizes = new Map<string, Promise<number | undefined>>();
  return {
    async place(entries, thing, size) {
      const path = join(folder, safeLocation(entries.get('location'), thing));
      const known = sizes.get(path) ?? fileSize(path);
      sizes.set(path, known);
      const available = await known;
      if (available === undefined) {
        throw fault(`the data of ${thing}`, `in the file ${path}`, 'no such file', 'Put that file beside the model');
      }
      const offset = wholeNumber(entries.get('offset'), 0, `the offset of ${thing}`);
      const length = wholeNumber(entries.get('length'), size, `the length of ${thing}`);
      if (offset + length > available) {
        const got = `bytes ${offset} to ${offset + length}`;
        throw fault(`the place of ${thing}`, `within the ${available} bytes of ${path}`, got);
      }
      return { file: path, offset, length };
    },
  };
}

/** A path that stays inside the model's folder. */
function safeLocation(location: string | undefined, thing: string): string {
  const path = posix.normalize((location ?? '').replaceAll('\\', '/'));
  const outside =
    path === '.' || path === '..' || path.startsWith('../') || isAbsolute(path) || /^[a-z]:|\0/i.test(path);
  if (!location || outside) throw fault(`the location of ${thing}`, "a file inside the model's folder", location);
  return path;
}

async function fileSize(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

function wholeNumber(text: string | undefined, otherwise: number, thing: string): number {
  if (text === undefined) return otherwise;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw fault(thing, 'a whole number of bytes', text);
  return number;
}
