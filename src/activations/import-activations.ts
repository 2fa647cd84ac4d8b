import { firstBeyond } from '../models/first-beyond.ts';
import { type ArrayFile, arrayFault as fault, onlyName } from './array-file.ts';
import { indexIds, joinIds } from './join-ids.ts';
import { createLayerRows, type LayerRows } from './layer-rows.ts';
import { openArrayFile } from './open-array-file.ts';
import { pickRows } from './pick-rows.ts';
import { type IdsPlace, readIds } from './read-ids.ts';

/** Where the rows of one layer stand. */
export interface LayerPlace {
  /** `.npy`, `.npz`, `.safetensors` or `.parquet`. */
  readonly path: string;
  /** Array, tensor or column of lists; or several columns of floats. @default the only one that the file has */
  readonly name?: string | readonly string[];
}

export interface ImportOptions {
  /** By layer; several layers may stand in one file. */
  readonly layers: ReadonlyMap<number, LayerPlace>;
  /** The example id of each row: a list, or a file that has them. */
  readonly ids: readonly string[] | IdsPlace;
}

/** Activations made elsewhere, open for reading; every layer has one row for each id. */
export interface ImportedActivations {
  /** The example id of each row. */
  readonly ids: readonly string[];
  /** All rows of a layer, in the order of the file. Reading throws a UserError where a value is not finite. */
  layer(layer: number): LayerRows;
  /**
   * One row for each of these examples, in this order.
   * @throws UserError that counts and names ids that are missing, in several rows, or asked for more than once.
   */
  examples(layer: number, ids: readonly string[]): LayerRows;
  close(): Promise<void>;
}

/**
 * Opens activations that other programs wrote. Values are read when asked for.
 * @throws UserError naming the file, and array or row where one is to blame, when something is absent, damaged, or has
 * another number of rows than there are ids.
 */
export async function importActivations(options: ImportOptions): Promise<ImportedActivations> {
  const ids = isPlace(options.ids) ? await readIds(options.ids) : options.ids;
  const files = new Map<string, ArrayFile>();
  const close = async () => {
    await Promise.all([...files.values()].map((file) => file.close()));
  };
  try {
    const layers = new Map<number, LayerRows>();
    for (const [layer, place] of options.layers) {
      const file = files.get(place.path) ?? (await openArrayFile(place.path));
      files.set(place.path, file);
      layers.set(layer, await openLayer(file, place, layer, ids));
    }
    const index = indexIds(ids);
    const paths = [...files.keys()].join(', ');
    const layerOf = (layer: number) => {
      const found = layers.get(layer);
      if (!found) throw new RangeError(`layer ${layer} was not imported: ${[...layers.keys()]} were`);
      return found;
    };
    return {
      ids,
      layer: layerOf,
      examples: (layer, wanted) => pickRows(layerOf(layer), joinIds(index, wanted, paths)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function isPlace(ids: readonly string[] | IdsPlace): ids is IdsPlace {
  return !Array.isArray(ids);
}

async function openLayer(file: ArrayFile, { name }: LayerPlace, layer: number, ids: readonly string[]) {
  const names = name === undefined ? [onlyName(file.names, file.path)] : typeof name === 'string' ? [name] : name;
  const rows = await file.rows(names);
  const thing = `layer ${layer} in ${file.path}`;
  if (rows.rows !== ids.length) throw fault(thing, `${ids.length} rows, one for each id`, `${rows.rows} rows`);
  return createLayerRows(rows.rows, rows.columns, async (start, count) => {
    const values = await rows.read(start, count);
    requireFinite(values, start * rows.columns, rows.columns, thing, ids);
    return values;
  });
}

function requireFinite(values: Float32Array, offset: number, columns: number, thing: string, ids: readonly string[]) {
  const bad = firstBeyond(values, Number.POSITIVE_INFINITY);
  if (bad < 0) return;
  const at = offset + bad;
  const row = Math.floor(at / columns);
  throw fault(`row ${row} (example "${ids[row]}"), column ${at % columns} of ${thing}`, 'finite', values[bad]);
}
