import { expected } from '../../core/errors.ts';
import { benjaminiHochberg } from '../../stats/benjamini-hochberg.ts';
import { conformalPValues } from '../../stats/conformal.ts';
import { weightedPValues } from '../../stats/weighted-conformal.ts';
import type { DetectorConfig } from '../detection-config.ts';
import type { WeightedExamples } from './fit-detector.ts';

/** Conformal p-values of judged examples from trusted positives, weighted where both have weights. */
export function pValuesOf(calibration: WeightedExamples, judged: WeightedExamples): Float64Array {
  const [own, others] = [calibration.weights, judged.weights];
  if (!own || !others) return conformalPValues(calibration.scores, judged.scores);
  return weightedPValues({ scores: calibration.scores, weights: own }, { scores: judged.scores, weights: others });
}

/** Conformal p-values lie on a grid: adjusted ones that equal the rate must not miss it by their last bit. */
const roundingShare = 1e-12;

/** Which p-values raise an alarm. @throws UserError (`bad-alarm`) when the rate is not in (0, 1). */
export function alarmsOf(
  pValues: ArrayLike<number>,
  { alarm, correction }: Pick<DetectorConfig, 'alarm' | 'correction'>,
): boolean[] {
  requireRate(alarm);
  if (correction === 'none') return Array.from(pValues, (p) => p <= alarm);
  return Array.from(benjaminiHochberg(pValues), (p) => p <= alarm * (1 + roundingShare));
}

/** @throws UserError (`bad-alarm`) when the rate of false alarms is not in (0, 1). */
export function requireRate(alarm: number): void {
  if (alarm > 0 && alarm < 1) return;
  throw expected('bad-alarm', 'the alarm', 'a rate between 0 and 1', alarm, 'Give one such as 0.05.');
}
