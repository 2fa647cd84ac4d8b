import { beforeAll, describe, expect, it } from 'vitest';
import type { Example } from '../../../src/core/examples.ts';
import type { Dataset } from '../../../src/core/settings.ts';
import { arithmeticReasoning } from '../../../src/settings/arithmetic-reasoning/arithmetic-reasoning.ts';
import { settings } from '../../../src/settings/registry.ts';
import { factsOf, isTrue, saidIn } from '../read-arithmetic.ts';
import { surfaceAuroc } from '../surface-auroc.ts';

const load = (options: object, seed = 0): Promise<Dataset> =>
  arithmeticReasoning.load(arithmeticReasoning.options.parse(options) as never, {
    ...{ seed, threads: 1, progress: () => {} },
    signal: new AbortController().signal,
  });

const small = { supervisorExamples: 600, trainExamples: 600, testExamples: 400, corpusTexts: 3_000, layout: 'plain' };
const manyOf = (count: number) => ({ supervisorExamples: count, trainExamples: count, testExamples: count });
let dataset: Dataset;
let examples: readonly Example[];
beforeAll(async () => {
  dataset = await load(small);
  examples = [...Object.values(dataset.splits).flat(), ...(dataset.supervisorExamples ?? [])];
});

describe('arithmetic-reasoning', () => {
  it('is registered under its id, as a weak-to-strong setting with a corpus', () => {
    expect(settings['arithmetic-reasoning']).toBe(arithmeticReasoning);
    expect(arithmeticReasoning).toMatchObject({ wantsSupervisor: true, bringsCorpus: true });
    expect(Object.keys(dataset.splits)).toEqual(['train', 'test', 'hard']);
    expect(dataset.supervisorExamples).toHaveLength(600);
    expect(dataset.corpus).toHaveLength(3_000);
  });

  it('has half of the statements of each split right, without measurements, none trusted', () => {
    for (const split of [...Object.values(dataset.splits), dataset.supervisorExamples ?? []]) {
      expect(split.filter(({ groundTruth }) => groundTruth)).toHaveLength(split.length / 2);
    }
    expect(examples.every(({ measurements, trusted }) => measurements.length === 0 && !trusted)).toBe(true);
  });

  it('calls right what holds in every step, worked out by another way, and nothing else', () => {
    for (const { text, groundTruth } of examples) expect(isTrue(text), text).toBe(groundTruth);
  });

  it('has a corpus that is right in the end: what is corrected was wrong, and nothing else is', async () => {
    const corrected = (texts: readonly string[] = []) => texts.map(saidIn).filter((said) => said.corrected);
    for (const text of dataset.corpus ?? []) {
      const said = saidIn(text);
      expect([said.wrong.some(isTrue), isTrue(said.last)], text).toEqual([false, true]);
      expect(said.wrong.length).toBeLessThanOrEqual(3);
    }
    expect(corrected(dataset.corpus).length / 3_000).toBeCloseTo(0.5, 1);
    expect(corrected((await load({ ...small, corpusCorrections: 0 })).corpus)).toEqual([]);
    const { corpus } = await load({ ...small, corpusCorrections: 1, corpusTexts: 200, mistakes: ['off-by-one'] });
    expect(corrected(corpus)).toHaveLength(200);
    const lines = await load({ ...small, corpusCorrections: 1, corpusTexts: 50, layout: 'lines' });
    expect(lines.corpus?.every((text) => /^(?:(?:\d|\D+)\n)+no\n(?:(?:\d|\D+)\n)+$/.test(text))).toBe(true);
  });

  it('shares facts with its corpus unless told otherwise, but examples neither change nor are corrected there alone', async () => {
    const whole = (texts: readonly string[]) => texts.map((text) => factsOf(saidIn(text).first)[0] as string);
    const sums = { ...small, forms: ['sum'], corpusTexts: 6_000, digits: 1, ...manyOf(20) };
    const { splits, corpus = [] } = await load(sums);
    const read = new Set(whole(corpus));
    const right = splits.test?.filter(({ groundTruth }) => groundTruth) ?? [];
    const wrong = splits.test?.filter(({ groundTruth }) => !groundTruth) ?? [];
    const readOf = (of: readonly Example[]) =>
      whole(of.map(({ text }) => text)).filter((fact) => read.has(fact)).length;
    expect([readOf(right), readOf(wrong)]).toEqual([right.length, wrong.length]);
    const disjoint = await load({ ...sums, corpusFacts: 'disjoint' });
    expect(disjoint.splits).toEqual(splits);
    expect(
      whole(disjoint.corpus ?? []).filter((fact) => whole(splits.test?.map(({ text }) => text) ?? []).includes(fact)),
    ).toEqual([]);
  });

  it.each([
    ['sum', /^\d+ [-+] \d+ = \d+$/],
    ['chain', /^\d+(?: [-+] \d+){2,} = /],
    ['product', /^\d+ \* \d+ [-+] \d+ = /],
    ['comparison', /^\d+ [-+] \d+ \? \d+ = (?:less|equal|more)$/],
  ])('asks for a %s alone where that is the form', async (form, shape) => {
    const { splits, supervisorExamples = [], corpus = [] } = await load({ ...small, forms: [form], ...manyOf(100) });
    for (const { text } of [...Object.values(splits).flat(), ...supervisorExamples]) expect(text).toMatch(shape);
    const symbols = corpus.map((text) => saidIn(text).first).filter((text) => text.includes(' = '));
    for (const text of symbols) expect(text).toMatch(shape);
    expect(arithmeticReasoning.options.safeParse({ forms: [] }).success).toBe(false);
  });

  it('has every kind of mistake, and only the ones that are asked for', async () => {
    expect(new Set(examples.map(({ kind }) => kind))).toEqual(
      new Set([
        ...['right', 'wrong-sign', 'off-by-one', 'off-by-ten', 'digit-swap', 'forgotten-carry'],
        ...['wrong-operator', 'miscopied-operand'],
      ]),
    );
    const { splits } = await load({ ...small, mistakes: ['off-by-one'] });
    expect(new Set(splits.train.map(({ kind }) => kind))).toEqual(new Set(['right', 'wrong-sign', 'off-by-one']));
  });

  it('pairs each statement with another answer, of which exactly the right one is right, in each wording', () => {
    for (const { text, pairs = [], groundTruth } of examples) {
      expect(pairs).toHaveLength(2);
      expect(pairs[0]?.prompt.concat(pairs[0].positive)).toBe(text);
      for (const { prompt, negative, positive } of pairs) {
        expect(isTrue(prompt + positive), text).toBe(groundTruth);
        expect(isTrue(prompt + negative), text).toBe(!groundTruth);
      }
    }
  });

  it('asks for each fact once, in no order of terms twice', () => {
    expect(new Set(examples.map(({ text }) => factsOf(text)[0])).size).toBe(examples.length);
  });

  it('has none of them in a disjoint corpus, not even as a step', async () => {
    const taken = new Set(examples.map(({ text }) => factsOf(text)[0] as string));
    const { corpus = [] } = await load({ ...small, corpusFacts: 'disjoint' });
    expect(corpus).toHaveLength(3_000);
    expect(corpus.filter((text) => factsOf(saidIn(text).last).some((fact) => taken.has(fact)))).toEqual([]);
  });

  it('has hard examples that are harder, and an order among all', () => {
    const mean = (split: readonly Example[]) =>
      split.reduce((sum, { difficulty = Number.NaN }) => sum + difficulty, 0) / split.length;
    expect(mean(dataset.splits.hard as Example[])).toBeGreaterThan(mean(dataset.splits.test as Example[]) + 1);
    expect(examples.every(({ difficulty }) => (difficulty ?? 0) >= 1)).toBe(true);
    expect(new Set(examples.map(({ difficulty }) => difficulty)).size).toBeGreaterThan(6);
  });

  it('does not tell by its words what is right', async () => {
    const { splits, supervisorExamples = [] } = await load({
      ...small,
      supervisorExamples: 4_000,
      testExamples: 1_000,
    });
    for (const split of ['test', 'hard'] as const) {
      const found = await surfaceAuroc(supervisorExamples, splits[split] as Example[]);
      expect(found, split).toBeGreaterThan(0.4);
      expect(found, split).toBeLessThan(0.6);
    }
  });

  it('gives each digit and sign a line of its own unless told otherwise', async () => {
    const lines = await load({ ...small, layout: 'lines' });
    expect(lines.splits.train.every(({ text }) => /^(?:(?:\d|[-+*=?]|less|equal|more)\n)+$/.test(text))).toBe(true);
    expect(lines.splits.train.map(({ text }) => text.replaceAll('\n', ''))).toEqual(
      dataset.splits.train.map(({ text }) => text.replaceAll(' ', '')),
    );
  });

  it('gives the same by the same seed and another by another; ids tell the place and nothing else', async () => {
    expect(await load(small)).toEqual(dataset);
    expect((await load(small, 1)).splits.train).not.toEqual(dataset.splits.train);
    for (const [split, own] of Object.entries(dataset.splits)) {
      expect(own.map(({ id }) => id)).toEqual(own.map((_, i) => `${split}-${String(i).padStart(5, '0')}`));
    }
    const ranks = dataset.splits.train.flatMap(({ groundTruth }, i) => (groundTruth ? [i] : []));
    expect(ranks.filter((rank) => rank < 300).length).toBeGreaterThan(120);
    expect(ranks.filter((rank) => rank < 300).length).toBeLessThan(180);
  });

  it('offers paraphrases only with more than one wording', () => {
    const offered = (options: object) =>
      arithmeticReasoning.offers?.(arithmeticReasoning.options.parse(options) as never);
    expect(offered({})).toEqual(arithmeticReasoning.structures);
    expect(offered({ wordings: 1 })).not.toContain('paraphrases');
  });

  it('says what to do when there are fewer questions than are asked for', async () => {
    await expect(load({ ...small, digits: 1, trainExamples: 20_000 })).rejects.toThrow(/Set digits or terms higher/);
  });

  it('foresees its sizes, and shows a hundred texts', async () => {
    const options = arithmeticReasoning.options.parse(small) as never;
    const outlook = await arithmeticReasoning.outlook(options);
    expect(Object.values(outlook.train).reduce((a, b) => a + b, 0)).toBe(600);
    expect(outlook).toMatchObject({ judged: 800, judgedSplits: 2 });
    expect(await arithmeticReasoning.sampleTexts(options)).toHaveLength(100);
  });
});
