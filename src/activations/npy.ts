import { decodeFloats, type FloatDtype } from '../models/safetensors-floats.ts';
import { dtypeBytes } from '../models/safetensors-header.ts';
import { arrayFault as fault } from './array-file.ts';
import type { ByteSource } from './byte-source.ts';
import { createLayerRows, type LayerRows } from './layer-rows.ts';
import { decodeNpyIds, npyIdBytes } from './npy-ids.ts';

/** An array in NumPy's file format whose header has been checked against the file's size. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** The array as rows of floats: `<f4`, `<f8` (rounded) or `<f2`, one or two dimensions, C or Fortran order. */
  rows(): LayerRows;
  /** The array as example ids: one dimension of `<U`, `|S` or whole numbers. */
  ids(): Promise<readonly string[]>;
}

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

const floatDtypes: Readonly<Record<string, FloatDtype>> = { '<f4': 'F32', '<f8': 'F64', '<f2': 'F16' };
const magic = '\u0093NUMPY';
/** Far more than an array without fields needs. */
const largestHeader = 65_535;

/**
 * Opens an array in the format of `numpy.save`, versions 1 to 3: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @param name the array, as errors call it.
 * @throws UserError when the header is damaged, does not fit the size, or the dtype is none of those that can be read.
 */
export async function openNpy(source: ByteSource, name: string): Promise<NpyArray> {
  const { header, dataStart } = await readHeader(source, name);
  const floats = floatDtypes[header.descr];
  const width = floats ? dtypeBytes[floats] : npyIdBytes(header.descr);
  if (width === undefined) throw unreadable(name, header.descr);
  // An empty array first: the product of its other lengths may overflow.
  const bytes = header.shape.includes(0) ? 0 : header.shape.reduce((product, length) => product * length, width);
  const found = source.size - dataStart;
  if (bytes !== found) throw fault(name, `${bytes} bytes long, as its shape (${header.shape}) says`, `${found} bytes`);
  return {
    shape: header.shape,
    rows: () => {
      if (!floats) throw fault(`the dtype of ${name}`, '<f4, <f8 or <f2, to be read as floats', header.descr);
      return rowsOf(source, header, dataStart, floats, name);
    },
    ids: async () => {
      if (floats || header.shape.length !== 1) {
        throw fault(`the ids in ${name}`, 'one dimension of text or whole numbers', describe(header));
      }
      return decodeNpyIds(await source.read(dataStart, bytes), header.descr, header.shape[0] as number, name);
    },
  };
}

async function readHeader(source: ByteSource, name: string): Promise<{ header: Header; dataStart: number }> {
  const start = await source.read(0, Math.min(12, source.size));
  const version = start[6];
  const isNpy = start.length >= 10 && String.fromCharCode(...start.subarray(0, 6)) === magic;
  if (!isNpy) throw fault(name, 'an array written by numpy.save', `${source.size} bytes without its signature`);
  if (version === undefined || version < 1 || version > 3) throw fault(`the version of ${name}`, '1, 2 or 3', version);
  if (version > 1 && start.length < 12) throw fault(name, 'at least 12 bytes long', `${start.length} bytes`);
  const view = new DataView(start.buffer);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const headerStart = version === 1 ? 10 : 12;
  const room = Math.min(source.size - headerStart, largestHeader);
  if (length > room) throw fault(`the header length of ${name}`, `at most ${room} bytes`, `${length} bytes`);
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(await source.read(headerStart, length));
  return { header: parseHeader(text, name), dataStart: headerStart + length };
}

/** The header is a Python dictionary of three entries; only what NumPy writes for plain arrays is taken. */
function parseHeader(text: string, name: string): Header {
  const descr = /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/.exec(text)?.[1];
  const fortran = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]\s*:\s*\(((?:\s*\d{1,16}L?\s*,)*(?:\s*\d{1,16}L?)?\s*)\)/.exec(text)?.[1];
  if (/['"]descr['"]\s*:\s*\[/.test(text)) throw unreadable(name, 'one with fields');
  if (descr === undefined || fortran === undefined || shape === undefined) {
    throw fault(`the header of ${name}`, 'descr, fortran_order and shape', text);
  }
  const lengths = shape.split(',').filter((part) => part.trim() !== '');
  return { descr, fortran: fortran === 'True', shape: lengths.map((part) => Number.parseInt(part, 10)) };
}

function rowsOf(source: ByteSource, header: Header, dataStart: number, dtype: FloatDtype, name: string): LayerRows {
  const [rows, columns = 1, ...more] = header.shape;
  if (rows === undefined || more.length > 0) throw fault(name, 'rows of floats in two dimensions', describe(header));
  const width = dtypeBytes[dtype];
  const floats = async (at: number, count: number) => {
    const values = new Float32Array(count);
    decodeFloats(dtype, await source.read(dataStart + at * width, count * width), values);
    return values;
  };
  if (!header.fortran || columns === 1 || rows === 1) {
    return createLayerRows(rows, columns, (start, count) => floats(start * columns, count * columns));
  }
  return createLayerRows(rows, columns, async (start, count) => {
    const values = new Float32Array(count * columns);
    for (let j = 0; j < columns; j++) {
      const column = await floats(j * rows + start, count);
      for (let i = 0; i < count; i++) values[i * columns + j] = column[i] as number;
    }
    return values;
  });
}

function unreadable(name: string, descr: string) {
  const next = "Save it again with numpy, after array.astype('<f4') for activations or array.astype(str) for ids.";
  return fault(`the dtype of ${name}`, 'floats (<f4, <f8, <f2), text or whole numbers', descr, next);
}

function describe({ descr, shape }: Header): string {
  return `${descr} of shape (${shape})`;
}
