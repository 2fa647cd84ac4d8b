import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { expected, type UserError } from '../../core/errors.ts';

/** A checkpoint's config.json: its path for errors, and its keys. */
export interface ConfigFile {
  readonly file: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** No file of JSON that describes a model is larger; more would only cost memory. */
const largestJson = 256 * 2 ** 20;

/** @throws UserError when the directory's config.json is absent or no JSON object. */
export async function readConfigFile(directory: string): Promise<ConfigFile> {
  const file = join(directory, 'config.json');
  const parsed = z.record(z.string(), z.unknown()).safeParse(await readJson(file));
  if (!parsed.success) throw invalidCheckpoint(file, 'a JSON object', 'something else');
  return { file, config: parsed.data };
}

/** @throws UserError when the file cannot be read, is not JSON, or is larger than 256 MiB. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidCheckpoint(file, 'JSON', error);
  }
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > largestJson) throw new RangeError(`${size} bytes`);
    return await readFile(file, 'utf8');
  } catch (error) {
    const name = basename(file);
    const next = `Give a directory that holds ${name}, as save_pretrained writes it; ${dirname(file)} was looked in.`;
    throw expected('invalid-checkpoint', file, 'a readable file of at most 256 MiB', error, next);
  }
}

/** The config by a family's schema. @throws UserError that lists every problem with its key. */
export function parseConfig<Config>({ file, config }: ConfigFile, schema: z.ZodType<Config>): Config {
  // Keys without a value mean their default, as in the transformers library.
  const present = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw expected('unsupported-config', file, 'a config that can be built', problems.slice(0, 5).join('; '), next);
}

/** A key that would change what the model computes, in a way that is not built here. */
export function refused<const Values extends readonly (string | number | boolean)[]>(...allowed: Values) {
  const words = allowed.map((value) => JSON.stringify(value)).join(' or ');
  const error = ({ input }: { input?: unknown }) => `only ${words} can be built here, not ${JSON.stringify(input)}`;
  return z.custom<Values[number]>((value) => (allowed as readonly unknown[]).includes(value), { error }).optional();
}

/** Keys that no family supports; parts of each family's schema. */
export const refusedEverywhere = {
  quantization_config: z.undefined('quantized weights cannot be read').optional(),
  auto_map: z.undefined('models with code of their own cannot be built').optional(),
  is_encoder_decoder: refused(false),
  add_cross_attention: refused(false),
} as const;

/** A size in a config: a whole number from 1 that no real model exceeds. */
export const size = z.int().min(1).max(10_000_000);
/** A count of blocks. */
export const blocks = z.int().min(1).max(1_000);

const next = 'Choose another checkpoint, or mend the key if the file was damaged.';

/** A checkpoint's file that does not hold what it should. */
export function invalidCheckpoint(thing: string, wanted: string, got: unknown): UserError {
  return expected('invalid-checkpoint', thing, wanted, got, 'Save or fetch the checkpoint again.');
}
