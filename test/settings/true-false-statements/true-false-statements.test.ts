import { describe, expect, it } from 'vitest';
import { pairTexts } from '../../../src/core/contrast-pairs.ts';
import type { ContrastPair, Example } from '../../../src/core/examples.ts';
import { trueFalseStatements } from '../../../src/settings/true-false-statements/true-false-statements.ts';
import { loadFrom, ownFiles } from '../data-files/files-of-ones-own.ts';

const files = ownFiles();
const cities = Array.from({ length: 40 }, (_, i) => ({ city: `City ${i % 20}`, label: i < 20 ? 1 : 0 }));

function writeDatasets() {
  const statement = (verb: string) => (row: (typeof cities)[number]) => ({
    statement: `${row.city} ${verb} in Land ${row.label}.`,
    label: verb === 'is' ? row.label : 1 - row.label,
    city: row.city,
  });
  files.write('datasets/cities.csv', cities.map(statement('is')));
  files.write('datasets/neg_cities.csv', cities.map(statement('is not')));
  files.write('datasets/sp_en_trans.csv', [
    { statement: 'The Spanish word ‘sí’ means ‘yes’.', label: 'True' },
    { statement: 'The Spanish word ‘sí’ means ‘no’.', label: 'False' },
    { statement: 'City 1 is in Land 1.', label: 1 },
  ]);
}

const options = (directory: string, more: object = {}) => ({ source: directory, ...more });
const load = (more: object = {}, seed = 0) =>
  loadFrom(trueFalseStatements, files.directory, options(files.directory, more), seed);

describe('true-false-statements', () => {
  it('asks of each statement whether it is true', async () => {
    writeDatasets();
    const { splits, supervisorExamples = [], measurementNames } = await load();
    expect(Object.keys(splits)).toEqual(['train', 'test']);
    expect([supervisorExamples.length, splits.train.length, splits.test?.length]).toEqual([32, 32, 16]);
    expect(measurementNames).toEqual([]);
    const all = [...supervisorExamples, ...splits.train, ...(splits.test ?? [])];
    expect(new Set(all.map(({ text }) => text)).size).toBe(80);
    for (const example of all) {
      const isRight = /is in Land 1|is not in Land 0/.test(example.text);
      expect(example).toMatchObject({ groundTruth: isRight, trusted: false, measurements: [] });
      const { negative, positive } = pairTexts((example.pairs as ContrastPair[])[0] as ContrastPair);
      expect([negative, positive]).toEqual([
        `${example.text} This statement is: FALSE`,
        `${example.text} This statement is: TRUE`,
      ]);
    }
  });

  it('judges other files in splits of their own, less what is in training', async () => {
    writeDatasets();
    const { splits, notes } = await load({ test: ['sp_en_trans'], testShare: 0 });
    expect(Object.keys(splits)).toEqual(['train', 'sp-en-trans']);
    expect(notes.heldOut).toEqual({ 'sp-en-trans': 'statement files' });
    const known = splits.train.some(({ text }) => text === 'City 1 is in Land 1.');
    expect(splits['sp-en-trans']).toHaveLength(known ? 2 : 3);
    const truths = splits['sp-en-trans']?.filter(({ text }) => text.includes('sí')) as Example[];
    expect(truths.map(({ text, groundTruth }) => text.endsWith('‘yes’.') === groundTruth)).toEqual([true, true]);
  });

  it('keeps groups together, over files too', async () => {
    writeDatasets();
    const { splits, supervisorExamples = [], notes } = await load({ groupBy: 'city', testShare: 0.3 });
    const partsOf = new Map<string | undefined, Set<number>>();
    for (const [part, examples] of [supervisorExamples, splits.train, splits.test ?? []].entries()) {
      for (const { group } of examples) partsOf.set(group, (partsOf.get(group) ?? new Set()).add(part));
    }
    expect([...partsOf.values()].map(({ size }) => size)).toEqual(Array.from({ length: 20 }, () => 1));
    expect(partsOf.has('city: City 1')).toBe(true);
    expect(notes.heldOut).toEqual({ test: 'values of city' });
  });

  it('judges files without the column to group by, whose statements have no group', async () => {
    writeDatasets();
    const { splits, notes } = await load({ groupBy: 'city', test: ['sp_en_trans'] });
    expect(Object.keys(splits)).toEqual(['train', 'sp-en-trans', 'test']);
    expect(splits['sp-en-trans']?.some((example) => 'group' in example)).toBe(false);
    expect(notes.heldOut).toEqual({ 'sp-en-trans': 'statement files', test: 'values of city' });
  });

  it('refuses labels that are neither true nor false, files that are not there, and options that leave nothing', async () => {
    writeDatasets();
    files.write('datasets/common_claim.csv', [{ statement: 'It may rain.', label: 'Neither' }]);
    await expect(load({ train: ['common_claim'] })).rejects.toThrow(
      /row 1 of common_claim\.csv .* label: expected true/,
    );
    await expect(load({ train: ['counterfact'] })).rejects.toThrow(/"counterfact" to be one file of/);
    await expect(load({ groupBy: 'country' })).rejects.toThrow(/row 1 of cities\.csv .* country: /);
    const problems = (more: object) =>
      trueFalseStatements.options.safeParse({ source: 'x', ...more }).error?.issues.length;
    expect(problems({ testShare: 0 })).toBe(1);
    expect(problems({ test: ['a/cities', 'b/cities'] })).toBe(1);
    expect(trueFalseStatements.options.safeParse({}).success).toBe(false);
  });

  it('depends on the seed alone, and wants its files only', async () => {
    writeDatasets();
    expect(await load({}, 1)).toEqual(await load({}, 1));
    expect((await load({}, 1)).splits).not.toEqual((await load({}, 2)).splits);
    const chosen = trueFalseStatements.options.parse(options(files.directory));
    const wants = trueFalseStatements.files?.(chosen, 0)?.wants;
    expect([wants?.('datasets/neg_cities.csv'), wants?.('datasets/likely.csv')]).toEqual([true, false]);
    expect(await trueFalseStatements.outlook(chosen, files.directory)).toMatchObject({ judged: 16, judgedSplits: 1 });
  });
});
