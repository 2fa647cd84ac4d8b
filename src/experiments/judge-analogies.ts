import type { MetricId } from '../core/estimates.ts';
import type { Result } from '../core/records.ts';
import type { BootstrapOptions } from '../stats/bootstrap.ts';
import { publishedRmsCalibrationError, rmsCalibrationError } from '../stats/rms-calibration.ts';
import { type Place, resultOf } from './judge.ts';
import { groupsOf, type Party, type WeakBench } from './weak-to-strong-parties.ts';
import { calibrationOver, elicitationOver } from './yardsticks.ts';

/** Names of what a generalization analogy holds techniques against. */
export interface AnalogyEnds {
  /** The split that is drawn from the target distribution. */
  readonly target: string;
  /** The technique that trains nothing. */
  readonly baseline: string;
  /** The technique that is trained on the target. */
  readonly tuned: string;
}

/**
 * Generalization analogies (methods.md 9.2) on one split, per seed and over all seeds: differential elicitation of every
 * technique on the target split, and on every split the calibration of techniques whose score is a log-odds, both
 * correct and as published. The accuracies behind them are `ground-truth-accuracy`.
 */
export function judgeAnalogies(
  benches: readonly WeakBench[],
  place: Place,
  ends: AnalogyEnds,
  options: BootstrapOptions = {},
): Result[] {
  return groupsOf(benches).flatMap(({ seed, techniques }) => [
    ...(place.split === ends.target ? elicitations(techniques, place, seed, ends, options) : []),
    ...techniques.filter(isCalibrated).flatMap((party) => calibrations(party, place, seed, options)),
  ]);
}

function isCalibrated({ thresholded, control }: Party): boolean {
  return !thresholded && !control;
}

function elicitations(
  techniques: readonly Party[],
  place: Place,
  seed: Result['seed'],
  ends: AnalogyEnds,
  options: BootstrapOptions,
): Result[] {
  const find = (name: string) => techniques.find(({ technique }) => technique === name);
  const [baseline, tuned] = [find(ends.baseline), find(ends.tuned)];
  const missing = { undefined: `${baseline === undefined ? ends.baseline : ends.tuned} was not run` };
  return techniques
    .filter((party) => party !== baseline && party !== tuned && !party.control)
    .map((party) => {
      const estimate = baseline && tuned ? elicitationOver(party, baseline, tuned, options) : missing;
      const result = resultOf(party, place, seed, 'differential-elicitation', estimate);
      return { ...result, floor: ends.baseline, top: ends.tuned };
    });
}

const errors = [
  ['rms-calibration-error', rmsCalibrationError],
  ['rms-calibration-error-published', publishedRmsCalibrationError],
] as const satisfies readonly (readonly [MetricId, unknown])[];

function calibrations(party: Party, place: Place, seed: Result['seed'], options: BootstrapOptions): Result[] {
  return errors.map(([metric, error]) => resultOf(party, place, seed, metric, calibrationOver(party, error, options)));
}
