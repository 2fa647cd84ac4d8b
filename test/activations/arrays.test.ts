import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importActivations } from '../../src/activations/import-activations.ts';
import { readMatrix } from '../../src/activations/layer-rows.ts';
import { openArrayFile } from '../../src/activations/open-array-file.ts';
import { readIds } from '../../src/activations/read-ids.ts';
import { UserError } from '../../src/core/errors.ts';
import { openSafetensors } from '../../src/models/safetensors-file.ts';

const folder = join(import.meta.dirname, '../golden/activations');
const at = (name: string) => join(folder, name);
/** Written by test/golden/scripts/activations_fixtures.py with the versions that it names. */
const golden = JSON.parse(await readFile(at('activations.golden.json'), 'utf8')) as {
  arrays: Record<string, { shape: number[]; values: number[] }>;
  refused: string[];
  ids: Record<string, string[]>;
  npz: Record<string, number[]>;
  safetensors: Record<string, number[]>;
};

describe('arrays of numpy', () => {
  it.each(Object.entries(golden.arrays))('%s.npy has its values', async (name, { shape, values }) => {
    const file = await openArrayFile(at(`${name}.npy`));
    const rows = await file.rows(file.names);
    expect([rows.rows, rows.columns]).toEqual([shape[0], shape[1] ?? 1]);
    expect([...(await readMatrix(rows)).data]).toEqual(values);
    if (rows.rows > 3) {
      const middle = values.slice(rows.columns, 3 * rows.columns);
      expect([...(await rows.read(1, 2))]).toEqual(middle);
    }
    await file.close();
  });

  it.each(Object.entries(golden.ids))('%s.npy has its ids', async (name, ids) => {
    expect(await readIds({ path: at(`${name}.npy`) })).toEqual(ids);
  });

  it.each(golden.refused)('%s.npy is refused with what to do', async (name) => {
    const open = async () => {
      const file = await openArrayFile(at(`${name}.npy`));
      await file.rows(['']).finally(() => file.close());
    };
    await expect(open()).rejects.toThrow(UserError);
    await expect(open()).rejects.toThrow(new RegExp(`${name}\\.npy`));
  });

  it.each(['stored', 'deflated'])('%s.npz has its layers, keyed by its ids', async (name) => {
    const path = at(`${name}.npz`);
    const layers = new Map([
      [0, { path, name: 'layer_0' }],
      [6, { path, name: 'layer_6' }],
    ]);
    const imported = await importActivations({ layers, ids: { path } });
    expect(imported.ids).toEqual(golden.ids['ids-unicode']);
    for (const layer of [0, 6]) {
      const values = golden.npz[`layer_${layer}`] as number[];
      expect([...(await readMatrix(imported.layer(layer))).data]).toEqual(values);
      const picked = await readMatrix(imported.examples(layer, ['e-5', 'bé']));
      expect([...picked.data]).toEqual([...values.slice(12, 15), ...values.slice(3, 6)]);
    }
    await imported.close();
  });
});

describe('tensors of torch', () => {
  it.each(Object.entries(golden.safetensors))('%s has its values', async (name, values) => {
    const file = await openSafetensors(at('torch.safetensors'));
    expect([...(await file.readFloats(name))]).toEqual(values);
    await file.close();
  });
});
