import { expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ownFiles } from '../settings/data-files/files-of-ones-own.ts';
import { damages, scanBytes, wholeParquet } from './damage-parquet.ts';

const files = ownFiles();

it('Parquet with damaged bytes is read or refused', async () => {
  expect(await scanBytes(files.directory, wholeParquet())).toBe(60);
  let refused = 0;
  for (const bytes of damages(15)) {
    const got = await scanBytes(files.directory, bytes);
    if (got instanceof UserError) refused++;
    else expect(got).toBeLessThanOrEqual(60);
  }
  expect(refused).toBeGreaterThan(2);
}, 60_000);

it('Parquet cut short is refused', async () => {
  const whole = wholeParquet();
  for (const share of [0, 0.5, 0.99]) {
    const got = await scanBytes(files.directory, whole.slice(0, Math.floor(whole.length * share)));
    expect(got).toBeInstanceOf(UserError);
  }
});
