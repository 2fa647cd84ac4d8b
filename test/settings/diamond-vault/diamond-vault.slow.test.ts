import { expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { loadSmall } from './support.ts';

it('gives up on a share that its actions cannot reach, naming it', async () => {
  // With one template held out, no program can use three.
  const loading = loadSmall({ heldOutShare: 0.01, trainExamples: 50, validationExamples: 20 });
  await expect(loading).rejects.toThrow(/Expected the shares of validation-held-out-only.*fake-positive/);
  await expect(loading).rejects.toBeInstanceOf(UserError);
});

it('gives the same 3,000 examples with one thread and with two, for each of three seeds', async () => {
  for (const seed of [0, 1, 2]) {
    const [one, two] = [await big(seed, 1), await big(seed, 2)];
    expect(two).toBe(one);
  }
}, 300_000);

async function big(seed: number, threads: number): Promise<string> {
  return JSON.stringify(await loadSmall({ trainExamples: 2_000, validationExamples: 400 }, { seed, threads }));
}
