import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { amazonPolarity } from '../../../src/settings/amazon-polarity/amazon-polarity.ts';
import { quirkyHub } from '../../../src/settings/quirky-hub/quirky-hub.ts';
import { sciq } from '../../../src/settings/sciq/sciq.ts';
import { tabular } from '../../../src/settings/tabular/tabular.ts';
import { loadFrom } from './files-of-ones-own.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/published-texts/${name}`, import.meta.url));

/** test/golden/scripts/published_texts.py made them. */
describe('files that the datasets library wrote', () => {
  it('sciq', async () => {
    const { splits, supervisorExamples = [] } = await loadFrom(sciq, fixture('sciq'));
    expect([supervisorExamples.length, splits.train.length, splits.test?.length]).toEqual([20, 20, 12]);
    expect(splits.test?.every(({ text, groundTruth }) => text.includes('A: right test') === groundTruth)).toBe(true);
  });

  it('amazon_polarity: labels of a class, two training files', async () => {
    const { splits, supervisorExamples = [] } = await loadFrom(amazonPolarity, fixture('amazon-polarity'));
    expect([supervisorExamples.length, splits.train.length, splits.test?.length]).toEqual([24, 24, 8]);
    for (const { text, groundTruth } of splits.test ?? []) expect(Number(text.at(-1)) % 2 === 1).toBe(groundTruth);
  });

  it('a quirky dataset: lists and 64-bit numbers', async () => {
    const { splits } = await loadFrom(quirkyHub, fixture('quirky'));
    const sizes = Object.entries(splits).map(([split, of]) => [split, of.length]);
    expect(Object.fromEntries(sizes)).toEqual({ train: 48, bob: 16, 'bob-hard': 4, 'bob-easy': 4, disagreement: 9 });
    const example = splits.bob?.find(({ text }) => text.includes('Statement 204 '));
    expect(example).toMatchObject({ measurements: [true], groundTruth: true, trusted: false, difficulty: 4.5 / 16 });
  });

  it('the same file as a table of one’s own', async () => {
    const columns = { text: 'statement', groundTruth: 'alice_label', measurements: ['label'], group: 'id' };
    const { splits } = await loadFrom(tabular, `${fixture('quirky')}/data/train-00000-of-00001.parquet`, {
      source: 'there',
      columns,
    });
    expect(splits.train.length + (splits.test?.length ?? 0)).toBe(48);
  });
});
