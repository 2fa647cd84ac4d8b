import { extname } from 'node:path';
import { z } from 'zod';
import { importActivations } from '../activations/import-activations.ts';
import type { LayerRows } from '../activations/layer-rows.ts';
import { readMatrix } from '../activations/layer-rows.ts';
import { expected } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';

const name = z.string().min(1);
const layerPlace = z.strictObject({
  layer: z.int().min(0).describe('The number of the layer, 0 = the embedding.'),
  path: z.string().min(1).describe('A .npy, .npz, .safetensors or .parquet file with one row per example.'),
  name: z
    .union([name, z.array(name).min(1)])
    .optional()
    .describe('Array, tensor or column of lists, or several columns of floats. Left out: the only one of the file.'),
});

/** Where activations made elsewhere stand, as a config says it; paths are those of files. */
export const activationsPlace = z
  .strictObject({
    layers: z.array(layerPlace).min(1).describe('Each layer once, in any order.'),
    ids: z
      .strictObject({
        path: z.string().min(1).describe('A .npy, .npz, .parquet, .jsonl, .csv, .tsv or .txt file.'),
        name: name.optional().describe('Array, column or key. Left out: "ids" in a .npz, else "id".'),
      })
      .optional()
      .describe('The example id of each row. Left out: those in the first .npz or .parquet file of the layers.'),
  })
  .refine(({ layers }) => new Set(layers.map(({ layer }) => layer)).size === layers.length, {
    path: ['layers'],
    message: 'Expected each layer once',
  });

export type ActivationsPlace = z.output<typeof activationsPlace>;

/** Activations of a user's own, open for reading. */
export interface OwnActivations {
  /** The layers that there are, rising. */
  readonly layers: readonly number[];
  /** The example id of each row. */
  readonly ids: readonly string[];
  /**
   * One row for each of these examples, in this order, for each layer in the order of `layers`.
   * @throws UserError (`unmatched-ids`) that counts and names ids without a row, (`invalid-array`) that names file, row and
   *   example of a value that is not finite.
   */
  rows(ids: readonly string[]): Promise<readonly Matrix[]>;
  close(): Promise<void>;
}

/**
 * Opens activations by reference. Values are read when asked for.
 * @throws UserError naming the file, and array or row where one is to blame, when something is absent or damaged,
 *   (`no-ids`) when nothing says which example a row is of.
 */
export async function openOwnActivations(place: ActivationsPlace): Promise<OwnActivations> {
  const ids = withoutUndefined(place.ids ?? idsBeside(place));
  const places = new Map(place.layers.map(({ layer, ...file }) => [layer, withoutUndefined(file)]));
  const imported = await importActivations({ layers: places, ids });
  const layers = [...places.keys()].sort((a, b) => a - b);
  const rowsOf = (layer: number, wanted: readonly string[]): LayerRows => imported.examples(layer, wanted);
  return {
    layers,
    ids: imported.ids,
    rows: async (wanted) => {
      const matrices: Matrix[] = [];
      for (const layer of layers) matrices.push(await readMatrix(rowsOf(layer, wanted)));
      return matrices;
    },
    close: imported.close,
  };
}

const withIds = ['.npz', '.parquet'];

function idsBeside({ layers }: ActivationsPlace): { readonly path: string } {
  const file = layers.find(({ path }) => withIds.includes(extname(path).toLowerCase()));
  if (file) return { path: file.path };
  const next = 'Name a file of ids, one for each row, as activations.ids.';
  throw expected('no-ids', 'the example ids of the activations', 'in a file', 'none', next);
}

/** The same without keys of no value, which exact optional properties ask for. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as never;
}
