import { describe, expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import type { InspectionRecord } from '../../src/core/inspection.ts';
import type { Matrix } from '../../src/core/models.ts';
import type { OwnData, OwnExample } from '../../src/core/own-data.ts';
import { createRng } from '../../src/core/random.ts';
import { dealFolds } from '../../src/detection/inspect/deal-folds.ts';
import { inspectData } from '../../src/detection/inspect/inspect-data.ts';
import { whetherToldApart } from '../../src/detection/inspect/told-apart.ts';
import { mixtureWorld } from './mixture-world.ts';
import { shareIn } from './share-in.ts';

const inspect = (data: OwnData, rows: Matrix, seed = 0) => inspectData({ data, features: { name: 'x', rows }, seed });

function dataOf(examples: readonly OwnExample[]): OwnData {
  const measurementNames = (examples[0]?.measurements ?? []).map((_, j) => `m${j + 1}`);
  return { name: 'own', measurementNames, examples, rows: examples.length, rejected: [], fingerprint: '' };
}

/** One example per line of [count, trusted, measurements, mean of the features]. */
type Kind = readonly [count: number, trusted: boolean, measurements: readonly (boolean | null)[], mean: number];

function build(kinds: readonly Kind[], columns = 4, textOf = (i: number) => `text number ${i}`) {
  const rng = createRng(1, 'build');
  const examples: OwnExample[] = [];
  const values: number[] = [];
  for (const [count, trusted, measurements, mean] of kinds) {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < columns; j++) values.push(rng.normal() + (j === 0 ? mean : 0));
      const id = String(examples.length);
      examples.push({ id, text: textOf(examples.length), measurements, trusted });
    }
  }
  const rows = { rows: examples.length, columns, data: Float32Array.from(values) };
  return { data: dataOf(examples), rows };
}

const [yes, no, mixed] = [
  [true, true],
  [false, false],
  [true, false],
] as const;

/** What can be told well: half of the untrusted positives sit where inconsistent examples do. */
const plain: readonly Kind[] = [
  [80, true, yes, 0],
  [80, true, no, -3],
  [80, false, yes, 0],
  [80, false, yes, 3],
  [80, false, mixed, 3],
  [80, false, no, -3],
];

const findingOf = (record: InspectionRecord, id: string) => record.findings.find((finding) => finding.id === id);
const answerOf = (record: InspectionRecord, id: string) => findingOf(record, id)?.answer;

function requireSound(record: InspectionRecord) {
  expect(JSON.stringify(record)).not.toMatch(/NaN|undefined[^"]|Infinity/);
  const walk = (value: unknown): void => {
    if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(record);
  const shares = [record.fakeShare.combined, ...record.fakeShare.methods.map(({ estimate }) => estimate)];
  for (const estimate of shares.filter(isDefined)) {
    expect(estimate.lower).toBeGreaterThanOrEqual(0);
    expect(estimate.lower).toBeLessThanOrEqual(estimate.value);
    expect(estimate.value).toBeLessThanOrEqual(estimate.upper);
    expect(estimate.upper).toBeLessThanOrEqual(1);
  }
  for (const { text } of record.findings) expect(text.length).toBeGreaterThan(20);
  expect(record.advice.length).toBeGreaterThan(0);
}

describe('the share of fakes', () => {
  it('covers the truth in worlds where it is known, and is rarely unknown', async () => {
    const worlds = Array.from({ length: 20 }, (_, seed) => mixtureWorld(2000 + seed, 'ordinary', 500));
    let covered = 0;
    let unknown = 0;
    for (const world of worlds) {
      const combined = await shareIn(world);
      if (!isDefined(combined)) unknown++;
      else if (combined.lower <= world.share && world.share <= combined.upper) covered++;
    }
    expect(unknown).toBeLessThanOrEqual(5);
    expect(covered + unknown).toBeGreaterThanOrEqual(18);
    expect(covered).toBeGreaterThanOrEqual(15);
  });

  it('is found where half are fake, and its zero where none is', async () => {
    const half = await inspect(...values(build(plain)));
    requireSound(half);
    const { combined } = half.fakeShare;
    expect(isDefined(combined) && combined.lower > 0.1 && combined.lower < 0.5 && combined.upper > 0.5).toBe(true);
    expect(half.verdict.answer).toBe('yes');
    const none = await inspect(...values(build(plain.map((kind, k) => (k === 3 ? [80, false, yes, 0] : kind)))));
    const { combined: zero } = none.fakeShare;
    expect(isDefined(zero) && zero.lower === 0 && zero.upper < 0.4).toBe(true);
    expect(answerOf(none, 'fake-share')).not.toBe('yes');
  });

  it('is not taken from topic: trusted examples from another source', async () => {
    const moved = build(plain.map(([count, trusted, bits, mean]) => [count, trusted, bits, mean + (trusted ? -4 : 0)]));
    const record = await inspect(moved.data, moved.rows);
    requireSound(record);
    expect(record.fakeShare.combined).toHaveProperty('undefined');
    expect(record.fakeShare.methods.every(({ refuted }) => refuted === 'yes')).toBe(true);
    expect(answerOf(record, 'trusted-like-untrusted')).toBe('no');
    expect(record.verdict.reasons.join(' ')).toMatch(/topic/);
    expect(record.advice.join(' ')).toMatch(/same tasks/);
  });
});

const values = ({ data, rows }: ReturnType<typeof build>) => [data, rows] as const;

describe('an inspection', () => {
  it('never reads ground truth', async () => {
    const { data, rows } = mixtureWorld(1, 'ordinary', 150);
    const permuted = createRng(0, 'permute').shuffle(data.examples.map(({ groundTruth }) => groundTruth as boolean));
    const examples = data.examples.map((example, i) => ({ ...example, groundTruth: permuted[i] as boolean }));
    const guarded = data.examples.map((example) => {
      const { groundTruth, ...seen } = example;
      return Object.defineProperty(seen as OwnExample, 'groundTruth', {
        get: () => {
          throw new Error(`read ${groundTruth}`);
        },
      });
    });
    const record = await inspect(data, rows);
    expect(await inspect({ ...data, examples }, rows)).toEqual(record);
    expect(await inspect({ ...data, examples: guarded }, rows)).toEqual(record);
  });

  it('reads measurements, and is the same for the same seed', async () => {
    const { data, rows } = build(plain);
    const record = await inspect(data, rows);
    expect(await inspect(data, rows)).toEqual(record);
    const flipped = data.examples.map((one) => ({ ...one, measurements: one.measurements.map((bit) => !bit) }));
    expect(await inspect({ ...data, examples: flipped }, rows)).not.toEqual(record);
  });

  it('finds evidence, prediction and dependence where they are', async () => {
    const record = await inspect(...values(build(plain)));
    expect(answerOf(record, 'measurements-predictable')).toBe('yes');
    expect(answerOf(record, 'evidence-of-tampering')).toBe('yes');
    expect(answerOf(record, 'measurements-dependent')).toBe('yes');
    expect(answerOf(record, 'categories')).toBe('yes');
    expect(record.data.counts['untrusted-positive']).toBe(160);
  });

  it('says what bare words answer of the question of evidence', async () => {
    const { data, rows } = build(plain);
    const wordsOf = (record: InspectionRecord) =>
      findingOf(record, 'evidence-of-tampering')?.estimates.find(({ label }) => label === 'the same from bare words')
        ?.estimate;
    const told = data.examples.map((one) => ({ ...one, text: `${one.trusted ? 'kept' : 'patched'} ${one.id}` }));
    expect(wordsOf(await inspect({ ...data, examples: told }, rows))).toMatchObject({ value: 1 });
    const wordless = data.examples.map((one) => ({ ...one, text: one.id }));
    expect(wordsOf(await inspect({ ...data, examples: wordless }, rows))).toBeUndefined();
  });

  it('says so where features know nothing', async () => {
    const blind = build(plain.map(([count, trusted, bits]) => [count, trusted, bits, 0]));
    const record = await inspect(blind.data, blind.rows);
    expect(answerOf(record, 'measurements-predictable')).toBe('no');
    expect(answerOf(record, 'evidence-of-tampering')).toBe('no');
    expect(record.fakeShare.combined).toHaveProperty('undefined');
    expect(record.verdict.answer).toBe('no');
    expect(record.advice.join(' ')).toMatch(/richer features/);
  });

  it('names words that tell untrusted from trusted', async () => {
    const { data, rows } = build(plain);
    const examples = data.examples.map((one, i) => {
      return { ...one, text: `run ${i} ${one.trusted ? 'reviewed by hand' : 'nightly pipeline'}` };
    });
    const text = findingOf(await inspect({ ...data, examples }, rows), 'trusted-like-untrusted')?.text;
    expect(text).toMatch(/untrusted: .*"(nightly|pipeline)".*; for trusted: .*"reviewed"/);
  });

  it('sees classes that a feature with two values tells apart wholly', async () => {
    const { data } = build(plain);
    const values = data.examples.map(({ trusted }) => Number(trusted));
    const rows = { rows: values.length, columns: 1, data: Float32Array.from(values) };
    const { findings } = await inspect(data, rows);
    const estimates = findings.find(({ id }) => id === 'trusted-like-untrusted')?.estimates.slice(0, 2);
    for (const one of estimates ?? []) expect(one.estimate).toHaveProperty('value', 1);
    expect(estimates).toHaveLength(2);
  });

  it('names no words where words tell nothing apart', async () => {
    const { data, rows } = build(plain);
    const rng = createRng(3, 'words');
    const words = ['apple', 'river', 'stone', 'cloud', 'engine', 'paper', 'green', 'window', 'copper', 'seven'];
    const examples = data.examples.map((one) => ({ ...one, text: rng.shuffle(words).slice(0, 5).join(' ') }));
    const text = findingOf(await inspect({ ...data, examples }, rows), 'trusted-like-untrusted')?.text;
    expect(text).toMatch(/No single words/);
    expect(text).not.toMatch(/speak most/);
  });

  it('takes no difference of positives for tampering where topic cannot be checked', async () => {
    const record = await inspect(...values(build(plain.filter((_, k) => k !== 1 && k !== 5))));
    expect(isDefined(record.fakeShare.combined) && record.fakeShare.combined.lower).toBeGreaterThan(0.1);
    expect(answerOf(record, 'fake-share')).toBe('cannot-tell');
    expect(record.verdict.summary).toMatch(/cannot be told/);
  });

  it('does not take disagreement of measurements for agreement', async () => {
    const kinds: readonly Kind[] = [
      [40, true, yes, 0],
      [80, false, mixed, 1],
      [80, false, [false, true], 1],
      [30, false, yes, 0],
      [30, false, no, -1],
    ];
    const finding = findingOf(await inspect(...values(build(kinds))), 'measurements-dependent');
    expect(finding?.answer).toBe('no');
    expect(finding?.text).toMatch(/One pair disagrees/);
  });

  it('says of a share that it would be noticed less often, not that it would go unnoticed', async () => {
    const near = build(plain.map(([count, trusted, bits, mean]) => [count, trusted, bits, mean * 0.3]));
    const { verdict, advice } = await inspect(near.data, near.rows);
    expect(verdict.reasons.join(' ')).toMatch(/below \d+ % would be noticed in fewer than four of five cases/);
    expect(advice.join(' ')).not.toMatch(/\b0 more|\d,\d\d[1-9] trusted/);
  });

  it('says that groups make intervals too narrow', async () => {
    const { data, rows } = build(plain);
    const examples = data.examples.map((one, i) => ({ ...one, group: String(i % 50) }));
    expect(findingOf(await inspect({ ...data, examples }, rows), 'categories')?.text).toMatch(/one group/);
    expect(findingOf(await inspect(data, rows), 'categories')?.text).not.toMatch(/one group/);
  });

  it('finds nothing to tell apart by only where few examples are not the reason', () => {
    const between = (lower: number, upper: number) => ({ value: 0.5, lower, upper, level: 0.95, n: 40, method: '' });
    expect(whetherToldApart(between(0.52, 0.6))).toBe('yes');
    expect(whetherToldApart(between(0.44, 0.56))).toBe('no');
    expect(whetherToldApart(between(0.33, 0.67))).toBe('cannot-tell');
    expect(whetherToldApart({ undefined: 'none' })).toBe('cannot-tell');
  });

  it('refuses features that do not fit', async () => {
    const { data, rows } = build([[30, true, yes, 0]]);
    await expect(inspect(data, { ...rows, rows: 29 })).rejects.toMatchObject({ code: 'length' });
    rows.data[5] = Number.NaN;
    await expect(inspect(data, rows)).rejects.toMatchObject({ code: 'not-finite', message: /features\[1, 1\]/ });
  });
});

describe('data that tell little', () => {
  const without = (...left: readonly number[]) => plain.filter((_, k) => !left.includes(k));
  const cases: Readonly<Record<string, [ReturnType<typeof build>, InspectionRecord['verdict']['answer'], RegExp]>> = {
    'no trusted example': [build(without(0, 1)), 'no', /no examples that are trusted/],
    'no untrusted example': [build(without(2, 3, 4, 5)), 'no', /no examples that are untrusted/],
    'twelve trusted positives': [
      build([[12, true, yes, 0], ...without(0)]),
      'cannot-tell',
      /12 examples that are trusted/,
    ],
    'one example': [build([[1, true, yes, 0]]), 'no', /1 example that is trusted/],
    'no example': [build([]), 'no', /absent/],
    'two examples of each kind': [
      build(plain.map(([, ...kind]) => [2, ...kind])),
      'cannot-tell',
      /2 examples that are/,
    ],
    'every measurement absent': [build([[50, false, [null, null], 0]]), 'no', /Every measurement/],
    'no negatives': [build(without(1, 5)), 'cannot-tell', /tell topic from tampering/],
    'no inconsistent example': [build(without(4)), 'yes', /Fewer than ten/],
  };
  for (const [name, [{ data, rows }, answer, reason]] of Object.entries(cases)) {
    it(`are judged soundly: ${name}`, async () => {
      const record = await inspect(data, rows);
      requireSound(record);
      expect(record.verdict.answer).toBe(answer);
      expect(record.verdict.reasons.join(' ')).toMatch(reason);
    });
  }

  it('are judged soundly: one measurement', async () => {
    const one = build(without(4).map(([count, trusted, bits, mean]) => [count, trusted, bits.slice(0, 1), mean]));
    const record = await inspect(one.data, one.rows);
    requireSound(record);
    expect(record.verdict.reasons.join(' ')).toMatch(/one measurement/);
    expect(answerOf(record, 'measurements-dependent')).toBe('cannot-tell');
  });

  it('are judged soundly: constant features, no feature, identical texts, one group', async () => {
    const { data, rows } = build(plain);
    const constant = { ...rows, data: new Float32Array(rows.data.length).fill(0.3) };
    const none = { rows: rows.rows, columns: 0, data: new Float32Array() };
    const grouped = { ...data, examples: data.examples.map((example) => ({ ...example, group: 'all' })) };
    const same = build(plain, 4, () => 'the same');
    const records = [
      await inspect(data, constant),
      await inspect(data, none),
      await inspect(grouped, rows),
      await inspect(same.data, same.rows),
    ];
    for (const record of records) {
      requireSound(record);
      expect(record.fakeShare.combined).toHaveProperty('undefined');
      expect(record.verdict.answer).not.toBe('yes');
    }
  });
});

describe('dealing folds', () => {
  it('keeps groups and texts whole and spreads kinds', () => {
    const rng = createRng(0, 'deal');
    const examples = Array.from({ length: 400 }, (_, i) => ({
      text: i % 10 === 0 ? 'twice the same' : `text ${i}`,
      kind: i % 4 === 0 ? 'a' : 'b',
      ...(i % 3 === 0 && { group: String(rng.integer(0, 40)) }),
    }));
    const fold = dealFolds(examples, 5, 0);
    const foldsOf = (test: (i: number) => boolean) => new Set([...fold].filter((_, i) => test(i)));
    expect(foldsOf((i) => i % 10 === 0).size).toBe(1);
    for (let group = 0; group <= 40; group++) {
      expect(foldsOf((i) => examples[i]?.group === String(group)).size).toBeLessThanOrEqual(1);
    }
    const apart = Array.from({ length: 103 }, (_, i) => ({ text: '', kind: i < 50 ? 'a' : 'b' }));
    const dealt = dealFolds(apart, 5, 0);
    const counts = [0, 1, 2, 3, 4].map((k) => [...dealt].filter((own, i) => own === k && i < 50).length);
    expect(counts).toEqual([10, 10, 10, 10, 10]);
    expect([...dealFolds(apart, 5, 0)]).toEqual([...dealt]);
  });
});
