import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileKernel } from '../../scripts/compile-kernel.ts';
import { createRng } from '../../src/core/random.ts';
import { adamwKernel } from '../../src/graph/adamw-kernel.ts';
import { type Arrays, createAdamW, type Optimizer } from '../../src/graph/optimizer.ts';
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

function stepWith(optimizer: Optimizer, gradients: Arrays, rate: number): number {
  for (const [name, array] of Object.entries(gradients)) optimizer.gradients[name]?.set(array);
  return optimizer.step(rate);
}

describe('AdamW', () => {
  const rng = createRng(3);
  const draws = Array.from({ length: 5 }, () => Float32Array.from({ length: 5 }, () => rng.normal()));

  test('five steps agree with float64', () => {
    const start = [0.5, -1, 2, 0, 0.25];
    const optimizer = createAdamW({ p: Float32Array.from(start) }, { weightDecay: 0.1 });
    for (const g of draws) stepWith(optimizer, { p: g }, 0.01);
    start.forEach((value, i) => {
      const gradients = draws.map((g) => g[i] as number);
      const expected = reference(value, gradients, 0.01, 0.1);
      expect(Math.abs((optimizer.parameters.p?.[i] as number) - expected)).toBeLessThan(1e-6);
    });
    expect(optimizer.steps).toBe(5);
  });

  test('arrays of any length, side by side, do not touch one another', () => {
    const lengths = [1, 2, 3, 4, 5, 31, 1000];
    const initial = Object.fromEntries(
      lengths.map((n) => [`p${n}`, Float32Array.from({ length: n }, () => rng.normal())]),
    );
    const gradients = Object.fromEntries(
      lengths.map((n) => [`p${n}`, Float32Array.from({ length: n }, () => rng.normal())]),
    );
    const together = createAdamW(initial, { maxNorm: 1e9 });
    const norm = stepWith(together, gradients, 0.01);
    const all = Object.values(gradients).flatMap((g) => [...g]);
    expect(norm).toBeCloseTo(Math.hypot(...all), 5);
    for (const [name, start] of Object.entries(initial)) {
      const alone = createAdamW({ [name]: start });
      stepWith(alone, { [name]: gradients[name] as Float32Array }, 0.01);
      expect(together.parameters[name]).toEqual(alone.parameters[name]);
      expect(initial[name]).not.toEqual(alone.parameters[name]);
    }
  });

  test('decay is left out where asked', () => {
    const initial = { w: Float32Array.of(1), b: Float32Array.of(1) };
    const optimizer = createAdamW(initial, { weightDecay: 0.5, decays: (name) => name === 'w' });
    optimizer.step(0.1);
    expect([optimizer.parameters.w?.[0], optimizer.parameters.b?.[0]]).toEqual([Math.fround(0.95), 1]);
  });

  test('gradients are clipped by their norm over all parameters together', () => {
    const initial = { a: Float32Array.of(1), b: Float32Array.of(1) };
    // A large epsilon keeps the size of the step proportional to the gradient's.
    const options = { weightDecay: 0, epsilon: 1e3 };
    const clipped = createAdamW(initial, { ...options, maxNorm: 1 });
    const small = createAdamW(initial, options);
    const norm = stepWith(clipped, { a: Float32Array.of(30), b: Float32Array.of(40) }, 1);
    stepWith(small, { a: Float32Array.of(0.6), b: Float32Array.of(0.8) }, 1);
    expect(norm).toBe(50);
    expect(clipped.parameters).toEqual(small.parameters);
  });

  test('a gradient that is not finite changes nothing and is reported', () => {
    const optimizer = createAdamW({ p: Float32Array.of(1, 2) });
    expect(() => stepWith(optimizer, { p: Float32Array.of(Number.NaN, 0) }, 0.1)).toThrow(
      /norm of the gradients to be finite/,
    );
    expect([...(optimizer.parameters.p ?? []), optimizer.steps]).toEqual([1, 2, 0]);
  });

  test('the module is its text, compiled', async () => {
    const text = readFileSync(new URL('../../src/graph/adamw-kernel.wat', import.meta.url), 'utf8');
    expect(await compileKernel(text)).toBe(adamwKernel);
  });
});

describe("AdamW's state", () => {
  const draws = Array.from({ length: 6 }, (_, step) => Float32Array.of(step - 2.3, Math.sin(step), 40));
  const options = { weightDecay: 0.1, maxNorm: 1 };

  test('a restored optimizer continues bit-identically', () => {
    const whole = createAdamW({ p: Float32Array.of(0.5, -1, 2) }, options);
    for (const g of draws.slice(0, 3)) stepWith(whole, { p: g }, 0.01);
    const resumed = createAdamW({ p: (whole.parameters.p as Float32Array).slice() }, options, whole.state());
    for (const g of draws.slice(3)) for (const each of [whole, resumed]) stepWith(each, { p: g }, 0.01);
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.steps).toBe(6);
    expect(resumed.state()).toEqual(whole.state());
  });

  test('a state is a copy, given and taken', () => {
    const optimizer = createAdamW({ p: Float32Array.of(1) });
    const before = optimizer.state();
    const restored = createAdamW({ p: Float32Array.of(1) }, {}, before);
    for (const each of [optimizer, restored]) stepWith(each, { p: Float32Array.of(1) }, 0.1);
    expect(before).toEqual({ steps: 0, means: { p: Float32Array.of(0) }, squares: { p: Float32Array.of(0) } });
  });

  test('a state of other parameters is refused by name', () => {
    const state = createAdamW({ p: new Float32Array(2) }).state();
    expect(() => createAdamW({ p: new Float32Array(3) }, {}, state)).toThrow(
      /"p" \(running mean\) to be "?3 values"?, got "2 values"/,
    );
    expect(() => createAdamW({ q: new Float32Array(2) }, {}, state)).toThrow(/"q".*got "nothing"/);
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
