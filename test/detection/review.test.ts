import { describe, expect, it } from 'vitest';
import type { DetectionRow } from '../../src/core/detection.ts';
import { isDefined } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import { estimateFromAnswers, type ReviewEstimates } from '../../src/detection/review/estimate-from-answers.ts';
import { pickForReview } from '../../src/detection/review/pick-for-review.ts';
import { readAnswers } from '../../src/detection/review/read-answers.ts';
import { reviewCsv } from '../../src/detection/review/review-csv.ts';
import type { ReviewPick } from '../../src/detection/review/review-pick.ts';

/** Untrusted positives of which the first are flagged, and one example of another category. */
function detection(count: number, flagged: number): DetectionRow[] {
  const rows = Array.from(
    { length: count },
    (_, i): DetectionRow => ({
      id: `e${i}`,
      category: 'untrusted-positive',
      score: i,
      further: {},
      pValue: (i + 1) / (count + 1),
      rank: i + 1,
      flagged: i < flagged,
    }),
  );
  const trusted = { id: 't', category: 'trusted-positive', score: 9, further: {} } as const;
  return [...rows, { ...trusted, pValue: null, rank: null, flagged: false }];
}

const idsOf = (picks: readonly ReviewPick[], why: ReviewPick['why']) =>
  picks
    .filter((pick) => pick.why === why)
    .map(({ id }) => id)
    .sort();

describe('pickForReview', () => {
  it('takes those around the threshold, and a random part of each flag', () => {
    const picks = pickForReview(detection(400, 40), { budget: 20, randomShare: 0.5, seed: 3 });
    expect(new Set(picks.map(({ id }) => id)).size).toBe(20);
    expect(idsOf(picks, 'uncertain')).toEqual(Array.from({ length: 10 }, (_, i) => `e${35 + i}`));
    const random = picks.filter(({ why }) => why === 'random');
    const flagged = random.filter((pick) => pick.flagged);
    expect([flagged.length, random.length]).toEqual([5, 10]);
    for (const { inclusionProbability } of flagged) expect(inclusionProbability).toBe(5 / 35);
    for (const pick of random) if (!pick.flagged) expect(pick.inclusionProbability).toBe(5 / 355);
  });

  it('includes each example as often as it says', () => {
    const rows = detection(30, 10);
    const counts = new Map<string, number>();
    const stated = new Map<string, number>();
    for (let seed = 0; seed < 2_000; seed++) {
      for (const { id, inclusionProbability } of pickForReview(rows, { budget: 12, seed })) {
        counts.set(id, (counts.get(id) ?? 0) + 1);
        stated.set(id, inclusionProbability);
      }
    }
    expect(stated.size).toBe(30);
    for (const [id, probability] of stated) {
      const deviation = Math.sqrt((probability * (1 - probability)) / 2_000);
      expect(Math.abs((counts.get(id) as number) / 2_000 - probability)).toBeLessThanOrEqual(4.5 * deviation);
    }
  });

  it('is the same for a seed, whatever the order of the rows', () => {
    const rows = detection(60, 9);
    const picks = pickForReview(rows, { budget: 15, seed: 1 });
    expect(pickForReview([...rows].reverse(), { budget: 15, seed: 1 })).toEqual(picks);
    expect(pickForReview(rows, { budget: 15, seed: 2 })).not.toEqual(picks);
  });

  it.each([
    [0, 'none'],
    [50, 'all'],
    [49, 'all but one'],
  ])('spends the whole budget when %i of 50 are flagged', (flagged) => {
    expect(pickForReview(detection(50, flagged), { budget: 20 })).toHaveLength(20);
  });

  it('takes everything once when the budget is larger than that', () => {
    const picks = pickForReview(detection(12, 4), { budget: 1_000 });
    expect(picks).toHaveLength(12);
    expect(picks.every(({ inclusionProbability }) => inclusionProbability === 1)).toBe(true);
    expect(pickForReview([], { budget: 5 })).toEqual([]);
  });

  it.each([
    [{ budget: 0 }, 'review-budget'],
    [{ budget: 2.5 }, 'review-budget'],
    [{ budget: 5, randomShare: 1.1 }, 'review-share'],
    [{ budget: 5, randomShare: Number.NaN }, 'review-share'],
  ])('refuses %o', (options, code) => {
    expect(() => pickForReview(detection(5, 1), options)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a review as CSV', () => {
  const picks = pickForReview(detection(40, 8), { budget: 10 });
  const [first, second] = picks.map(({ id }) => id) as [string, string];
  const texts = new Map([
    [first, '=1+1'],
    [second, 'two\nlines, "quoted"; -1'],
  ] as const);
  const filled = (answer: (id: string) => string) =>
    reviewCsv(picks, texts).replace(/^(e\d+),,/gm, (_, id: string) => `${id},${answer(id)},`);

  it('comes back as it went', () => {
    const { picked, answers } = readAnswers(filled((id) => (id === first ? 'No' : id === second ? '' : ' YES ')));
    expect(picked).toEqual(picks);
    expect(answers.size).toBe(9);
    expect(answers.get(first)).toBe(false);
    expect(answers.has(second)).toBe(false);
  });

  it('runs no formula and keeps numbers', () => {
    const csv = reviewCsv([{ ...(picks[0] as ReviewPick), id: '@id', score: -2 }], new Map([['@id', '=1+1']]));
    expect(csv).toContain("\r\n'@id,,'=1+1,");
    expect(csv).toContain(',-2,');
    expect(readAnswers(csv).picked[0]?.id).toBe('@id');
  });

  it('is read with semicolons, decimal commas, a byte order mark and blank lines', () => {
    const csv = `\ufeffid;real;why;flagged;score;p_value;inclusion_probability\r\na;fake;random;no;1,5;0,25;0,5\r\n;;;;;;\r\n\r\n`;
    expect(readAnswers(csv)).toEqual({
      picked: [{ id: 'a', why: 'random', flagged: false, score: 1.5, pValue: 0.25, inclusionProbability: 0.5 }],
      answers: new Map([['a', false]]),
    });
  });

  const header = 'id,real,text,why,flagged,score,p_value,inclusion_probability\n';
  const rest = 'random,no,1,0.5,0.5\n';

  it('names the lines of what cannot be read, all of them', () => {
    const csv = `${header}a,yes,"two\nlines",${rest}a,no,,${rest}b,perhaps,,${rest}constructor,toString,,${rest}c,yes,,often,no,1,1,1\n`;
    expect(() => readAnswers(csv, 'review.csv')).toThrow(
      'Expected the answers in review.csv to be readable, got line 4: the id a of line 2 again, with the contrary answer; ' +
        'line 5: "perhaps" as real, which is yes or no; line 6: "toString" as real, which is yes or no; ' +
        'line 7: "often" as why, which is random or uncertain. Answer yes (real), no (fake) or nothing, once for each id.',
    );
  });

  it.each([
    ['', 'no column id, real, why'],
    [`id,real\na,yes\n`, 'no column why, flagged, score, p_value, inclusion_probability'],
    [`${header}a,"yes,,${rest}`, 'Save the review as CSV once more'],
  ])('refuses %j', (csv, message) => {
    expect(() => readAnswers(csv)).toThrow(message);
    expect(() => readAnswers(csv)).toThrow(expect.objectContaining({ code: 'unreadable-review' }));
  });

  it.each([
    `,yes,,${rest}`,
    `a,yes,,random,maybe,1,0.5,0.5\n`,
    'a,yes,,random,no,1,,0.5\n',
    'a,yes,,random,no,high,0.5,0.5\n',
    `a,yes,,${rest}a,yes,,${rest}`,
  ])('refuses the line %j', (line) => {
    expect(() => readAnswers(header + line)).toThrow(expect.objectContaining({ code: 'bad-answers' }));
  });
});

/**
 * Whether each untrusted positive is real: fake with one probability where flagged, another where not; the other way round
 * close to the threshold, so that estimates from uncertain picks alone would be far off.
 */
function truthOf(rows: readonly DetectionRow[], precision: number, missed: number): Map<string, boolean> {
  const rng = createRng(5, 'truth', precision, missed);
  const threshold = rows.filter(({ flagged }) => flagged).length;
  const isFake = ({ flagged, rank }: DetectionRow) => {
    const share = flagged ? precision : missed;
    return rng.chance(Math.abs((rank ?? 0) - threshold) < 6 ? 1 - share : share);
  };
  return new Map(rows.map((row) => [row.id, !isFake(row)]));
}

const rates = ['precision', 'falseAlarmRate', 'fakeShare', 'recall'] as const;

function trueRates(rows: readonly DetectionRow[], truth: ReadonlyMap<string, boolean>): Record<string, number> {
  const positives = rows.filter(({ pValue }) => pValue !== null);
  const flagged = positives.filter((row) => row.flagged);
  const count = (of: readonly DetectionRow[], real: boolean) => of.filter(({ id }) => truth.get(id) === real).length;
  return {
    precision: count(flagged, false) / flagged.length,
    falseAlarmRate: count(flagged, true) / count(positives, true),
    fakeShare: count(positives, false) / positives.length,
    recall: count(flagged, false) / count(positives, false),
  };
}

function answersFor(picks: readonly ReviewPick[], truth: ReadonlyMap<string, boolean>): Map<string, boolean> {
  return new Map(picks.map(({ id }) => [id, truth.get(id) as boolean]));
}

describe('estimateFromAnswers', () => {
  it.each([
    [400, 40, 0.8, 0.1, 40],
    [400, 20, 0.5, 0.25, 60],
    [2_000, 100, 0.9, 0.01, 50],
    [300, 30, 0, 0.05, 40],
    [300, 5, 1, 0.05, 30],
    [1_000, 300, 0.5, 0.5, 20],
    [150, 10, 0.7, 0.1, 100],
  ])(
    'covers the truth: %i examples, %i flagged, fakes %f and %f, budget %i',
    (count, flagged, precision, missed, budget) => {
      const rows = detection(count, flagged);
      const truth = truthOf(rows, precision, missed);
      const expectedRates = trueRates(rows, truth);
      const found: Record<string, { covered: number; errors: number[] }> = {};
      for (let seed = 0; seed < 400; seed++) {
        const picks = pickForReview(rows, { budget, seed });
        const estimates = estimateFromAnswers(picks, answersFor(picks, truth), rows);
        for (const rate of rates) {
          const estimate = estimates[rate];
          if (!isDefined(estimate)) continue;
          found[rate] ??= { covered: 0, errors: [] };
          const value = expectedRates[rate] as number;
          found[rate].covered += Number(estimate.lower <= value + 1e-9 && value <= estimate.upper + 1e-9);
          found[rate].errors.push(estimate.value - value);
        }
      }
      for (const rate of rates) {
        const { covered, errors } = found[rate] as { covered: number; errors: number[] };
        expect(covered / errors.length, rate).toBeGreaterThanOrEqual(0.93);
      }
      // Shares of a known number are unbiased although half of the picks are not random.
      for (const rate of ['precision', 'fakeShare'] as const) {
        const errors = found[rate]?.errors as number[];
        const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
        const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0)) / errors.length;
        expect(Math.abs(mean), rate).toBeLessThanOrEqual(4 * spread + 1e-9);
      }
    },
  );

  const rows = detection(100, 10);
  const truth = truthOf(rows, 0.7, 0.2);

  it('is exact when everything was checked', () => {
    const picks = pickForReview(rows, { budget: 100 });
    const estimates = estimateFromAnswers(picks, answersFor(picks, truth), rows);
    const expectedRates = trueRates(rows, truth);
    for (const rate of rates) {
      const value = expectedRates[rate] as number;
      const ends = { value, lower: value, upper: value, n: rate === 'precision' ? 10 : 100 };
      for (const [key, end] of Object.entries(ends)) {
        expect(estimates[rate as keyof ReviewEstimates], rate).toHaveProperty(key, expect.closeTo(end, 9));
      }
    }
    expect(estimates.notes).toEqual([]);
  });

  it('says how many were not answered, and rests on the others', () => {
    const picks = pickForReview(rows, { budget: 40 });
    const answers = new Map([...answersFor(picks, truth)].slice(0, 30));
    const estimates = estimateFromAnswers(picks, answers, rows);
    expect(estimates).toMatchObject({ asked: 40, answered: 30, fakeShare: { n: 30 } });
    expect(estimates.notes.join()).toContain('10 of 40 examples were not answered');
  });

  it('does not guess where nobody answered', () => {
    const picks = pickForReview(rows, { budget: 40 });
    const flaggedOnly = new Map([
      ...answersFor(
        picks.filter(({ flagged }) => flagged),
        truth,
      ),
    ]);
    const estimates = estimateFromAnswers(picks, flaggedOnly, rows);
    expect(isDefined(estimates.precision)).toBe(true);
    expect(estimates.recall).toHaveProperty('undefined', expect.stringContaining('no answer for examples'));
    expect(estimateFromAnswers(picks, new Map(), rows).precision).toHaveProperty('undefined');
    const uncertainOnly = pickForReview(rows, { budget: 10, randomShare: 0 });
    const tilted = estimateFromAnswers(uncertainOnly, answersFor(uncertainOnly, truth), rows);
    expect(tilted.fakeShare).toHaveProperty('undefined', expect.stringContaining('drawn at random'));
  });

  it('has no precision without an alarm, and no false alarms', () => {
    const none = detection(80, 0);
    const picks = pickForReview(none, { budget: 30 });
    const estimates = estimateFromAnswers(picks, answersFor(picks, truthOf(none, 0, 0.3)), none);
    expect(estimates.precision).toEqual({ undefined: 'nothing is flagged' });
    expect(estimates.falseAlarmRate).toMatchObject({ value: 0, lower: 0, upper: 0 });
    expect(estimates.recall).toMatchObject({ value: 0, lower: 0, upper: 0 });
  });

  it('finds every real one an alarm when all are flagged', () => {
    const all = detection(80, 80);
    const picks = pickForReview(all, { budget: 30 });
    const estimates = estimateFromAnswers(picks, answersFor(picks, truthOf(all, 0.4, 0)), all);
    expect(estimates.falseAlarmRate).toMatchObject({ value: 1, lower: 1, upper: 1 });
    expect(estimates.recall).toMatchObject({ value: 1, lower: 1, upper: 1 });
    expect(estimates.precision).toEqual(estimates.fakeShare);
  });

  it('refuses answers to another detection', () => {
    const picks = pickForReview(rows, { budget: 20 });
    const answers = answersFor(picks, truth);
    for (const [other, asked] of [
      [detection(100, 50), answers],
      [detection(5, 1), answers],
      [rows, new Map([['e999', true]])],
    ] as const) {
      expect(() => estimateFromAnswers(picks, asked, other)).toThrow(
        expect.objectContaining({ code: 'review-does-not-fit' }),
      );
    }
  });
});
