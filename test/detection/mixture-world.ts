import type { Matrix } from '../../src/core/models.ts';
import type { OwnData, OwnExample } from '../../src/core/own-data.ts';
import { createRng, type Rng } from '../../src/core/random.ts';

/** A world of Gaussian features whose share of fake positives is known. */
export interface MixtureWorld {
  readonly data: OwnData;
  readonly rows: Matrix;
  /** The share that the examples were drawn with. */
  readonly share: number;
  readonly kind: 'ordinary' | 'topic' | 'overlap';
  readonly sizes: Readonly<Record<string, number>>;
  readonly separation: number;
}

/**
 * Draws a world. Real positives R ~ N(0, D) with random variances D, fakes F at a random distance; untrusted positives are
 * (1 − π)R + πF with π uniform in [0, 0.6]. Inconsistent examples are made by F's mechanism perturbed: another strength,
 * another direction, and up to 15 % of them flaky real outcomes. `topic`: everything untrusted is moved by a random
 * direction. `overlap`: fakes lie where real positives do. No kind of example has more than `most`.
 */
export function mixtureWorld(seed: number, kind: MixtureWorld['kind'], most = 3000): MixtureWorld {
  const rng = createRng(seed, 'mixture-world', kind);
  const between = (low: number, high: number) => low + (high - low) * rng.uniform();
  const logBetween = (low: number, high: number) => Math.round(Math.exp(between(Math.log(low), Math.log(high))));
  const d = logBetween(3, 40);
  const separation = kind === 'overlap' ? between(0, 0.7) : between(0.8, 4);
  const deviations = Float64Array.from({ length: d }, () => Math.exp(0.3 * rng.normal()));
  const direction = (length: number) => {
    const raw = Float64Array.from({ length: d }, () => rng.normal());
    const norm = Math.hypot(...raw);
    return raw.map((x, j) => (length * x * (deviations[j] as number)) / norm);
  };
  const fake = direction(separation);
  const strength = between(0.8, 1.2);
  const bent = direction(between(0, 0.3) * separation);
  const failed = fake.map((x, j) => strength * x + (bent[j] as number));
  const negative = direction(between(1, 3));
  const topic = kind === 'topic' ? direction(between(0.2, 1.5)) : new Float64Array(d);
  const spread = between(0.75, 1.3);
  const flaky = between(0, 0.15);
  const share = between(0, 0.6);
  const sizes = {
    trustedPositive: Math.min(most, logBetween(50, 1000)),
    trustedNegative: Math.min(most, logBetween(50, 1000)),
    untrustedPositive: Math.min(most, logBetween(200, 3000)),
    untrustedNegative: Math.min(most, logBetween(200, 2000)),
    inconsistent: Math.min(most, logBetween(80, 1000)),
  };
  const zero = new Float64Array(d);
  const rows: number[] = [];
  const examples: OwnExample[] = [];
  const add = (trusted: boolean, pattern: boolean[], outcome: boolean, centre: Float64Array, scale: number) => {
    for (let j = 0; j < d; j++) {
      const noise = scale * (deviations[j] as number) * rng.normal();
      rows.push((centre[j] as number) + noise + (trusted ? 0 : (topic[j] as number)));
    }
    const id = String(examples.length);
    examples.push({ id, text: '', measurements: pattern, trusted, groundTruth: outcome });
  };
  const [good, bad] = [
    [true, true, true],
    [false, false, false],
  ];
  for (let i = 0; i < sizes.trustedPositive; i++) add(true, good, true, zero, 1);
  for (let i = 0; i < sizes.trustedNegative; i++) add(true, bad, false, negative, 1);
  for (let i = 0; i < sizes.untrustedNegative; i++) add(false, bad, false, negative, 1);
  for (let i = 0; i < sizes.untrustedPositive; i++) {
    const isFake = rng.chance(share);
    add(false, good, !isFake, isFake ? fake : zero, isFake ? spread : 1);
  }
  for (let i = 0; i < sizes.inconsistent; i++) {
    const isFlaky = rng.chance(flaky);
    add(false, pattern(rng), isFlaky, isFlaky ? zero : failed, isFlaky ? 1 : spread);
  }
  const data = {
    name: `world ${seed}`,
    measurementNames: ['a', 'b', 'c'],
    examples,
    rows: examples.length,
    rejected: [],
    fingerprint: String(seed),
  };
  return {
    data,
    rows: { rows: examples.length, columns: d, data: Float32Array.from(rows) },
    share,
    kind,
    sizes,
    separation,
  };
}

/** Some positive and some negative. */
function pattern(rng: Rng): boolean[] {
  const code = rng.integer(1, 6);
  return [0, 1, 2].map((bit) => ((code >> bit) & 1) === 1);
}
