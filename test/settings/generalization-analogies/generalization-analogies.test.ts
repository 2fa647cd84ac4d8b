import { describe, expect, it } from 'vitest';
import type { ContrastPair, Example } from '../../../src/core/examples.ts';
import { createTrainingView } from '../../../src/core/training-view.ts';
import { generalizationAnalogies } from '../../../src/settings/generalization-analogies/generalization-analogies.ts';
import { loadFrom, ownFiles } from '../data-files/files-of-ones-own.ts';

const files = ownFiles();

const item = (prompt: string, worse = 3) => ({
  prompt: `${prompt}\n### Response:\n`,
  prompt_format: '{instruction}\n### Response:\n',
  responses: Object.fromEntries([
    ...Array.from({ length: worse }, (_, j) => [`bad ${j} of ${prompt}`, 0]),
    [`good of ${prompt}`, 1],
  ]),
});

function writeDistribution(id: string, train: number, test: number) {
  files.write(
    `${id}/train.json`,
    Array.from({ length: train }, (_, i) => item(`${id} train ${i}`)),
  );
  files.write(
    `${id}/test.json`,
    Array.from({ length: test }, (_, i) => item(`${id} test ${i}`)),
  );
  files.write(`${id}/metadata.json`, JSON.stringify({ id, external_datasets: [], overlapping_datasets: [] }));
}

const load = (more: object = {}, seed = 0) =>
  loadFrom(
    generalizationAnalogies,
    files.directory,
    { distributions: files.directory, source: 'easy', target: 'hard', ...more },
    seed,
  );
const pairOf = ({ pairs }: Example) => (pairs as readonly ContrastPair[])[0] as ContrastPair;
const promptsOf = (examples: readonly Example[] = []) => examples.map((example) => pairOf(example).prompt);

describe('generalization-analogies', () => {
  it('trusts the source, masks the reference, and judges every worse response', async () => {
    writeDistribution('easy', 30, 10);
    writeDistribution('hard', 20, 8);
    const { splits, measurementNames, notes } = await load();
    expect(Object.entries(splits).map(([split, of]) => [split, of.length])).toEqual([
      ['train', 50],
      ['target', 24],
      ['source', 30],
    ]);
    expect(measurementNames).toEqual(['preferred']);
    expect(notes.heldOut).toEqual({});
    expect(new Set(promptsOf(splits.train)).size).toBe(50);
    expect(new Set(promptsOf(splits.target)).size).toBe(8);
    expect(new Set(splits.target?.map(({ pairs }) => JSON.stringify(pairs))).size).toBe(24);
    for (const [split, examples] of Object.entries(splits)) {
      for (const example of examples) {
        const { text, groundTruth, trusted, measurements, kind } = example;
        const { prompt, negative, positive } = pairOf(example);
        expect(text).toBe(prompt + positive);
        expect([positive.startsWith('good'), negative.startsWith('good')]).toEqual([groundTruth, !groundTruth]);
        expect(trusted).toBe(split === 'train' && kind === 'easy');
        expect(measurements).toEqual([trusted ? groundTruth : null]);
      }
    }
    const better = splits.target?.filter(({ groundTruth }) => groundTruth).length as number;
    expect(better).toBeGreaterThan(5);
    expect(better).toBeLessThan(19);
    const view = createTrainingView(splits.train, measurementNames, { groundTruth: false });
    expect(JSON.stringify(view)).not.toContain('groundTruth');
  });

  it('takes another reference than the target, or none but the source', async () => {
    for (const id of ['easy', 'hard', 'other']) writeDistribution(id, 10, 4);
    const other = await load({ reference: 'other' });
    expect(new Set(other.splits.train.map(({ kind }) => kind))).toEqual(new Set(['easy', 'other']));
    expect(other.notes.heldOut).toEqual({ target: 'distributions' });
    const same = await load({ target: 'easy' });
    expect([same.splits.train.length, Object.keys(same.splits).join()]).toEqual([10, 'train,target']);
    expect(await load({}, 4)).toEqual(await load({}, 4));
    expect((await load({}, 4)).splits).not.toEqual((await load({}, 5)).splits);
  });

  it('reports prompts of training that are judged too', async () => {
    writeDistribution('easy', 10, 4);
    writeDistribution('hard', 10, 4);
    files.write('hard/test.json', [item('easy train 3'), item('hard train 1'), item('hard train 1'), item('new')]);
    const { splits, notes } = await load();
    expect(splits.target).toHaveLength(3);
    expect(notes.dropped['duplicate-of-train']).toEqual({ 'all-negative': 3 });
  });

  it.each([
    [
      [item('a'), { ...item('b'), responses: { x: 1, y: 1 } }],
      /at 1 of .*test\.json .* responses: expected one .*got 2/,
    ],
    [[item('a'), { ...item('b'), responses: { x: 0, y: 0 } }], /at 1 of .*test\.json .* got 0/],
    [[{ ...item('a'), responses: { x: 1 } }], /at 0 of .*test\.json .* expected a response of value 0, got none/],
    [[{ ...item('a'), responses: { x: 1, y: 0.5 } }], /at 0 of .* responses\.y: expected 1 for the best/],
    [[{ responses: { x: 1, y: 0 } }], /at 0 of .* prompt: /],
    [[item('a'), item('b'), item('c', 2)], /the item at 2 of .*test\.json to be one with 4 responses, .* got 3/],
    [[], /test\.json to be an array of items/],
  ])('names the file and the index of what is wrong: %#', async (items, message) => {
    writeDistribution('easy', 4, 2);
    writeDistribution('hard', 4, 2);
    files.write('hard/test.json', items);
    await expect(load()).rejects.toThrow(message);
  });

  it('names what is not there or no JSON, and wants its files only', async () => {
    writeDistribution('easy', 4, 2);
    await expect(load()).rejects.toThrow(/hard.train\.json to be a file of a distribution, got "nothing"/);
    writeDistribution('hard', 4, 2);
    files.write('hard/train.json', '[{');
    await expect(load()).rejects.toThrow(/train\.json to be readable as JSON/);
    const options = generalizationAnalogies.options.parse({ distributions: 'x', source: 'a', target: 'b' });
    const wants = generalizationAnalogies.files?.(options, 0)?.wants;
    expect(['a/train.json', 'distributions/b/test.json'].map((path) => wants?.(path))).toEqual([true, true]);
    expect(['c/train.json', 'a/extra.json', 'train.json'].some((path) => wants?.(path))).toBe(false);
  });
});
