import { openSafetensors } from '../models/safetensors-file.ts';
import { type ArrayFile, absentName, arrayFault as fault, onlyName } from './array-file.ts';
import { createLayerRows } from './layer-rows.ts';

/**
 * Opens a safetensors file for its tensors of two dimensions (F32, F16, BF16 or F64).
 * @throws UserError when the file is damaged.
 */
export async function openSafetensorsArrays(path: string): Promise<ArrayFile> {
  const file = await openSafetensors(path);
  const names = [...file.tensors.keys()];
  return {
    path,
    names,
    rows: async (wanted) => {
      const name = onlyName(wanted, path);
      if (!file.tensors.has(name)) throw absentName(name, names, path);
      const [rows, columns, ...more] = file.info(name).shape;
      if (rows === undefined || columns === undefined || more.length > 0) {
        throw fault(`tensor "${name}" of ${path}`, 'of two dimensions', file.info(name).shape);
      }
      return createLayerRows(rows, columns, (start, count) => file.readFloats(name, { rows: { start, count } }));
    },
    ids: async () => {
      const next = 'Give the ids as a list, or in a file beside it.';
      throw fault(`the place of example ids`, 'one that holds text or whole numbers', path, next);
    },
    close: file.close,
  };
}
