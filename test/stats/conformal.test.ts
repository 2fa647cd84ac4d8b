import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import { benjaminiHochberg } from '../../src/stats/benjamini-hochberg.ts';
import { conformalPValues } from '../../src/stats/conformal.ts';
import { effectiveSampleSize, weightedPValues } from '../../src/stats/weighted-conformal.ts';

/** Scores by one draw each, all from the same source. */
const sources: Record<string, (rng: ReturnType<typeof createRng>) => number> = {
  normal: (rng) => rng.normal(),
  'heavy-tailed': (rng) => rng.normal() / Math.abs(rng.normal()),
  discrete: (rng) => rng.integer(0, 2),
  constant: () => 1,
};

describe('conformal p-values', () => {
  it('count ties against the alarm', () => {
    expect([...conformalPValues([1, 2, 2, 3], [0, 1, 2, 2.5, 9])]).toEqual([0.2, 0.4, 0.8, 0.8, 1]);
    expect([...conformalPValues([], [0, 1])]).toEqual([1, 1]);
    expect(() => conformalPValues([1], [Number.NaN])).toThrow('scores[0]');
  });

  it.each(Object.keys(sources))('are valid for exchangeable %s scores', (name) => {
    const draw = sources[name] as (rng: ReturnType<typeof createRng>) => number;
    const rng = createRng(1, 'conformal', name);
    const draws = 20_000;
    const hits = new Map([0.01, 0.05, 0.1, 0.5].map((alpha) => [alpha, 0]));
    for (let i = 0; i < draws; i++) {
      const calibration = Array.from({ length: 39 }, () => draw(rng));
      const [p] = conformalPValues(calibration, [draw(rng)]);
      for (const [alpha, count] of hits) hits.set(alpha, count + Number((p as number) <= alpha));
    }
    for (const [alpha, count] of hits) {
      expect(count / draws).toBeLessThanOrEqual(alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / draws));
    }
    // With 39 continuous scores p is uniform on 1/40 … 1, so 5 % is met exactly; with 1/40 as the least, 1 % never is.
    if (name === 'normal') expect((hits.get(0.05) as number) / draws).toBeGreaterThan(0.045);
    expect(hits.get(0.01)).toBe(0);
  });
});

describe('weighted conformal p-values', () => {
  it('are the plain ones where weights are equal', () => {
    const rng = createRng(2);
    const calibration = Array.from({ length: 50 }, () => rng.integer(0, 20));
    const scores = Array.from({ length: 80 }, () => rng.integer(-1, 21));
    const plain = conformalPValues(calibration, scores);
    const weighted = weightedPValues(
      { scores: calibration, weights: calibration.map(() => 3) },
      { scores, weights: scores.map(() => 3) },
    );
    weighted.forEach((p, i) => {
      expect(p).toBeCloseTo(plain[i] as number, 12);
    });
  });

  it('are right where plain ones are not, under a planted shift', () => {
    const rng = createRng(3);
    // The score is the input itself: x ~ N(0, 1) calibrates, x ~ N(−1, 1) is judged; w(x) = exp(−x − 1/2).
    const weight = (x: number) => Math.exp(-x - 0.5);
    const draws = 4_000;
    let [plain, weighted] = [0, 0];
    for (let i = 0; i < draws; i++) {
      const calibration = Array.from({ length: 200 }, () => rng.normal());
      const x = rng.normal() - 1;
      plain += Number((conformalPValues(calibration, [x])[0] as number) <= 0.1);
      const [p] = weightedPValues(
        { scores: calibration, weights: calibration.map(weight) },
        { scores: [x], weights: [weight(x)] },
      );
      weighted += Number((p as number) <= 0.1);
    }
    expect(plain / draws).toBeGreaterThan(0.35);
    expect(weighted / draws).toBeLessThanOrEqual(0.1 + 3 * Math.sqrt(0.09 / draws));
    expect(weighted / draws).toBeGreaterThan(0.05);
  });

  it('refuse weights that are none', () => {
    const one = { scores: [1], weights: [1] };
    expect(() => weightedPValues({ scores: [1], weights: [0] }, one)).toThrow('weights[0] of calibration');
    expect(() => weightedPValues(one, { scores: [1, 2], weights: [1] })).toThrow('number of weights of judged');
  });

  it('rest on fewer examples the more weights differ', () => {
    expect(effectiveSampleSize([2, 2, 2, 2])).toBe(4);
    expect(effectiveSampleSize([1, 0, 0, 0])).toBe(1);
    expect(effectiveSampleSize([])).toBe(0);
  });
});

describe('Benjamini–Hochberg', () => {
  /** As in the article: the largest k with p₍ₖ₎ ≤ kα/n; the k smallest are called. */
  function slowCalls(pValues: readonly number[], alpha: number): boolean[] {
    const n = pValues.length;
    let bound = -1;
    for (const p of pValues) {
      const rank = pValues.filter((other) => other <= p).length;
      if (p <= (rank * alpha) / n) bound = Math.max(bound, p);
    }
    return pValues.map((p) => p <= bound);
  }

  it('calls what the step-up procedure calls', () => {
    const rng = createRng(4);
    for (let round = 0; round < 200; round++) {
      const pValues = Array.from({ length: rng.integer(0, 30) }, () => rng.integer(1, 40) / 41 / rng.integer(1, 8));
      for (const alpha of [0.013, 0.052, 0.21]) {
        const calls = [...benjaminiHochberg(pValues)].map((adjusted) => adjusted <= alpha);
        expect(calls).toEqual(slowCalls(pValues, alpha));
      }
    }
  });

  it('refuses what is no p-value', () => {
    expect(() => benjaminiHochberg([0.5, 1.2])).toThrow('pValues[1]');
  });
});
