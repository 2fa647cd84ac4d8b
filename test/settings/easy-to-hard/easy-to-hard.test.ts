import { beforeAll, describe, expect, it } from 'vitest';
import type { Example } from '../../../src/core/examples.ts';
import type { Dataset } from '../../../src/core/settings.ts';
import { easyToHard } from '../../../src/settings/easy-to-hard/easy-to-hard.ts';
import { settings } from '../../../src/settings/registry.ts';
import { factsOf, isTrue, saidIn } from '../read-arithmetic.ts';
import { surfaceAuroc } from '../surface-auroc.ts';

const load = (options: object, seed = 0): Promise<Dataset> =>
  easyToHard.load(easyToHard.options.parse(options) as never, {
    ...{ seed, threads: 1, progress: () => {} },
    signal: new AbortController().signal,
  });

const small = { easyExamples: 600, hardExamples: 1_000, testExamples: 400, corpusTexts: 2_000, layout: 'plain' };
let dataset: Dataset;
let all: readonly Example[];
beforeAll(async () => {
  dataset = await load(small);
  all = Object.values(dataset.splits).flat();
});

describe('easy-to-hard', () => {
  it('is registered under its id and has exactly the proportions of its options', () => {
    expect(settings['easy-to-hard']).toBe(easyToHard);
    const judged = { 'real-positive': 160, 'fake-positive': 160, 'all-negative': 80 };
    expect(dataset.notes.counts).toEqual({
      train: {
        ...{ 'trusted-positive': 300, 'trusted-negative': 300 },
        ...{ 'real-positive': 500, 'fake-positive': 200, 'all-negative': 300 },
      },
      hard: judged,
      easy: judged,
    });
    expect(Object.keys(dataset.splits)).toEqual(['train', 'hard', 'easy']);
  });

  it('measures whether the last digit is right and knows what is true', () => {
    for (const { text, measurements, groundTruth } of all) {
      const [question, , ...rest] = text.split(' = ');
      const result = Number(rest.at(-1) ?? text.split(' = ')[1]);
      const value = new Function(`return ${question};`)() as number;
      expect(measurements, text).toEqual([value % 10 === result % 10]);
      expect(groundTruth, text).toBe(isTrue(text));
    }
  });

  it('trusts easy examples, on which the checker is right, and no others', () => {
    const trusted = dataset.splits.train.filter((example) => example.trusted);
    expect(trusted).toHaveLength(600);
    expect(trusted.every(({ measurements, groundTruth }) => measurements[0] === groundTruth)).toBe(true);
    const mean = (examples: readonly Example[]) =>
      examples.reduce((sum, { difficulty = Number.NaN }) => sum + difficulty, 0) / examples.length;
    const untrusted = dataset.splits.train.filter((example) => !example.trusted);
    expect(mean(untrusted)).toBeGreaterThan(mean(trusted) + 1);
    expect([...(dataset.splits.hard ?? []), ...(dataset.splits.easy ?? [])].some((example) => example.trusted)).toBe(
      false,
    );
  });

  it('pairs each statement with another answer, of which exactly the right one is right', () => {
    for (const { text, pairs = [], groundTruth } of all) {
      expect(pairs[0]?.prompt.concat(pairs[0].positive)).toBe(text);
      for (const { prompt, negative, positive } of pairs) {
        expect([isTrue(prompt + positive), isTrue(prompt + negative)], text).toEqual([groundTruth, !groundTruth]);
      }
    }
  });

  it('asks for each fact once, and has none of them in a disjoint corpus; corpora are right in the end', async () => {
    const whole = all.map(({ text }) => factsOf(text)[0] as string);
    expect(new Set(whole).size).toBe(all.length);
    const taken = new Set(whole);
    const { corpus: disjoint = [] } = await load({ ...small, corpusFacts: 'disjoint' });
    expect([dataset.corpus?.length, disjoint.length]).toEqual([2_000, 2_000]);
    for (const text of [...(dataset.corpus ?? []), ...disjoint]) expect(isTrue(saidIn(text).last), text).toBe(true);
    expect(disjoint.filter((text) => factsOf(saidIn(text).last).some((fact) => taken.has(fact)))).toEqual([]);
  });

  it('has pairs that tell no more than the checker: untrusted ones agree in the last digit where it lets pass', () => {
    const digitsAgree = ({ pairs = [] }: Example) => pairs[0]?.negative.at(-1) === pairs[0]?.positive.at(-1);
    for (const example of all) {
      expect(digitsAgree(example), example.text).toBe(!example.trusted && example.measurements[0] === true);
    }
  });

  it('asks for sums alone if told to, never for comparisons, and refuses to ask for nothing', async () => {
    const { splits } = await load({ ...small, forms: ['sum', 'comparison'] });
    for (const { text } of Object.values(splits).flat()) expect(text).toMatch(/^\d+ [-+] \d+ = \d+$/);
    expect((await load({ ...small, forms: ['sum'] })).splits).toEqual(splits);
    for (const forms of [[], ['comparison']]) {
      expect(easyToHard.options.safeParse({ forms }).error?.issues[0]?.path).toEqual(['forms']);
    }
    expect(easyToHard.options.safeParse({ forms: ['comparison'] }).error?.issues[0]?.message).toMatch(
      /Expected a form whose answer is a number, got comparisons alone/,
    );
  });

  it('does not tell by its words what is right', async () => {
    const { splits } = await load({ ...small, hardExamples: 3_000, testExamples: 1_000 });
    for (const split of ['hard', 'easy'] as const) {
      expect(await surfaceAuroc(splits.train, splits[split] as Example[]), split).toBeLessThan(0.65);
    }
  });

  it('gives the same by the same seed and another by another, in an order that tells nothing', async () => {
    expect(await load(small)).toEqual(dataset);
    expect((await load(small, 1)).splits.train).not.toEqual(dataset.splits.train);
    const ranks = dataset.splits.train.flatMap(({ trusted }, i) => (trusted ? [i] : []));
    expect(Math.max(...ranks) - Math.min(...ranks)).toBeGreaterThan(1_400);
  });

  it('refuses shares of more than everything, and foresees what training holds', async () => {
    expect(easyToHard.options.safeParse({ fakePositiveShare: 0.7, realPositiveShare: 0.7 }).success).toBe(false);
    const options = easyToHard.options.parse(small) as never;
    expect((await easyToHard.outlook(options)).train).toEqual(dataset.notes.counts.train);
    expect(await easyToHard.sampleTexts(options)).toHaveLength(100);
    const offered = easyToHard.offers?.(easyToHard.options.parse({ ...small, wordings: 1 }) as never);
    expect(offered).toEqual(['trusted-subset', 'untrusted-examples', 'contrast-pairs', 'difficulty-order']);
  });
});
