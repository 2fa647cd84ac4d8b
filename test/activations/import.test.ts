import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImportOptions, importActivations } from '../../src/activations/import-activations.ts';
import { readMatrix } from '../../src/activations/layer-rows.ts';
import { UserError } from '../../src/core/errors.ts';
import { encodeSafetensors } from '../../src/models/safetensors.ts';
import type { RowSource } from '../../src/solvers/row-source.ts';

let directory: string;
const at = (name: string) => join(directory, name);
const golden = join(import.meta.dirname, '../golden/activations');
const ids = ['a', 'b', 'c', 'd', 'e'];
const values = Array.from({ length: 15 }, (_, k) => k / 4 - 1);
const rowValues = (...rows: number[]) => rows.flatMap((row) => values.slice(row * 3, row * 3 + 3));

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'touchstone-import-'));
  const lists = ids.map((_, row) => rowValues(row));
  const columnData = [
    { name: 'id', data: ids },
    { name: 'number', data: Int32Array.of(10, 20, 30, 40, 50) },
    { name: 'vector', data: lists },
    { name: 'ragged', data: lists.map((list, row) => (row === 3 ? [1, 2] : list)) },
    { name: 'x', data: Float32Array.from(lists, (list) => list[0] as number) },
    { name: 'y', data: Float64Array.from(lists, (list) => list[1] as number) },
  ];
  const list = (name: string) => [
    { name, repetition_type: 'OPTIONAL' as const, num_children: 1, converted_type: 'LIST' as const },
    { name: 'list', repetition_type: 'REPEATED' as const, num_children: 1 },
    { name: 'element', type: 'FLOAT' as const, repetition_type: 'OPTIONAL' as const },
  ];
  const schema = [
    { name: 'root', num_children: 6 },
    { name: 'id', type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const, repetition_type: 'REQUIRED' as const },
    { name: 'number', type: 'INT32' as const, repetition_type: 'REQUIRED' as const },
    ...list('vector'),
    ...list('ragged'),
    { name: 'x', type: 'FLOAT' as const, repetition_type: 'REQUIRED' as const },
    { name: 'y', type: 'DOUBLE' as const, repetition_type: 'REQUIRED' as const },
  ];
  parquetWriteFile({ filename: at('a.parquet'), columnData, schema, rowGroupSize: 2 });
  const data = Float32Array.from(values);
  const tensors = new Map([
    ['w', { shape: [5, 3], data }],
    ['cube', { shape: [5, 3, 1], data }],
    ['bad', { shape: [5, 3], data: data.map((value, k) => (k === 7 ? Number.NaN : value)) }],
  ]);
  await writeFile(at('a.safetensors'), encodeSafetensors({ tensors, metadata: {} }));
  await writeFile(at('ids.jsonl'), ids.map((id, row) => `${JSON.stringify({ id, row })}\n`).join(''));
  await writeFile(at('ids.csv'), `\ufefftext,id\r\n${ids.map((id) => `"a ""quoted"", text\n",${id}\r\n`).join('')}`);
  await writeFile(at('ids.tsv'), `id\ttext\n${ids.map((id) => `${id}\tx\n`).join('')}`);
  await writeFile(at('ids.txt'), ids.join('\n'));
  await copyFile(join(golden, 'f4.npy'), at('f4.npy'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function imported(options: Omit<ImportOptions, 'layers'>, name: string, array?: string | string[]) {
  const layers = new Map([[4, array === undefined ? { path: at(name) } : { path: at(name), name: array }]]);
  return await importActivations({ layers, ...options });
}

describe('imported activations', () => {
  it.each([
    ['a column of lists', 'a.parquet', 'vector', [0, 1, 2]],
    ['several columns', 'a.parquet', ['x', 'y'], [0, 1]],
    ['a tensor', 'a.safetensors', 'w', [0, 1, 2]],
  ])('from %s are read in order, by example, and as a row source', async (_, file, name, columns) => {
    const activations = await imported({ ids }, file, name);
    const cut = (rows: number[]) => rows.flatMap((row) => columns.map((j) => values[row * 3 + j]));
    const source: RowSource = activations.layer(4);
    expect([source.rows, source.columns]).toEqual([5, columns.length]);
    for (let pass = 0; pass < 2; pass++) {
      const seen: number[] = [];
      for await (const chunk of source.chunks()) seen.push(...chunk);
      expect(seen).toEqual(cut([0, 1, 2, 3, 4]));
    }
    expect([...(await readMatrix(activations.examples(4, ['d', 'a']))).data]).toEqual(cut([3, 0]));
    await activations.close();
  });

  it.each([
    ['ids.jsonl', undefined, ids],
    ['ids.csv', undefined, ids],
    ['ids.tsv', undefined, ids],
    ['ids.txt', undefined, ids],
    ['a.parquet', undefined, ids],
    ['a.parquet', 'number', ['10', '20', '30', '40', '50']],
    ['ids.jsonl', 'row', ['0', '1', '2', '3', '4']],
  ])('take their ids from %s (%s)', async (file, name, wanted) => {
    const place = { path: at(file), ...(name !== undefined && { name }) };
    const activations = await imported({ ids: place }, 'a.safetensors', 'w');
    expect(activations.ids).toEqual(wanted);
    await activations.close();
  });

  it('count and name the ids that do not match', async () => {
    const activations = await imported({ ids: ['a', 'b', 'b', 'd', 'e'] }, 'a.safetensors', 'w');
    const examples = () => activations.examples(4, ['a', 'b', 'q', 'r', 'a']);
    expect(examples).toThrow(UserError);
    expect(examples).toThrow(/2 missing \("q", "r"\); 1 in several rows \("b"\); 1 asked for more than once \("a"\)/);
    expect(examples).toThrow(/a\.safetensors/);
    await activations.close();
  });

  it('name the row, example and column that is not finite', async () => {
    const activations = await imported({ ids }, 'a.safetensors', 'bad');
    await expect(readMatrix(activations.layer(4))).rejects.toThrow(/row 2 \(example "c"\), column 1 .*finite.*NaN/);
    expect(await activations.layer(4).read(0, 2)).toHaveLength(6);
    await activations.close();
  });

  it.each([
    ['too few ids', () => imported({ ids: ['a'] }, 'a.safetensors', 'w'), /layer 4 .*1 rows.*5 rows/],
    ['several arrays and no name', () => imported({ ids }, 'a.safetensors'), /one, got "w, cube, bad"/],
    ['a name that is not there', () => imported({ ids }, 'a.safetensors', 'v'), /with "v", got w, cube, bad/],
    ['a column that is not there', () => imported({ ids }, 'a.parquet', 'v'), /with "v", got id, number, vector/],
    ['three dimensions', () => imported({ ids }, 'a.safetensors', 'cube'), /"cube".*two dimensions/],
    ['text for floats', () => imported({ ids }, 'a.parquet', 'id'), /row 0 of "id".*floats, got "a"/],
    ['another format', () => imported({ ids }, 'a.pt'), /\.npy, \.npz, \.safetensors, \.parquet.*a\.pt/],
    ['no file', () => imported({ ids }, 'absent.npy'), /absent\.npy.*readable/],
    ['no key in JSONL', () => imported({ ids: { path: at('ids.jsonl'), name: 'z' } }, 'f4.npy'), /row 0.*"z".*text/],
    ['no column in CSV', () => imported({ ids: { path: at('ids.csv'), name: 'z' } }, 'f4.npy'), /ids\.csv.*"z".*text/],
    ['ids in floats', () => imported({ ids: { path: at('f4.npy') } }, 'f4.npy'), /ids in .*f4\.npy.*<f4/],
  ])('are refused with %s', async (_, open, message) => {
    await expect(open()).rejects.toThrow(UserError);
    await expect(open()).rejects.toThrow(message);
  });

  it('name the row whose list has another length', async () => {
    const activations = await imported({ ids }, 'a.parquet', 'ragged');
    await expect(readMatrix(activations.layer(4))).rejects.toThrow(/row 3 of "ragged".*3 floats.*2/);
    await activations.close();
  });
});
