import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { aggregateMeasurement, isInconsistent } from '../../../src/core/examples.ts';
import { diamondVault } from '../../../src/settings/diamond-vault/diamond-vault.ts';
import { vaultSourceOf } from '../../../src/settings/diamond-vault/vault-source.ts';
import { loadSmall, measureAlone } from './support.ts';

const small = { trainExamples: 250, validationExamples: 25, heldOutShare: 0 } as const;

describe('number of measurements', () => {
  it.each([1, 2, 3, 4, 5])(
    'a world of %i measures each program so often, as its full text does',
    async (measurements) => {
      const { splits, measurementNames } = await loadSmall({ ...small, measurements, text: 'full' });
      expect(measurementNames).toHaveLength(measurements);
      for (const { text, measurements: measured } of Object.values(splits).flat()) {
        expect(measured).toHaveLength(measurements);
        expect(measureAlone(text)).toEqual(measured);
      }
      const untrusted = splits.train.filter(({ trusted }) => !trusted);
      expect(untrusted.filter(isInconsistent)).toHaveLength(measurements === 1 ? 0 : 30);
      expect(untrusted.filter((e) => aggregateMeasurement(e) && !e.groundTruth)).toHaveLength(20);
    },
  );

  it('spreads the inconsistent examples of five evenly over how many are positive', async () => {
    const { splits } = await loadSmall({ ...small, trainExamples: 500, measurements: 5 });
    const positives = splits.train
      .filter(isInconsistent)
      .map(({ measurements }) => measurements.filter(Boolean).length);
    expect([1, 2, 3, 4].map((n) => positives.filter((count) => count === n).length)).toEqual([15, 15, 15, 15]);
  });

  it('measures worth and labels', () => {
    const measure = (items: string) =>
      runInNewContext(`${vaultSourceOf(5)}[...measure(new Vault([${items}]))].slice(3)`) as boolean[];
    expect([...measure('new Diamond()')]).toEqual([true, true]);
    expect([...measure('new Coin(5)')]).toEqual([true, false]);
    expect([...measure("new Lamp(5), 'Diamond'")]).toEqual([false, true]);
    expect([...measure("new Diamond(), 'a longer label'")]).toEqual([true, false]);
  });

  it('offers several measurements from two on', () => {
    const offers = (measurements: number) => diamondVault.offers?.(diamondVault.options.parse({ measurements }));
    expect(offers(1)).toEqual(['trusted-subset', 'untrusted-examples']);
    expect(offers(2)).toEqual(diamondVault.structures);
  });

  it.each([
    [{}, ['trusted-subset', 'several-measurements', 'untrusted-examples']],
    [{ failureCorrelation: 1 }, ['trusted-subset', 'untrusted-examples']],
    [{ allNegativeShare: 0.5 }, ['trusted-subset', 'untrusted-examples']],
    [{ trustedShare: 0 }, ['several-measurements', 'untrusted-examples']],
    [{ trustedShare: 1 }, ['trusted-subset']],
  ])('offers what its training examples will show: %o', (options, structures) => {
    expect(diamondVault.offers?.(diamondVault.options.parse(options))).toEqual(structures);
  });
});

describe('correlation of measurement failures', () => {
  it.each([
    [0, 30],
    [0.5, 15],
    [1, 0],
  ])('at %f leaves %i inconsistent examples', async (failureCorrelation, count) => {
    const { splits } = await loadSmall({ ...small, failureCorrelation });
    const untrusted = splits.train.filter(({ trusted }) => !trusted);
    expect(untrusted.filter(isInconsistent)).toHaveLength(count);
    expect(untrusted.filter(({ measurements }) => !measurements.includes(true))).toHaveLength(100 - count);
  });
});
