import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { categoryOf, type Example } from '../../../src/core/examples.ts';
import { tabular } from '../../../src/settings/tabular/tabular.ts';
import { loadFrom, ownFiles } from '../data-files/files-of-ones-own.ts';

const files = ownFiles();
const columns = { text: 'output', groundTruth: 'really', measurements: ['tests', 'judge'] };

const rows = Array.from({ length: 60 }, (_, i) => ({
  name: `job-${i}`,
  output: `Did task ${i}, as "asked".`,
  tests: i % 3 === 0 ? 'false' : 'true',
  judge: i % 5 === 0 ? null : true,
  really: i % 2,
  clean: i % 4 === 0,
  score: i / 60,
  second: 1 - i / 60,
  steps: i,
  task: `task ${i % 12}`,
  question: `Did it do task ${i}?`,
  no: ' no',
  yes: ' yes',
}));

const load = (options: object, file = '', seed = 0) =>
  loadFrom(tabular, join(files.directory, file), { source: files.directory, columns, ...options }, seed);
const all = (splits: object) => Object.values(splits).flat() as Example[];

describe('tabular', () => {
  it.each(['rows.csv', 'rows.jsonl', 'rows.json', 'rows.parquet'])(
    'reads %s by the columns that are named',
    async (name) => {
      files.write(name, rows);
      const mapped = {
        ...columns,
        ...{ id: 'name', trusted: 'clean', difficulty: 'steps', group: 'task', weakLabel: ['score', 'second'] },
        pair: { prompt: 'question', negative: 'no', positive: 'yes' },
      };
      const { splits, measurementNames, notes } = await load({ columns: mapped }, name);
      expect(measurementNames).toEqual(['tests', 'judge']);
      expect([splits.train.length, splits.test?.length]).toEqual([50, 10]);
      expect(notes.heldOut).toEqual({ test: 'values of task' });
      expect(all(splits).find(({ id }) => id === 'job-20')).toEqual({
        id: 'job-20',
        text: 'Did task 20, as "asked".',
        measurements: [true, null],
        trusted: true,
        groundTruth: false,
        weakLabels: [20 / 60, 1 - 20 / 60],
        difficulty: 20,
        group: 'task 8',
        pairs: [{ prompt: 'Did it do task 20?', negative: ' no', positive: ' yes' }],
      });
      const groups = new Set(splits.train.map(({ group }) => group));
      expect(splits.test?.some(({ group }) => groups.has(group))).toBe(false);
    },
  );

  it('offers what its columns show', () => {
    const offered = (more: object) =>
      tabular.offers?.(tabular.options.parse({ source: 'x', columns: { ...columns, ...more } }));
    expect(offered({})).toEqual(['several-measurements', 'untrusted-examples']);
    expect(offered({ measurements: ['tests'], trusted: 'a', difficulty: 'b' })).toEqual([
      'trusted-subset',
      'untrusted-examples',
      'difficulty-order',
    ]);
    const pair = { prompt: 'a', negative: 'b', positive: 'c' };
    expect(offered({ measurements: [], weakLabel: ['s', 't'], pair })).toEqual([
      'untrusted-examples',
      'contrast-pairs',
      'several-supervisors',
    ]);
  });

  it('takes weak labels for measurements where there are no others', async () => {
    files.write('rows.jsonl', rows);
    const { splits, measurementNames } = await load({
      columns: { text: 'output', groundTruth: 'really', weakLabel: 'score' },
    });
    expect(measurementNames).toEqual(['score']);
    expect(
      all(splits).every(({ weakLabels = [], measurements }) => measurements[0] === (weakLabels[0] as number) > 0.5),
    ).toBe(true);
  });

  it('judges files of their own, one split each', async () => {
    files.write('a/train.csv', rows.slice(0, 40));
    files.write('b/new_tasks.csv', rows.slice(40, 50));
    files.write('b/old-tasks.csv', [...rows.slice(50), ...rows.slice(0, 5), ...rows.slice(50, 52)]);
    const { splits, notes } = await load({ test: { files: ['new_tasks.csv', 'old-tasks'] } });
    expect(Object.entries(splits).map(([split, of]) => [split, of.length])).toEqual([
      ['train', 40],
      ['new-tasks', 10],
      ['old-tasks', 10],
    ]);
    const total = (reason: string) => Object.values(notes.dropped[reason] ?? {}).reduce((a, b) => a + b, 0);
    expect([total('duplicate-of-train'), total('duplicate-in-validation')]).toEqual([5, 2]);
    expect(splits.train.map(({ id }) => id).slice(0, 2)).toEqual(['train-00000', 'train-00001']);
    const one = await load({ train: ['train'], test: { files: ['old-tasks'] } });
    expect(Object.keys(one.splits)).toEqual(['train', 'old-tasks']);
    expect(notes.heldOut).toEqual({});
    const grouped = { columns: { ...columns, group: 'name' }, test: { files: ['new_tasks'] } };
    expect((await load({ ...grouped, train: ['train'] })).notes.heldOut).toEqual({ 'new-tasks': 'values of name' });
    expect((await load({ columns: { ...columns, group: 'task' }, test: grouped.test })).notes.heldOut).toEqual({});
  });

  it('must have ground truth of what is judged, and of training unless told otherwise', async () => {
    const without = rows.map((row, i) => ({ ...row, really: i === 7 ? null : row.really }));
    files.write('train.jsonl', without);
    files.write(
      'test.jsonl',
      rows.map((row) => ({ ...row, output: `Again: ${row.output}` })),
    );
    const test = { files: ['test'] };
    await expect(load({ test })).rejects.toThrow(
      /really in row 8 of train\.jsonl \(train\) to be true or false, got "nothing"/,
    );
    const { splits, notes } = await load({ test, unknownGroundTruth: 'as-measured' });
    expect(splits.train.find(({ text }) => text.includes('task 7,'))?.groundTruth).toBe(true);
    expect(notes.relabelled['ground-truth-as-measured']).toEqual({ 'real-positive': 1 });
    files.write(
      'test.jsonl',
      without.map((row) => ({ ...row, output: `Again: ${row.output}` })),
    );
    const judged = load({ test, unknownGroundTruth: 'as-measured' });
    await expect(judged).rejects.toThrow(/row 8 of test\.jsonl \(test\) .* Judged rows must have ground truth/);
  });

  it.each([
    [{ tests: 'maybe' }, columns, /row 60 of rows\.jsonl to be an example, got tests: expected true or false, 1 or 0/],
    [{ output: '' }, columns, /row 60 of rows\.jsonl .* output: .* It has the columns name, output, tests/],
    [{ score: 1.5 }, { ...columns, weakLabel: 'score' }, /row 60 .* score: /],
    [{ steps: 'many' }, { ...columns, difficulty: 'steps' }, /row 60 .* steps: expected a number/],
    [{}, { ...columns, group: 'family' }, /row 1 .* family: /],
    [{ name: 'job-0' }, { ...columns, id: 'name' }, /the ids to be different for each row, got "job-0"/],
  ])('names the row and the column that is wrong: %j', async (wrong, mapped, message) => {
    files.write('rows.jsonl', [...rows.slice(0, 59), { ...(rows[59] as (typeof rows)[number]), ...wrong }]);
    await expect(load({ columns: mapped })).rejects.toThrow(message);
  });

  it.each([
    [{ columns: { text: 'a', groundTruth: 'b' } }, 'columns.measurements'],
    [{ columns: { text: 'a', groundTruth: 'b', measurements: ['c', 'c'] } }, 'columns.measurements'],
    [{ columns: { text: 'a', groundTruth: 'b', measurements: ['b'] } }, 'columns.groundTruth'],
    [{ columns: { text: 'a', groundTruth: 'b', measurements: ['c'], difficulty: 'b' } }, 'columns.groundTruth'],
    [{ columns: { text: 'a', groundTruth: 'b', measurements: ['c'], trusted: 'b' } }, 'columns.groundTruth'],
    [{ columns: { text: 'a', groundTruth: 'b', measurements: ['c'], id: 'b' } }, 'columns.groundTruth'],
    [{ columns: { text: 'a', measurements: ['c'] } }, 'columns.groundTruth'],
    [{ columns: { ...columns, label: 'x' } }, 'columns'],
    [{ columns, test: { files: ['train.csv'] } }, 'test.files'],
    [{ columns, test: { files: ['a/x.csv', 'b/x.csv'] } }, 'test.files'],
  ])('refuses options that make no dataset: %j', (options, path) => {
    const { error } = tabular.options.safeParse({ source: 'x', ...options });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('depends on the seed alone, and is foreseen', async () => {
    files.write('rows.csv', rows);
    expect(await load({}, 'rows.csv', 1)).toEqual(await load({}, 'rows.csv', 1));
    expect((await load({}, '', 1)).splits).not.toEqual((await load({}, '', 2)).splits);
    const options = tabular.options.parse({ source: files.directory, columns });
    const { splits, notes } = await load({});
    const outlook = await tabular.outlook(options, files.directory);
    expect(outlook).toMatchObject({ train: notes.counts.train, judged: splits.test?.length, judgedSplits: 1 });
    expect(splits.test?.map(categoryOf).length).toBe(12);
    expect(await tabular.sampleTexts(options, files.directory)).toHaveLength(48);
    await expect(load({ test: { files: ['none'] } })).rejects.toThrow(/"none" to be one file/);
    await expect(load({ test: { files: ['rows'] } })).rejects.toThrow(/rows of train to be at least one/);
  });
});
