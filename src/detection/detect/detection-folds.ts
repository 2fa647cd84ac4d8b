import { UserError } from '../../core/errors.ts';
import type { DetectorConfig } from '../detection-config.ts';
import { dealFolds } from '../inspect/deal-folds.ts';
import type { DetectionView } from './detection-view.ts';

/** The folds of a detection: each is scored by a detector that was trained on the others. */
export interface DetectionFolds {
  /** (n) from 0 */
  readonly fold: Int32Array;
  readonly folds: number;
  /** Trusted positives of each fold: what its p-values rest on. */
  readonly calibration: readonly number[];
  /** The fold whose detector is kept: the first, or where groups leave it too few trusted positives the one with most. */
  readonly kept: number;
}

const mostFolds = 5;

/**
 * Deals the examples: groups and texts stay whole, and each fold has its share of every category. `auto` takes the most
 * folds, from 5 down to 2, that leave each at least 1 / alarm trusted positives. With fewer groups than folds there are as
 * many folds as groups.
 * @throws UserError (`too-few-examples`) with fewer than two trusted positives, or no untrusted one; (`too-few-groups`) when
 *   all examples hang together.
 */
export function detectionFolds(
  view: DetectionView,
  { folds: wanted, alarm, seed }: Pick<DetectorConfig, 'folds' | 'alarm' | 'seed'>,
): DetectionFolds {
  requireEnough(view);
  if (wanted !== 'auto') return dealt(view, wanted, { alarm, seed });
  const enough = Math.ceil(1 / alarm);
  for (let folds = mostFolds; folds > 2; folds--) {
    const tried = dealt(view, folds, { alarm, seed });
    if (Math.min(...tried.calibration) >= enough) return tried;
  }
  return dealt(view, 2, { alarm, seed });
}

function dealt(
  { examples, categories, groups }: DetectionView,
  wanted: number,
  { alarm, seed }: Pick<DetectorConfig, 'alarm' | 'seed'>,
): DetectionFolds {
  const kinds = examples.map(({ text }, i) => {
    const group = groups[i];
    return { text, kind: categories[i] as string, ...(group !== undefined && { group }) };
  });
  const fold = dealFolds(kinds, wanted, seed);
  // Empty folds come last, since a block goes to an empty one first.
  const folds = fold.reduce((most, k) => Math.max(most, k + 1), 0);
  if (folds < 2) throw oneGroup();
  const trusted = (k: number) => categories.filter((category, i) => category === 'trusted-positive' && fold[i] === k);
  const calibration = Array.from({ length: folds }, (_, k) => trusted(k).length);
  const isEnough = (calibration[0] as number) >= leastCalibration(alarm);
  return { fold, folds, calibration, kept: isEnough ? 0 : calibration.indexOf(Math.max(...calibration)) };
}

/** Fewer trusted positives than this have no p-value as low as `alarm`. */
export function leastCalibration(alarm: number): number {
  return Math.ceil(1 / alarm) - 1;
}

function oneGroup(): UserError {
  const message = 'Expected at least 2 groups of examples, got 1: what shares a group or a text is never split.';
  return new UserError('too-few-groups', `${message} Give groups that are smaller, or leave \`group\` out.`);
}

function requireEnough({ summary: { counts } }: DetectionView): void {
  const trusted = counts['trusted-positive'];
  if (trusted < 2) {
    const wanted = 'Expected at least 2 trusted examples whose measurements are all positive';
    const next =
      'Collect examples of the kind you want to judge for which nobody could or would have tampered, or check by hand that the ' +
      'outcome really happened, and mark them as trusted; 100 allow an alarm of 5 % in five folds.';
    throw new UserError('too-few-examples', `${wanted}, got ${trusted}. ${next}`);
  }
  if (counts['untrusted-positive'] === 0) {
    const wanted = 'Expected at least 1 untrusted example whose measurements are all positive';
    const next = 'These are the ones whose positive measurements may be fake: there is nothing to judge without them.';
    throw new UserError('too-few-examples', `${wanted}, got none. ${next}`);
  }
}
