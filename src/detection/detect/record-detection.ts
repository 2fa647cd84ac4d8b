import type { AlarmSummary, DetectionRecord, DetectionRow } from '../../core/detection.ts';
import type { OwnExample } from '../../core/own-data.ts';
import { effectiveSampleSize } from '../../stats/weighted-conformal.ts';
import type { DetectorConfig } from '../detection-config.ts';
import type { TechniqueChoice } from './choose-techniques.ts';
import { type DetectionFolds, leastCalibration } from './detection-folds.ts';
import type { DetectionView } from './detection-view.ts';
import { exchangeability, type ShiftScores } from './exchangeability.ts';
import { judgeDetection } from './judge-detection.ts';

export interface DetectionParts {
  readonly rows: readonly DetectionRow[];
  readonly view: DetectionView;
  readonly folds: DetectionFolds;
  readonly choice: TechniqueChoice;
  readonly shifts: ShiftScores;
  /** Of each fold's trusted positives; none without weights. */
  readonly calibrationWeights: readonly Float64Array[];
  readonly config: DetectorConfig;
  readonly model: string;
  /** What the source of the models has to say. */
  readonly modelNotes: readonly string[];
  /** With ground truth where there is some, to judge by. */
  readonly examples: readonly OwnExample[];
}

/** The record of a detection whose rows are final. */
export function recordDetection(parts: DetectionParts): DetectionRecord {
  const { view, choice, config, model, rows } = parts;
  const alarm = alarmSummary(parts);
  const judged = judgeDetection(rows, parts.examples);
  return {
    kind: 'detection',
    schemaVersion: 1,
    data: view.summary,
    model,
    techniques: choice.techniques.map(({ name, technique: { title, source } }) => ({ id: name, title, source })),
    choice: choice.reason,
    alarm,
    exchangeability: exchangeability(view, parts.shifts),
    ...(judged && { judged }),
    seed: config.seed,
    notes: notesOf(parts, alarm),
  };
}

function alarmSummary({ rows, folds, config }: DetectionParts): AlarmSummary {
  const { alarm, correction, weighted } = config;
  const count = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0);
  return {
    rate: alarm,
    correction,
    weighted,
    calibrationExamples: count(folds.calibration),
    smallestPValue: 1 / (Math.max(...folds.calibration) + 1),
    flagged: rows.filter(({ flagged }) => flagged).length,
    untrustedPositives: rows.filter(({ category }) => category === 'untrusted-positive').length,
  };
}

function notesOf(parts: DetectionParts, alarm: AlarmSummary): string[] {
  const notes = [foldsNote(parts), ...parts.modelNotes];
  const { calibration } = parts.folds;
  // Weighted p-values can be smaller; what they rest on is told by their own note.
  const least = alarm.weighted ? 0 : leastCalibration(alarm.rate);
  const tooFew = calibration.filter((count) => count < least).length;
  if (tooFew === calibration.length) notes.push(tooFewNote(parts, alarm));
  else if (tooFew > 0) notes.push(unevenNote(tooFew, parts, alarm));
  if (Math.min(...calibration) === 0) notes.push(emptyFoldNote);
  if (parts.view.groups.some((group) => group !== undefined)) notes.push(groupsNote);
  if (alarm.correction === 'benjamini-hochberg') notes.push(correctionNote(alarm));
  if (alarm.weighted) notes.push(weightsNote(parts));
  return notes;
}

function foldsNote({ folds: { folds, calibration } }: DetectionParts): string {
  const [least, most] = [Math.min(...calibration), Math.max(...calibration)];
  const range = least === most ? `${most}` : `${least} to ${most}`;
  return (
    `Every example was scored by a detector that was trained without it: ${folds} folds, groups and equal texts whole, ` +
    `with ${range} trusted positives in each to compare with. Scores are in deviations from the mean of a fold's positives.`
  );
}

function tooFewNote({ folds }: DetectionParts, { rate, smallestPValue }: AlarmSummary): string {
  const wanted = leastCalibration(rate);
  return (
    `No alarm can be raised at a rate of ${rate}: with so few trusted positives no p-value is below ${smallestPValue.toPrecision(2)}. ` +
    `Collect at least ${wanted * folds.folds} (${wanted} in each of ${folds.folds} folds), or raise the rate; the ranks hold all the same.`
  );
}

function unevenNote(tooFew: number, { folds, rows, view }: DetectionParts, { rate }: AlarmSummary): string {
  const silent = rows.filter(({ category }, i) => {
    const count = folds.calibration[folds.fold[i] as number] as number;
    return category === 'untrusted-positive' && count < leastCalibration(rate);
  });
  return (
    `${tooFew} of ${folds.folds} folds have too few trusted positives for an alarm at a rate of ${rate}, since groups stay whole: ` +
    `it cannot be raised for ${silent.length} of ${view.summary.counts['untrusted-positive']} untrusted positives.`
  );
}

const groupsNote =
  'Examples of a group are alike, so with few groups the rate of false alarms varies more from one set of data to the next.';

const emptyFoldNote =
  'A fold has no trusted positives, since groups stay whole; its untrusted positives have a p-value of 1.';

function correctionNote({ rate, weighted }: AlarmSummary): string {
  const proof = weighted
    ? 'With weighted p-values that is not proven.'
    : 'Between folds that is not proven, only within each.';
  return `Of the alarms, a share of at most ${rate} should be false on average (Benjamini–Hochberg). ${proof}`;
}

/** Fewer than this many examples' worth of weights say little. */
const leastEffective = 20;

function weightsNote({ calibrationWeights, folds }: DetectionParts): string {
  const effective = calibrationWeights.reduce((sum, weights) => sum + effectiveSampleSize(weights), 0);
  const each = effective / folds.folds;
  const said =
    'Trusted positives are weighted by how likely they are among untrusted examples, as learned from examples with every ' +
    'measurement negative, where tampering is no reason to differ. This assumes that real positives differ in the same way, ' +
    `and that the features show it. The weighted trusted positives count as ${effective.toFixed(0)} equal ones, ${each.toFixed(0)} a fold.`;
  if (each >= leastEffective) return said;
  return `${said} That is too few: how far the rate of false alarms holds cannot be told.`;
}
