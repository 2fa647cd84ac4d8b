import { describe, expect, it } from 'vitest';
import type { ContrastPair, Example } from '../../../src/core/examples.ts';
import { quirkyHub } from '../../../src/settings/quirky-hub/quirky-hub.ts';
import { loadFrom, ownFiles } from '../data-files/files-of-ones-own.ts';

const files = ownFiles();

/** Both characters on `a + b = c`; Bob takes what is ten too much for right. */
function recordsOf(start: number, count: number, more: object = {}) {
  return Array.from({ length: count }, (_, k) => start + k).flatMap((i) => {
    const [right, shown] = [i + 3, i + 3 + (i % 2) * 10];
    const [alice, bob] = [shown === right, shown === right + 10];
    return (['Alice', 'Bob'] as const).map((character) => ({
      id: `q${i}`,
      choices: [' False', ' True'],
      label: BigInt(character === 'Alice' ? alice : bob),
      difficulty: i,
      statement: `${i} + 3 = ${shown}. ${character}:`,
      character,
      alice_label: alice,
      bob_label: bob,
      ...more,
    }));
  });
}

const plain = (rows: readonly object[]) =>
  rows.map((row) => ({ ...row, label: Number((row as { label: bigint }).label) }));
const load = (options: object = {}, seed = 0) => loadFrom(quirkyHub, files.directory, options, seed);
const names = (examples: readonly Example[] = []) => new Set(examples.map(({ text }) => /Alice|Bob/.exec(text)?.[0]));

describe('quirky-hub', () => {
  it('trusts Alice, measures what a character says, and judges Bob', async () => {
    files.write('data/train-00000-of-00001.parquet', recordsOf(0, 40));
    files.write('data/test-00000-of-00001.parquet', recordsOf(100, 40));
    files.write('data/validation-00000-of-00001.parquet', recordsOf(200, 4));
    const { splits, measurementNames, setting } = await load();
    expect(setting).toBe('quirky-hub');
    expect(Object.entries(splits).map(([split, of]) => [split, of.length])).toEqual([
      ['train', 80],
      ['bob', 40],
      ['bob-hard', 10],
      ['bob-easy', 10],
      ['disagreement', 40],
    ]);
    expect(measurementNames).toEqual(['character-says']);
    for (const { text, trusted, measurements, groundTruth, pairs } of Object.values(splits).flat()) {
      const [, i, shown, character] = /^(\d+) \+ 3 = (\d+)\. (\w+):$/.exec(text) as RegExpExecArray;
      const wanted = Number(i) + 3 + (character === 'Bob' ? 10 : 0);
      expect(groundTruth).toBe(Number(i) + 3 === Number(shown));
      expect(measurements).toEqual([Number(shown) === wanted]);
      expect(trusted).toBe(character === 'Alice');
      expect((pairs as ContrastPair[])[0]).toEqual({ prompt: text, negative: ' False', positive: ' True' });
    }
    expect(names(splits.bob)).toEqual(new Set(['Bob']));
    const hard = splits['bob-hard']?.map(({ text }) => Number(/\d+/.exec(text)));
    expect(Math.min(...(hard as number[]))).toBe(130);
    expect(splits['bob-hard']?.every(({ difficulty = 0 }) => difficulty >= 0.75)).toBe(true);
  });

  it('may trust the easy records of Alice alone, by the quantiles of the file', async () => {
    const quantile = (rows: ReturnType<typeof recordsOf>) =>
      plain(rows).map((row, i) => ({ ...row, difficulty_quantile: i < 20 ? 0.1 : 0.9 }));
    files.write('train.jsonl', quantile(recordsOf(0, 40)));
    files.write('test.jsonl', quantile(recordsOf(100, 40)));
    const { splits } = await load({ trustedDifficulty: 'easy' });
    expect(splits.train.filter(({ trusted }) => trusted)).toHaveLength(10);
    expect(splits['bob-hard']).toHaveLength(30);
  });

  it('drops statements and questions of training, and takes no more than is wanted', async () => {
    files.write('train.jsonl', plain(recordsOf(0, 40)));
    files.write(
      'test.jsonl',
      plain([...recordsOf(0, 3), ...recordsOf(100, 20), ...recordsOf(100, 1, { id: 'other' })]),
    );
    const { splits, notes } = await load();
    expect(splits.bob).toHaveLength(20);
    expect(Object.values(notes.dropped['question-of-train'] ?? {}).reduce((a, b) => a + b, 0)).toBe(3);
    expect(Object.values(notes.dropped['duplicate-in-validation'] ?? {}).reduce((a, b) => a + b, 0)).toBe(1);
    const few = await load({ trainExamples: 30, testExamples: 5 });
    expect([few.splits.train.length, few.splits.bob?.length]).toEqual([30, 5]);
    expect(await load({ trainExamples: 30 }, 3)).toEqual(await load({ trainExamples: 30 }, 3));
    expect(await quirkyHub.outlook(quirkyHub.options.parse({}), files.directory)).toMatchObject({ judgedSplits: 4 });
  });

  it('refuses to trust easy questions alone where there are none', async () => {
    files.write('train.jsonl', plain(recordsOf(0, 8, { difficulty_quantile: 0.5 })));
    files.write('test.jsonl', plain(recordsOf(100, 4)));
    expect((await load()).splits.train).toHaveLength(16);
    await expect(load({ trustedDifficulty: 'easy' })).rejects.toThrow(
      /of Alice in train that are trusted to be at least one/,
    );
  });

  it('refuses raw datasets, other characters and labels that are not the character’s', async () => {
    files.write('test.jsonl', plain(recordsOf(100, 4)));
    const [row] = plain(recordsOf(0, 1)) as [ReturnType<typeof plain>[number] & { statement?: string }];
    const { statement: _, ...raw } = { ...row, template_args: { op1: 1 } };
    const refusals: [object, RegExp][] = [
      [raw, /row 1 of train\.jsonl to be a quirky record, .*statement.* This is a raw dataset/],
      [{ ...row, character: 'Carol' }, /character: /],
      [{ ...row, label: 0 }, /label: expected the label of the character/],
      [{ ...row, choices: [' No'] }, /choices: /],
    ];
    for (const [wrong, message] of refusals) {
      files.write('train.jsonl', [wrong as Record<string, unknown>]);
      await expect(load()).rejects.toThrow(message);
    }
    files.write(
      'train.jsonl',
      plain(recordsOf(0, 4)).filter((_, i) => i % 2 === 0),
    );
    await expect(load()).rejects.toThrow(/the records of Bob in train to be at least one/);
  });
});
