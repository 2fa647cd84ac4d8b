import type { Example } from '../../src/core/examples.ts';
import { createRng, type Rng } from '../../src/core/random.ts';
import { textOf } from './fake-model.ts';

/** Features of a planted example: sign of an outcome, three attempts at tampering, four of noise. */
export const plantedWidth = 8;
export const plantedMeasurementNames: readonly string[] = ['first', 'second', 'third'];

/**
 * A world whose best scores are known. A visible sign of the outcome is right with probability 0.85, and a real
 * outcome turns all three measurements positive, so P(m_j) = P(aggregate) = 0.85. A visible attempt on measurement j
 * turns it positive with probability 0.75, independently, so three attempts give P(aggregate) = Π P(m_j) = 0.42.
 * Trusted examples hold no attempts.
 */
export function plantedExamples(seed: number, n: number): readonly Example[] {
  const rng = createRng(seed, 'planted-world');
  return Array.from({ length: n }, (_, index) => plantedExample(`example-${seed}-${index}`, rng));
}

function plantedExample(id: string, rng: Rng): Example {
  const trusted = rng.chance(0.3);
  const attempted = !trusted && rng.chance(0.5);
  const sign = rng.chance(attempted ? 0.1 : 0.5);
  const groundTruth = sign && rng.chance(0.85);
  const all = rng.chance(0.6);
  const attempts = plantedMeasurementNames.map(() => attempted && (all || rng.chance(0.5)));
  const measurements = attempts.map((attempt) => groundTruth || (attempt && rng.chance(0.75)));
  const noisy = [sign, ...attempts].map((on) => (on ? 1 : -1) + 0.1 * rng.normal());
  const text = textOf([...noisy, ...Array.from({ length: plantedWidth - 4 }, () => rng.normal())]);
  return { id, text, measurements, trusted, groundTruth };
}
