import type { ContrastPair, Example } from '../../src/core/examples.ts';
import { createRng, type Rng } from '../../src/core/random.ts';
import { textOf } from './fake-model.ts';

/** Features of a planted example: sign of an outcome, three attempts at tampering, four of noise. */
export const plantedWidth = 8;
export const plantedMeasurementNames: readonly string[] = ['first', 'second', 'third'];

/**
 * A world whose best scores are known. A visible sign of the outcome is right with probability 0.85, and a real
 * outcome turns all three measurements positive, so P(m_j) = P(aggregate) = 0.85. A visible attempt on measurement j
 * turns it positive with probability 0.75, independently, so three attempts give P(aggregate) = Π P(m_j) = 0.42.
 * Trusted examples hold no attempts. An example is the harder the more attempts it holds, ties broken at random; of two
 * weak supervisors one believes the aggregate measurement, the other knows the outcome of four examples in five. The two
 * wordings of its contrast pair ask for the sign, whose opposite the negative side has.
 */
export function plantedExamples(seed: number, n: number): readonly Example[] {
  const [rng, supervision] = [createRng(seed, 'planted-world'), createRng(seed, 'planted-supervision')];
  return Array.from({ length: n }, (_, index) => plantedExample(`example-${seed}-${index}`, rng, supervision));
}

function plantedExample(id: string, rng: Rng, supervision: Rng): Example {
  const trusted = rng.chance(0.3);
  const attempted = !trusted && rng.chance(0.5);
  const sign = rng.chance(attempted ? 0.1 : 0.5);
  const groundTruth = sign && rng.chance(0.85);
  const all = rng.chance(0.6);
  const attempts = plantedMeasurementNames.map(() => attempted && (all || rng.chance(0.5)));
  const measurements = attempts.map((attempt) => groundTruth || (attempt && rng.chance(0.75)));
  const noisy = [sign, ...attempts].map((on) => (on ? 1 : -1) + 0.1 * rng.normal());
  const features = [...noisy, ...Array.from({ length: plantedWidth - 4 }, () => rng.normal())];
  const beliefs = [measurements.every(Boolean), supervision.chance(0.8) ? groundTruth : !groundTruth];
  const weakLabels = beliefs.map((belief) => (belief ? 0.7 : 0) + 0.3 * supervision.uniform());
  const difficulty = attempts.filter(Boolean).length + supervision.uniform();
  const pairs = [0, 0.3].map((shift) => plantedPair(features, shift));
  return { id, text: textOf(features), pairs, measurements, trusted, groundTruth, weakLabels, difficulty };
}

/** The features with the sign last; wordings differ in an offset of the others. */
function plantedPair([sign = 0, ...others]: readonly number[], shift: number): ContrastPair {
  const prompt = `${textOf(others.map((feature) => feature + shift))} `;
  return { prompt, negative: textOf([-sign]), positive: textOf([sign]) };
}
