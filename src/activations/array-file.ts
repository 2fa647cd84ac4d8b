import { expected } from '../core/errors.ts';
import type { LayerRows } from './layer-rows.ts';

/** A file made elsewhere that holds one or several arrays, whatever its format. */
export interface ArrayFile {
  readonly path: string;
  /** Names of the arrays or columns; one without a name is called ''. */
  readonly names: readonly string[];
  /** One array of rows of floats, or several columns of single floats side by side. */
  rows(names: readonly string[]): Promise<LayerRows>;
  /** Example ids: an array of text or whole numbers. */
  ids(name: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A fault of a file with arrays. */
export function arrayFault(
  thing: string,
  wanted: string,
  got: unknown,
  next = 'Make the file again, or fetch it anew.',
) {
  return expected('invalid-array', thing, wanted, got, next);
}

/** Text or a whole number as an example id. */
export function idOf(value: unknown, thing: string, row: number): string {
  if (typeof value === 'string' || typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
  throw arrayFault(`the example id of row ${row} in ${thing}`, 'text or a whole number', value);
}

/**
 * The one name among `names`.
 * @throws UserError when there are several or none.
 */
export function onlyName(names: readonly string[], path: string): string {
  const [name, ...more] = names;
  if (name !== undefined && more.length === 0) return name;
  throw arrayFault(`the arrays of a layer in ${path}`, 'one', names.join(', '), 'Name one array for each layer.');
}

/** The fault of asking for an array that a file lacks. */
export function absentName(name: string, names: readonly string[], path: string) {
  return arrayFault(path, `a file with "${name}"`, new Error(names.join(', ')), 'Name one that it has.');
}
