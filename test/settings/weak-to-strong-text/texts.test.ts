import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pairTexts } from '../../../src/core/contrast-pairs.ts';
import type { ContrastPair, Example } from '../../../src/core/examples.ts';
import type { Dataset } from '../../../src/core/settings.ts';
import { fetchDataset } from '../../../src/hub/fetch-dataset.ts';
import { amazonPolarity } from '../../../src/settings/amazon-polarity/amazon-polarity.ts';
import { anthropicHh } from '../../../src/settings/anthropic-hh/anthropic-hh.ts';
import { boolq } from '../../../src/settings/boolq/boolq.ts';
import { cosmosQa } from '../../../src/settings/cosmos-qa/cosmos-qa.ts';
import { sciq } from '../../../src/settings/sciq/sciq.ts';
import { startHub } from '../../hub/hub-server.ts';
import { loadFrom, ownFiles } from '../data-files/files-of-ones-own.ts';

const files = ownFiles();
const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));

const scienceRow = (i: number | string) => ({
  question: `What is ${i}?`,
  correct_answer: `right ${i}`,
  distractor1: `wrong-a ${i}`,
  distractor2: `wrong-b ${i}`,
  distractor3: `wrong-c ${i}`,
  support: '',
});

function everyExample({ splits, supervisorExamples = [] }: Dataset): Example[] {
  return [...supervisorExamples, ...Object.values(splits).flat()];
}

const pairOf = ({ pairs }: Example) => (pairs as ContrastPair[])[0] as ContrastPair;

describe('sciq', () => {
  it('shows the true answer half of the time, else a distractor; the pair has both', async () => {
    files.write('data/train-00000-of-00001.parquet', times(400, scienceRow));
    files.write(
      'data/test-00000-of-00001.parquet',
      times(100, (i) => scienceRow(`test ${i}`)),
    );
    files.write(
      'data/validation-00000-of-00001.parquet',
      times(50, (i) => scienceRow(`validation ${i}`)),
    );
    const dataset = await loadFrom(sciq, files.directory);
    const { splits, supervisorExamples = [] } = dataset;
    expect([supervisorExamples.length, splits.train.length, splits.test?.length]).toEqual([200, 200, 100]);
    for (const example of everyExample(dataset)) {
      const [, question, answer] = /^Q: (What is .*\?) A: (.*)$/.exec(example.text) as RegExpExecArray;
      const number = (question as string).slice(8, -1);
      expect(example.groundTruth).toBe(answer === `right ${number}`);
      const { positive } = pairTexts(pairOf(example));
      expect(positive).toBe(example.text);
      expect(pairOf(example).negative.startsWith(example.groundTruth ? ' wrong-' : ' right ')).toBe(true);
      expect(example).toMatchObject({ trusted: false, measurements: [] });
    }
    const truths = everyExample(dataset).filter(({ groundTruth }) => groundTruth).length;
    expect(truths).toBeGreaterThan(210);
    expect(truths).toBeLessThan(290);
    expect(new Set(everyExample(dataset).map(({ id }) => id)).size).toBe(500);
    expect(new Set(everyExample(dataset).map(({ text }) => text.split(' A:')[0])).size).toBe(500);
    const shown = everyExample(dataset).filter(({ groundTruth }) => !groundTruth);
    expect(new Set(shown.map(({ text }) => /wrong-./.exec(text)?.[0])).size).toBe(3);
  });

  it('depends on the seed alone, and is foreseen', async () => {
    files.write('train.jsonl', times(60, scienceRow));
    files.write(
      'test.jsonl',
      times(20, (i) => scienceRow(`test ${i}`)),
    );
    const first = await loadFrom(sciq, files.directory, {}, 1);
    expect(await loadFrom(sciq, files.directory, {}, 1)).toEqual(first);
    const other = await loadFrom(sciq, files.directory, {}, 2);
    expect(other.splits.train.map(({ text }) => text)).not.toEqual(first.splits.train.map(({ text }) => text));
    const outlook = await sciq.outlook(sciq.options.parse({}), files.directory);
    expect(outlook).toMatchObject({ judged: 20, judgedSplits: 1 });
    expect((outlook.train['real-positive'] ?? 0) + (outlook.train['all-negative'] ?? 0)).toBe(30);
    expect(await sciq.sampleTexts(sciq.options.parse({}), files.directory)).toHaveLength(30);
  });

  it('drops questions that occur twice, and counts them', async () => {
    files.write('train.csv', [...times(20, scienceRow), scienceRow(3)]);
    files.write('test.csv', [scienceRow(5), scienceRow(6), ...times(4, (i) => scienceRow(`test ${i}`))]);
    const { splits, notes } = await loadFrom(sciq, files.directory);
    const dropped = (reason: string) => Object.values(notes.dropped[reason] ?? {}).reduce((a, b) => a + b, 0);
    expect(splits.test).toHaveLength(4);
    expect([dropped('duplicate-in-train'), dropped('duplicate-of-train')]).toEqual([1, 2]);
  });

  it('takes the first rows, or any, and no more than it needs', async () => {
    files.write('train.jsonl', `${times(30, (i) => JSON.stringify(scienceRow(i))).join('\n')}\nnot a row\n`);
    files.write('test.jsonl', [scienceRow('test')]);
    const numbers = async (options: object) => {
      const dataset = await loadFrom(sciq, files.directory, options);
      const pool = [...(dataset.supervisorExamples ?? []), ...dataset.splits.train];
      return pool.map(({ text }) => Number(/is (\d+)/.exec(text)?.[1])).sort((a, b) => a - b);
    };
    expect(await numbers({ trainExamples: 20 })).toEqual(times(20, (i) => i));
    await expect(numbers({ trainExamples: 20, selection: 'random' })).rejects.toThrow(/line 31/);
    files.write('train.jsonl', times(30, scienceRow));
    expect(await numbers({ trainExamples: 20, selection: 'random' })).not.toEqual(times(20, (i) => i));
  });

  it.each([
    [
      { question: 'Why?', correct_answer: 'a' },
      /row 1 of train\.jsonl to be a question of sciq, got row: expected a dis/,
    ],
    [{ ...scienceRow(1), question: 7 }, /row 1 of train\.jsonl .* got question: .* Give the columns question/],
  ])('names a wrong row: %j', async (row, message) => {
    files.write('train.jsonl', [row]);
    files.write('test.jsonl', [scienceRow('test')]);
    await expect(loadFrom(sciq, files.directory)).rejects.toThrow(message);
  });

  it('names what is missing', async () => {
    files.write('train.jsonl', times(10, scienceRow));
    await expect(loadFrom(sciq, files.directory)).rejects.toThrow(/to have a file test\.jsonl/);
    files.write('test.jsonl', [scienceRow(1)]);
    await expect(loadFrom(sciq, files.directory)).rejects.toThrow(/1 of test, got 10 and 0/);
    await expect(loadFrom(sciq, join(files.directory, 'none'))).rejects.toThrow(/to be a directory, got "nothing"/);
  });
});

describe('boolq', () => {
  const row = (i: number, answer: boolean) => ({ question: `is it ${i}`, passage: `Passage ${i % 5}.`, answer });

  it('asks about a passage, and judges the validation split', async () => {
    files.write(
      'train.parquet',
      times(40, (i) => row(i, i % 4 > 0)),
    );
    files.write(
      'validation.parquet',
      times(10, (i) => row(100 + i, i % 2 === 0)),
    );
    const { splits } = await loadFrom(boolq, files.directory);
    const example = splits.test?.find(({ text }) => text.endsWith('is it 103')) as Example;
    expect(example.text).toBe('Passage: Passage 3.\nQuestion: is it 103');
    expect(example.groundTruth).toBe(false);
    expect(pairOf(example)).toEqual({ prompt: example.text, negative: ' no', positive: ' yes' });
    const group = splits.train.find(({ text }) => text.includes('Passage 3.'))?.group;
    expect(group).toBe(example.group);
    expect(new Set(splits.test?.map((other) => other.group)).size).toBe(5);
  });

  it('may be balanced, which leaves out what is over', async () => {
    files.write(
      'train.jsonl',
      times(40, (i) => row(i, i % 4 > 0)),
    );
    files.write(
      'validation.jsonl',
      times(10, (i) => row(100 + i, i < 3)),
    );
    const { splits, supervisorExamples = [], notes } = await loadFrom(boolq, files.directory, { balanced: true });
    const truths = (examples: readonly Example[] = []) => examples.filter(({ groundTruth }) => groundTruth).length;
    expect(supervisorExamples.length + splits.train.length).toBe(20);
    expect(truths(supervisorExamples) + truths(splits.train)).toBe(10);
    expect([splits.test?.length, truths(splits.test)]).toEqual([6, 3]);
    expect(Object.values(notes.dropped.balancing ?? {}).reduce((a, b) => a + b, 0)).toBe(24);
  });

  it('leaves out texts that are too long', async () => {
    files.write('train.jsonl', [...times(10, (i) => row(i, true)), { ...row(11, true), passage: 'x'.repeat(200) }]);
    files.write('validation.jsonl', [row(100, true)]);
    const { notes } = await loadFrom(boolq, files.directory, { maxCharacters: 100 });
    expect(notes.dropped['too-long']).toEqual({ 'fake-negative': 1 });
  });
});

describe('cosmos-qa', () => {
  const none = 'None of the above choices .';
  const row = (i: number | string, label: number, right = `right ${i}`) => ({
    context: `Story ${i}.`,
    question: `Why ${i}?`,
    ...Object.fromEntries([0, 1, 2, 3].map((j) => [`answer${j}`, j === label ? right : `wrong-${j} ${i}`])),
    label,
  });

  it('never shows that none of the answers is right', async () => {
    files.write(
      'train.csv',
      times(80, (i) => row(i, i % 4, i % 2 ? none : undefined)),
    );
    files.write(
      'validation.csv',
      times(8, (i) => row(`v${i}`, i % 4)),
    );
    const dataset = await loadFrom(cosmosQa, files.directory);
    for (const example of everyExample(dataset)) {
      expect(example.text).toMatch(/^Context: Story v?\d+\.\nQuestion: Why v?\d+\?\nAnswer: (right|wrong)/);
      expect(example.text).not.toContain(none);
      expect(example.groundTruth).toBe(/Answer: right/.test(example.text));
      expect([pairOf(example).negative, pairOf(example).positive].filter((a) => / (right|None)/.test(a))).toHaveLength(
        1,
      );
    }
    const odd = everyExample(dataset).filter((example) => pairOf(example).negative === ` ${none}`);
    expect(odd).toHaveLength(40);
  });

  it('refuses a split without labels', async () => {
    files.write('train.jsonl', [row(1, -1)]);
    files.write('validation.jsonl', [row(2, 0)]);
    await expect(loadFrom(cosmosQa, files.directory)).rejects.toThrow(/row 1 of train\.jsonl .* label: /);
  });
});

describe('amazon-polarity', () => {
  it('puts the title before the content, and downloads the first training file alone', async () => {
    files.write(
      'train-00000-of-00004.parquet',
      times(20, (i) => ({ label: BigInt(i % 2), title: `T${i}`, content: `C${i}` })),
    );
    files.write(
      'test-00000-of-00001.parquet',
      times(4, (i) => ({ label: BigInt(i % 2), title: `T${i}`, content: `D${i}` })),
    );
    const { splits } = await loadFrom(amazonPolarity, files.directory);
    const example = splits.test?.find(({ text }) => text === 'T1 D1') as Example;
    expect(example.groundTruth).toBe(true);
    expect(pairOf(example).positive).toBe(' positive');
    const wants = amazonPolarity.files?.(amazonPolarity.options.parse({}), 0)?.wants;
    expect(wants?.('amazon_polarity/train-00000-of-00004.parquet')).toBe(true);
    expect(wants?.('amazon_polarity/train-00003-of-00004.parquet')).toBe(false);
    expect(wants?.('amazon_polarity/test-00000-of-00001.parquet')).toBe(true);
    const own = amazonPolarity.files?.(amazonPolarity.options.parse({ source: 'mine' }), 0)?.wants;
    expect(own?.('train-00003-of-00004.parquet')).toBe(true);
  });
});

describe('anthropic-hh', () => {
  const talk = (i: number | string, answer: string) =>
    `\n\nHuman: Ask ${i}\n\nAssistant: Sure.\n\nHuman: And?\n\nAssistant: ${answer}`;
  const row = (i: number | string) => ({ chosen: talk(i, `Good ${i}.`), rejected: talk(i, `Bad ${i}.`) });

  it('shows one conversation alone; the pair parts where they differ', async () => {
    files.write('train.jsonl', [...times(40, row), { chosen: 'same', rejected: 'same' }]);
    files.write(
      'test.jsonl',
      times(10, (i) => row(`t${i}`)),
    );
    const dataset = await loadFrom(anthropicHh, files.directory);
    for (const example of everyExample(dataset)) {
      expect(example.groundTruth).toBe(example.text.includes('Good'));
      const { prompt, negative } = pairOf(example);
      expect(prompt.endsWith('And?\n\nAssistant:')).toBe(true);
      expect(negative).toMatch(example.groundTruth ? /^ Bad/ : /^ Good/);
      expect(pairTexts(pairOf(example)).positive).toBe(example.text);
    }
    expect(dataset.notes.dropped['same-answer-twice']).toEqual({ 'all-negative': 1 });
  });

  it.each([{}, { pairwise: true }])('never has a comparison, or a text, twice: %j', async (options) => {
    const others = times(30, (i) => ({ chosen: talk(i, `Good ${i}.`), rejected: talk(i, `Other ${i}.`) }));
    files.write('train.jsonl', [...times(30, row), ...times(30, row)]);
    files.write('test.jsonl', [...times(30, row), ...others, row('new')]);
    const { splits, supervisorExamples = [], notes } = await loadFrom(anthropicHh, files.directory, options);
    const dropped = (reason: string) => Object.values(notes.dropped[reason] ?? {}).reduce((a, b) => a + b, 0);
    const pool = [...supervisorExamples, ...splits.train];
    expect([pool.length, dropped('duplicate-in-train')]).toEqual([30, 30]);
    expect(dropped('duplicate-of-train')).toBeGreaterThanOrEqual(30);
    const known = new Set(pool.map(({ text }) => text));
    expect(splits.test?.filter(({ text }) => known.has(text))).toEqual([]);
  });

  it('shows both pairwise, the better one second where ground truth is true', async () => {
    files.write('train.jsonl', times(40, row));
    files.write(
      'test.jsonl',
      times(10, (i) => row(`t${i}`)),
    );
    const dataset = await loadFrom(anthropicHh, files.directory, { pairwise: true });
    for (const { text, groundTruth } of everyExample(dataset)) {
      expect(/Answer B: Good/.test(text)).toBe(groundTruth);
      expect(/Answer A: Good/.test(text)).toBe(!groundTruth);
    }
    expect(sciq.options.safeParse({ pairwise: true }).success).toBe(false);
  });
});

describe('on the hub', () => {
  it.each([
    ['allenai/sciq', sciq, undefined],
    ['google/boolq', boolq, undefined],
    ['fancyzhx/amazon_polarity', amazonPolarity, undefined],
    ['allenai/cosmos_qa', cosmosQa, 'refs/convert/parquet'],
    ['Anthropic/hh-rlhf', anthropicHh, 'refs/convert/parquet'],
  ] as const)('%s is found, and none but its splits are wanted', (source, setting, revision) => {
    const found = setting.files?.(setting.options.parse({}), 0);
    expect([found?.source, found?.revision]).toEqual([source, revision]);
    expect(found?.wants?.('README.md')).toBe(false);
    expect(setting.files?.(setting.options.parse({ source: 'me/mine' }), 0)?.revision).toBeUndefined();
    expect(setting.wantsSupervisor).toBe(true);
  });

  it('is downloaded split by split', async () => {
    files.write('served/data/train-00000-of-00001.parquet', times(20, scienceRow));
    files.write(
      'served/data/validation-00000-of-00001.parquet',
      times(3, (i) => scienceRow(`v${i}`)),
    );
    files.write(
      'served/data/test-00000-of-00001.parquet',
      times(6, (i) => scienceRow(`t${i}`)),
    );
    const hub = await startHub(join(files.directory, 'served'));
    try {
      const options = { cacheDirectory: join(files.directory, 'cache'), hubUrl: hub.url, retryMilliseconds: 1 };
      const directory = await fetchDataset('owner/data', options, sciq.files?.(sciq.options.parse({}), 0)?.wants);
      expect(hub.requests.some((request) => request.includes('validation-00000'))).toBe(false);
      expect((await loadFrom(sciq, directory)).splits.test).toHaveLength(6);
    } finally {
      await hub.close();
    }
  });
});
