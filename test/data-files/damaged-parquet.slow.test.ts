import { expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ownFiles } from '../settings/data-files/files-of-ones-own.ts';
import { damages, scanBytes } from './damage-parquet.ts';

const files = ownFiles();

it('Parquet whose damage keeps the library busy for ever is given up', async () => {
  // The 560th of these damages sends its decoder into a run of two thousand million values.
  const endless = [...damages(560)].at(-1) as Uint8Array;
  const got = await scanBytes(files.directory, endless);
  expect(got).toBeInstanceOf(UserError);
}, 120_000);

it('however Parquet is damaged, reading ends', async () => {
  for (const bytes of damages(400)) await scanBytes(files.directory, bytes);
}, 300_000);
