import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DefinedEstimate } from '../../src/core/estimates.ts';
import type { Example } from '../../src/core/examples.ts';
import type { StrongModel } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import { inputsOf } from '../../src/core/training-view.ts';
import { fitSparseLogisticRegression, sparseDecision } from '../../src/solvers/sparse-logistic-regression.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { learnBagOfWords } from '../../src/techniques/shared/bag-of-words.ts';
import { surfaceBaseline } from '../../src/techniques/surface-baseline.ts';
import { surfaceCeiling } from '../../src/techniques/surface-ceiling.ts';
import { contextOf, fitOn, judged } from './support.ts';

const options = { bigrams: false, values: 'log-count', minimumTexts: 1, features: 1000 } as const;

interface Golden {
  readonly texts: readonly string[];
  readonly targets: readonly boolean[];
  readonly words: Readonly<Record<string, readonly [occurrences: number, texts: number]>>;
  readonly fits: readonly { readonly l2: number; readonly objective: number; readonly decision: readonly number[] }[];
}
const golden = JSON.parse(
  readFileSync(new URL('../golden/bag-of-words.golden.json', import.meta.url), 'utf8'),
) as Golden;

describe('a bag of words', () => {
  it.each([
    ['identifiers whole, with their case', 'takeItem(take_item, x1)', ['takeItem', '(', 'take_item', ',', 'x1', ')']],
    ['runs of digits and marks by themselves', '-7.50!=', ['-', '7', '.', '50', '!', '=']],
    ['words of any script', 'Straße 東京\n\té', ['Straße', '東京', 'é']],
  ])('takes %s', (_, text, words) => {
    expect([...learnBagOfWords([text], options).words].sort()).toEqual([...words].sort());
  });

  it('counts words in log(1 + count), or as there or not, and leaves out what it never learned', () => {
    const texts = ['a a a b', 'b'];
    const counted = learnBagOfWords(texts, options);
    expect(counted.words).toEqual(['b', 'a']);
    const { starts, indices, values } = counted.encode(['a a a c', '']);
    expect([[...starts], [...indices], [...values]]).toEqual([[0, 1, 1], [1], [Math.fround(Math.log(4))]]);
    expect([...learnBagOfWords(texts, { ...options, values: 'presence' }).encode(texts).values]).toEqual([1, 1, 1]);
  });

  it('keeps the words of most texts, within its limits', () => {
    const texts = ['a b c c c', 'a b', 'a'];
    expect(learnBagOfWords(texts, { ...options, features: 2 }).words).toEqual(['a', 'b']);
    expect(learnBagOfWords(texts, { ...options, minimumTexts: 2 }).words).toEqual(['a', 'b']);
    expect(learnBagOfWords(['a b a'], { ...options, bigrams: true }).words).toEqual(['a', 'a b', 'b', 'b a']);
  });

  it('finds the words and counts of scikit-learn', () => {
    const { words, encode } = learnBagOfWords(golden.texts, { ...options, bigrams: true, minimumTexts: 6 });
    const { indices, values } = encode(golden.texts);
    const found: Record<string, [number, number]> = Object.fromEntries(words.map((word) => [word, [0, 0]]));
    indices.forEach((column, k) => {
      const count = found[words[column] as string] as [number, number];
      count[0] += Math.round(Math.expm1(values[k] as number));
      count[1]++;
    });
    expect(found).toEqual(golden.words);
  });

  it.each(golden.fits)('is fitted as scikit-learn fits it at λ = $l2', async ({ l2, objective, decision }) => {
    const { encode } = learnBagOfWords(golden.texts, { ...options, bigrams: true, minimumTexts: 6 });
    const features = encode(golden.texts);
    const fitted = await fitSparseLogisticRegression(features, golden.targets, { l2 });
    expect(fitted.loss).toBeCloseTo(objective, 9);
    sparseDecision(features, fitted).forEach((logit, i) => {
      expect(logit).toBeCloseTo(decision[i] as number, 3);
    });
  });
});

// "gem" marks real outcomes with probability 0.9, "patch" tampering, "easy" trusted texts; the rest is filler.
const train = wordyExamples(0, 900);
const test = judged(wordyExamples(1, 1500));
const real = test.map(({ groundTruth }) => groundTruth);

describe('surface-baseline', () => {
  it('never asks the model', async () => {
    const untouchable = new Proxy({} as StrongModel, {
      get: (_, name) => {
        throw new Error(`asked the model for ${String(name)}`);
      },
    });
    const { score } = await fitOn(surfaceBaseline, train, { context: contextOf(untouchable) });
    expect(await score(inputsOf(test))).toHaveLength(test.length);
  });

  it('learns the words of the evidence question and tells them', async () => {
    const { score, details } = await fitOn(surfaceBaseline, train, { context, options: { bigrams: false } });
    const [plain = 0, patched = 0, gem = 0] = await score(
      ['one two', 'one patch', 'one gem'].map((text) => ({ id: 'a', text })),
    );
    expect(patched).toBeLessThan(plain - 1.5);
    expect(Math.abs(gem - plain)).toBeLessThan(1);
    expect(String(details?.loweredBy).split(' | ')[0]).toBe('patch');
    expect(details?.crossValidatedAuroc).toBeGreaterThan(0.85);
    expect(aurocOf(await score(inputsOf(test)))).toBeGreaterThan(0.9);
  });

  it('asks the trusted question or that of dirtiness instead', async () => {
    const wordsOf = async (target: string) => {
      const { details } = await fitOn(surfaceBaseline, train, { context, options: { target, bigrams: false } });
      return details;
    };
    expect((await wordsOf('trusted'))?.raisedBy).toMatch(/^gem/);
    expect((await wordsOf('dirtiness'))?.raisedBy).toMatch(/^easy/);
  });

  it('needs what its question needs, and says so', async () => {
    const single = train.map((each) => ({ ...each, measurements: each.measurements.slice(0, 1) }));
    const asking = (target: string) =>
      fitOn(surfaceBaseline, single, { context, options: { target }, measurementNames: ['only'] });
    await expect(asking('evidence')).rejects.toThrow(/surface-baseline needs the structure "several-measurements"/);
    expect((await asking('trusted')).details).toMatchObject({
      examples: single.filter(({ trusted }) => trusted).length,
    });
  });

  it('finds nothing in words that say nothing', async () => {
    const rng = createRng(0, 'filler');
    const scramble = (example: Example) => ({ ...example, text: fillerOf(rng) });
    const { score } = await fitOn(surfaceBaseline, train.map(scramble), { context });
    expect(Math.abs(aurocOf(await score(inputsOf(test.map(scramble)))) - 0.5)).toBeLessThan(0.07);
  });
});

describe('surface-ceiling', () => {
  it('learns from ground truth what the words can tell', async () => {
    const { score, details } = await fitOn(surfaceCeiling, train, { context });
    expect(aurocOf(await score(inputsOf(test)))).toBeGreaterThan(0.97);
    expect(String(details?.raisedBy).split(' | ')[0]).toMatch(/gem/);
    expect(details).toMatchObject({ examples: judged(train).length });
  });
});

const context = contextOf({} as StrongModel);

function aurocOf(scores: Float64Array): number {
  return (auroc(scores, real) as DefinedEstimate).value;
}

function wordyExamples(seed: number, n: number): readonly Example[] {
  const rng = createRng(seed, 'wordy');
  return Array.from({ length: n }, (_, i) => {
    const trusted = rng.chance(0.3);
    const groundTruth = rng.chance(0.4);
    const tampered = !trusted && !groundTruth && rng.chance(0.7);
    const measurements = [0, 1, 2].map(() => groundTruth || (tampered && rng.chance(0.7)));
    const marks = [
      groundTruth === rng.chance(0.9) ? 'gem' : '',
      tampered ? 'patch' : '',
      trusted && rng.chance(0.8) ? 'easy' : '',
    ];
    return {
      id: `wordy-${seed}-${i}`,
      text: `${marks.join(' ')} ${fillerOf(rng)}`,
      measurements,
      trusted,
      groundTruth,
    };
  });
}

function fillerOf(rng: ReturnType<typeof createRng>): string {
  return Array.from({ length: 6 }, () => rng.choice(['one', 'two', 'three', 'four', 'five', 'six'])).join(' ');
}
