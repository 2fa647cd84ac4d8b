import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { damaged } from './damaged.ts';

/** @throws UserError (`invalid-checkpoint`) naming the file when it cannot be read. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw damaged(file, 'a readable file', error);
  }
}

/**
 * The content of a JSON file.
 * @throws UserError (`invalid-checkpoint`) naming the file, and what is wrong in it, when it does not fit the schema.
 */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(parse(await readBytes(file), file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw damaged(file, 'one that can be read', problems.slice(0, 3).join('; '));
}

function parse(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw damaged(file, 'JSON', error);
  }
}
