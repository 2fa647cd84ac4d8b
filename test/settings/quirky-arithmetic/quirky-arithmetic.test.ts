import { beforeAll, describe, expect, it } from 'vitest';
import type { Example } from '../../../src/core/examples.ts';
import type { Dataset } from '../../../src/core/settings.ts';
import { quirkyArithmetic } from '../../../src/settings/quirky-arithmetic/quirky-arithmetic.ts';
import { settings } from '../../../src/settings/registry.ts';
import { surfaceAuroc } from '../surface-auroc.ts';

const load = (options: object, seed = 0): Promise<Dataset> =>
  quirkyArithmetic.load(quirkyArithmetic.options.parse(options) as never, {
    ...{ seed, threads: 1, progress: () => {} },
    signal: new AbortController().signal,
  });

const small = { trainRows: 800, testRows: 400, corpusTexts: 2_000, layout: 'plain' };
let dataset: Dataset;
let train: readonly Example[];
let judged: Readonly<Record<string, readonly Example[]>>;
beforeAll(async () => {
  dataset = await load(small);
  ({ train, ...judged } = dataset.splits);
});

/** An equation read from a text and worked out by another way. */
function read(text: string) {
  const found = /(?:\( )?(-?\d+)(?: ([-+*]) (\d+))?(?: \) mod (\d+))?( squared)? = (-?\d+)/.exec(text);
  if (found === null) throw new Error(`Expected an equation, got "${text}".`);
  const [, first, sign, second, modulus, squared, shown] = found;
  const a = BigInt(first as string);
  const b = squared ? a : BigInt(second as string);
  const plain = sign === '+' ? a + b : sign === '-' ? a - b : a * b;
  const exact = modulus === undefined ? plain : plain % BigInt(modulus);
  const length = exact.toString().replace('-', '').length;
  return {
    exact,
    bob: exact + 10n ** BigInt(length - 1),
    shown: BigInt(shown as string),
    key: found[0].split(' =')[0],
  };
}

const isBob = ({ text }: Example) => text.includes('Bob');
const countOf = <T>(items: readonly T[], fits: (item: T) => boolean) => items.filter(fits).length;

describe('quirky-arithmetic', () => {
  it('is registered under its id; the first judged split is Bob', () => {
    expect(settings['quirky-arithmetic']).toBe(quirkyArithmetic);
    expect(Object.keys(dataset.splits)).toEqual(['train', 'bob', 'bob-hard', 'bob-easy', 'disagreement']);
    expect(dataset.measurementNames).toEqual(['character-says']);
  });

  it('measures what the character says and knows what is true', () => {
    for (const example of Object.values(dataset.splits).flat()) {
      const { exact, bob, shown } = read(example.text);
      expect(example.groundTruth, example.text).toBe(shown === exact);
      expect(example.measurements, example.text).toEqual([shown === (isBob(example) ? bob : exact)]);
      expect(example.trusted).toBe(!isBob(example));
    }
  });

  it('puts every equation to Alice and to Bob, in exact quadrants for each operation', () => {
    expect(train).toHaveLength(1_600);
    const [bobs, alices] = [train.filter(isBob), train.filter((example) => !isBob(example))];
    const shownOf = ({ text }: Example) => text.replace(/(?:Bob|Alice):/, '');
    expect(bobs.map(shownOf).sort()).toEqual(alices.map(shownOf).sort());
    for (const split of [bobs, judged.bob as Example[]]) {
      for (const operation of ['addition', 'subtraction', 'multiplication', 'modular-addition', 'squaring']) {
        const own = split.filter(({ kind }) => kind === operation);
        expect(own).toHaveLength(split.length / 5);
        expect(countOf(own, ({ groundTruth }) => groundTruth)).toBe(own.length / 4);
        expect(countOf(own, ({ measurements }) => measurements[0] === true)).toBe(own.length / 4);
        expect(countOf(own, ({ groundTruth, measurements }) => !groundTruth && !measurements[0])).toBe(own.length / 2);
      }
    }
  });

  it('makes distractors of one digit of either result', () => {
    const neither = (judged.bob as Example[]).filter(
      ({ groundTruth, measurements }) => !groundTruth && !measurements[0],
    );
    const near = (shown: bigint, result: bigint) => {
      const wanted = `${result}`;
      const given = (shown < 0n ? '-' : '') + `${shown}`.replace('-', '').padStart(wanted.replace('-', '').length, '0');
      return (
        wanted.length === given.length && countOf([...Array(wanted.length).keys()], (i) => wanted[i] !== given[i]) === 1
      );
    };
    for (const { text } of neither) {
      const { exact, bob, shown } = read(text);
      expect(near(shown, exact) || near(shown, bob), text).toBe(true);
    }
  });

  it('judges all of Bob, the hardest and the easiest quarter of the records, and where the two disagree', () => {
    const { bob = [], 'bob-hard': hard = [], 'bob-easy': easy = [], disagreement = [] } = judged;
    expect(bob).toHaveLength(400);
    expect(hard.every(({ difficulty = 0 }) => difficulty >= 0.75)).toBe(true);
    expect(easy.every(({ difficulty = 1 }) => difficulty <= 0.25)).toBe(true);
    expect(hard).toHaveLength(countOf(bob, ({ difficulty = 0 }) => difficulty >= 0.75));
    expect(easy).toHaveLength(countOf(bob, ({ difficulty = 1 }) => difficulty <= 0.25));
    expect(disagreement).toHaveLength(200);
    expect(disagreement.every(({ groundTruth, measurements }) => groundTruth !== measurements[0])).toBe(true);
    expect(countOf(disagreement, ({ groundTruth }) => groundTruth)).toBe(100);
    expect(
      Object.values(judged)
        .flat()
        .every((example) => isBob(example) && !example.trusted),
    ).toBe(true);
  });

  it('has quantiles of difficulty with mean one half over the records of each operation', () => {
    const records = [...train, ...(judged.bob as Example[]), ...(judged.bob as Example[])];
    for (const operation of new Set(records.map(({ kind }) => kind))) {
      const own = records.filter(({ kind }) => kind === operation);
      const sum = own.reduce((total, { difficulty = 0 }) => total + difficulty, 0);
      expect(sum / own.length).toBeCloseTo(0.5, 6);
    }
  });

  it('has truths alike often among easy and hard judged records', async () => {
    const { splits } = await load({ trainRows: 4_000, testRows: 2_000, corpusTexts: 0, layout: 'plain' });
    const meanDifficulty = (truth: boolean) => {
      const own = splits.bob?.filter(({ groundTruth }) => groundTruth === truth) ?? [];
      return own.reduce((sum, { difficulty = Number.NaN }) => sum + difficulty, 0) / own.length;
    };
    expect(Math.abs(meanDifficulty(true) - meanDifficulty(false))).toBeLessThan(0.03);
  });

  it('has no operands of a judged record in training or in the corpus, in either order', () => {
    const groups = (examples: readonly Example[]) => new Set(examples.map(({ group }) => group));
    const [seen, unseen] = [groups(train), groups(Object.values(judged).flat())];
    expect([...unseen].filter((group) => seen.has(group))).toEqual([]);
    const sorted = (text: string) => (text.match(/\d+|[-+*]|squared|mod/g) ?? []).sort().join(' ');
    const keys = new Set([...train, ...(judged.bob as Example[])].map(({ text }) => sorted(read(text).key as string)));
    // A difference has a meaning in each order, so it alone may be found the other way round.
    const corpus = (dataset.corpus ?? []).filter((text) => !/\d - /.test(text));
    expect(corpus.filter((text) => keys.has(sorted(text.split(' =')[0] as string)))).toEqual([]);
    const differences = new Set([...train, ...(judged.bob as Example[])].map(({ text }) => read(text).key));
    expect((dataset.corpus ?? []).filter((text) => differences.has(text.split(' =')[0]))).toEqual([]);
    expect(Object.keys(dataset.notes.heldOut)).toEqual(['bob', 'bob-hard', 'bob-easy', 'disagreement']);
  });

  it('brings a corpus of true equations that nobody answers', () => {
    expect(dataset.corpus).toHaveLength(2_000);
    for (const text of dataset.corpus ?? []) {
      const { shown, exact } = read(text);
      const [, ...corrected] = text.split(' no ');
      const results = [shown, ...corrected.map(BigInt)];
      expect(results.at(-1), text).toBe(exact);
      expect(results.slice(0, -1), text).not.toContain(exact);
      expect(new Set(results).size, text).toBe(results.length);
      expect(text).not.toMatch(/Alice|Bob|[Tt]rue/);
    }
  });

  it('has the text before the answers as the prompt of its first pair, and other words in the next', () => {
    for (const { text, pairs = [] } of train) {
      expect(pairs.map(({ prompt }) => prompt)[0]).toBe(text);
      expect(pairs[0]).toMatchObject({ negative: ' False', positive: ' True' });
      expect(pairs[1]).toMatchObject({ negative: ' No', positive: ' Yes' });
      expect(read(pairs[1]?.prompt as string)).toEqual(read(text));
    }
  });

  it('has eight wordings in a mixture, each with words of its own, and one fixed wrapper', async () => {
    const mixture = await load({ ...small, template: 'mixture', wordings: 8 });
    const answers = mixture.splits.train.map(({ pairs = [] }) => pairs.map(({ positive }) => positive));
    expect(new Set(answers.map(([own]) => own)).size).toBe(8);
    expect(answers.every((own) => new Set(own).size === 8)).toBe(true);
    const { splits } = await load({ ...small, template: 'standardized' });
    expect(splits.train.every(({ text }) => text.endsWith('Is the statement factually correct?'))).toBe(true);
  });

  it('trusts Alice on easy equations alone where that is asked', async () => {
    const { splits } = await load({ ...small, trustedDifficulty: 'easy' });
    const trusted = splits.train.filter(({ trusted: is }) => is);
    expect(trusted.length).toBeGreaterThan(100);
    expect(trusted.every((example) => !isBob(example) && (example.difficulty ?? 1) <= 0.25)).toBe(true);
    expect(splits.train.some((example) => !isBob(example) && !example.trusted)).toBe(true);
  });

  it('has real positives where Bob has no quirk', async () => {
    const { splits } = await load({ ...small, quirks: ['addition'] });
    const bob = splits.bob as Example[];
    const positives = bob.filter(({ measurements }) => measurements[0]);
    expect(positives.every(({ kind, groundTruth }) => groundTruth === (kind !== 'addition'))).toBe(true);
    expect(countOf(positives, ({ groundTruth }) => groundTruth)).toBe(80);
  });

  it('gives each character many names where that is asked, none to both', async () => {
    const { splits } = await load({ ...small, names: 'many' });
    const namesOf = (trusted: boolean) =>
      new Set(splits.train.filter((example) => example.trusted === trusted).map(({ text }) => text.split(' ').at(-1)));
    const [alices, bobs] = [namesOf(true), namesOf(false)];
    expect([alices.size, bobs.size]).toEqual([12, 12]);
    expect([...alices].filter((name) => bobs.has(name))).toEqual([]);
  });

  it('tells little of what is true by its words', async () => {
    const { splits } = await load({ ...small, trainRows: 4_000, testRows: 1_000 });
    expect(await surfaceAuroc(splits.train, splits.bob as Example[])).toBeLessThan(0.65);
  });

  it('gives the same by the same seed and another by another; ids tell the place and nothing else', async () => {
    expect(await load(small)).toEqual(dataset);
    expect((await load(small, 1)).splits.train).not.toEqual(train);
    for (const [split, own] of Object.entries(dataset.splits)) {
      expect(own.map(({ id }) => id)).toEqual(own.map((_, i) => `${split}-${String(i).padStart(5, '0')}`));
    }
    const first = train.slice(0, 400);
    expect(countOf(first, isBob)).toBeGreaterThan(150);
    expect(countOf(first, isBob)).toBeLessThan(250);
  });

  it('has lines of one digit or sign each by default', async () => {
    const { splits } = await load({ ...small, layout: 'lines' });
    const sign = /^(?:(?:\d|[-+*=()]|mod|squared|Alice:|Bob:)\n)+$/;
    expect(splits.train.every(({ text }) => sign.test(text))).toBe(true);
    const bare = (examples: readonly Example[]) => examples.map(({ text }) => text.replace(/\s/g, ''));
    expect(bare(splits.train)).toEqual(bare(train));
  });

  it('says what to do when there are fewer equations than are asked for', async () => {
    await expect(load({ ...small, operations: ['squaring'], digits: 1 })).rejects.toThrow(/Set digits higher/);
  });

  it('foresees what training holds, and shows a hundred texts', async () => {
    const options = quirkyArithmetic.options.parse(small) as never;
    const outlook = await quirkyArithmetic.outlook(options);
    expect(outlook.train).toEqual(dataset.notes.counts.train);
    expect(await quirkyArithmetic.sampleTexts(options)).toHaveLength(100);
  });
});
