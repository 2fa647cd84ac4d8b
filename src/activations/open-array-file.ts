import { extname } from 'node:path';
import { type ArrayFile, arrayFault as fault, onlyName } from './array-file.ts';
import { openFile } from './byte-source.ts';
import { openNpy } from './npy.ts';
import { openNpz } from './npz.ts';
import { openParquetArrays } from './parquet-array.ts';
import { openSafetensorsArrays } from './safetensors-array.ts';

const formats: Readonly<Record<string, (path: string) => Promise<ArrayFile>>> = {
  '.npy': openNpyFile,
  '.npz': openNpz,
  '.safetensors': openSafetensorsArrays,
  '.parquet': openParquetArrays,
};

/**
 * Opens a file with arrays by the ending of its name: `.npy`, `.npz`, `.safetensors` or `.parquet`.
 * @throws UserError when it has another ending or is damaged.
 */
export async function openArrayFile(path: string): Promise<ArrayFile> {
  const open = formats[extname(path).toLowerCase()];
  if (open) return await open(path);
  const next = 'Save the activations in one of these formats.';
  throw fault(`the file of activations`, `named ${Object.keys(formats).join(', ')}`, path, next);
}

async function openNpyFile(path: string): Promise<ArrayFile> {
  const source = await openFile(path);
  try {
    const array = await openNpy(source, path);
    return {
      path,
      names: [''],
      rows: async (names) => {
        onlyName(names, path);
        return array.rows();
      },
      ids: () => array.ids(),
      close: source.close,
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}
