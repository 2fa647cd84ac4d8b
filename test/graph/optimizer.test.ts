import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import { createAdamW } from '../../src/graph/optimizer.ts';
import { constantRate, warmupCosine } from '../../src/graph/schedule.ts';

/** AdamW as its paper writes it, in float64, one parameter at a time. */
function reference(start: number, gradients: readonly number[], lr: number, decay: number): number {
  let [p, m, v] = [start, 0, 0];
  gradients.forEach((g, i) => {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const [mean, square] = [m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))];
    p = p - lr * decay * p - (lr * mean) / (Math.sqrt(square) + 1e-8);
  });
  return p;
}

describe('AdamW', () => {
  const rng = createRng(3);
  const draws = Array.from({ length: 5 }, () => Float32Array.from({ length: 4 }, () => rng.normal()));

  test('five steps agree with float64', () => {
    const p = Float32Array.of(0.5, -1, 2, 0);
    const start = [...p];
    const optimizer = createAdamW({ p }, { weightDecay: 0.1 });
    for (const g of draws) optimizer.step({ p: g }, 0.01);
    p.forEach((value, i) => {
      const expected = reference(
        start[i] as number,
        draws.map((g) => g[i] as number),
        0.01,
        0.1,
      );
      expect(Math.abs(value - expected)).toBeLessThan(1e-6);
    });
    expect(optimizer.steps).toBe(5);
  });

  test('decay is left out where asked', () => {
    const [w, b] = [Float32Array.of(1), Float32Array.of(1)];
    const optimizer = createAdamW({ w, b }, { weightDecay: 0.5, decays: (name) => name === 'w' });
    optimizer.step({ w: new Float32Array(1), b: new Float32Array(1) }, 0.1);
    expect([w[0], b[0]]).toEqual([Math.fround(0.95), 1]);
  });

  test('gradients are clipped by their norm over all parameters together', () => {
    const clipped = { a: Float32Array.of(1), b: Float32Array.of(1) };
    const small = { a: Float32Array.of(1), b: Float32Array.of(1) };
    // A large epsilon keeps the size of the step proportional to the gradient's.
    const options = { weightDecay: 0, epsilon: 1e3 };
    const norm = createAdamW(clipped, { ...options, maxNorm: 1 }).step(
      { a: Float32Array.of(30), b: Float32Array.of(40) },
      1,
    );
    createAdamW(small, options).step({ a: Float32Array.of(0.6), b: Float32Array.of(0.8) }, 1);
    expect(norm).toBe(50);
    expect(clipped).toEqual(small);
  });

  test('a gradient that is not finite changes nothing and is reported', () => {
    const p = Float32Array.of(1, 2);
    const optimizer = createAdamW({ p });
    expect(() => optimizer.step({ p: Float32Array.of(Number.NaN, 0) }, 0.1)).toThrow(
      /norm of the gradients to be finite/,
    );
    expect([...p, optimizer.steps]).toEqual([1, 2, 0]);
  });
});

describe('schedules', () => {
  test('warm-up climbs from a tenth of the peak, the cosine ends there', () => {
    const rate = warmupCosine({ peak: 1, steps: 101, warmup: 20 });
    expect(rate(0)).toBeCloseTo(0.1);
    expect(rate(10)).toBeCloseTo(0.55);
    expect(rate(20)).toBeCloseTo(1);
    expect(rate(60)).toBeCloseTo(0.55);
    expect(rate(100)).toBeCloseTo(0.1);
    expect(rate(500)).toBeCloseTo(0.1);
  });

  test('a training shorter than the warm-up only climbs', () => {
    const rate = warmupCosine({ peak: 2, steps: 4, warmup: 64 });
    expect([0, 1, 2, 3].map(rate)).toEqual([0.2, 0.65, 1.1, 1.55]);
  });

  test('a constant rate is constant', () => {
    expect([0, 7].map(constantRate(0.3))).toEqual([0.3, 0.3]);
  });
});
