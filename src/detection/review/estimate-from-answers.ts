import type { DetectionRow } from '../../core/detection.ts';
import { UserError } from '../../core/errors.ts';
import type { Estimate } from '../../core/estimates.ts';
import { hypergeometricInterval } from '../../stats/hypergeometric-interval.ts';
import { type LevelOptions, resolveLevel } from '../../stats/level.ts';
import { type Bounded, boundedShare, boundedSum } from '../../stats/mover.ts';
import type { ReviewAnswers } from './read-answers.ts';
import type { ReviewPick } from './review-pick.ts';

/** What a person's answers say of a detection, over all untrusted positives and not only those checked. */
export interface ReviewEstimates {
  /** Share of the flagged examples that are fake. */
  readonly precision: Estimate;
  /** Share of the real examples that are flagged. */
  readonly falseAlarmRate: Estimate;
  /** Share of the examples that are fake. */
  readonly fakeShare: Estimate;
  /** Share of the fake examples that are flagged. */
  readonly recall: Estimate;
  /** Examples that were asked about, and those that were answered. */
  readonly asked: number;
  readonly answered: number;
  readonly notes: readonly string[];
}

/** Examples that were picked in one way, of which those answered count as drawn at random. */
interface Stratum {
  readonly name: string;
  readonly flagged: boolean;
  readonly population: number;
  readonly asked: number;
  readonly answered: number;
  readonly fake: number;
}

/**
 * Rates with intervals from the answers to a review. Uncertain picks and the rest, flagged and not, are strata of their own,
 * each counted with its inclusion probability, so that nothing is tilted by what was picked (Horvitz and Thompson 1952); a
 * stratum's number of fakes has the exact hypergeometric interval, sums and shares have `boundedSum` and `boundedShare` of
 * those. A rate is undefined where a stratum that it needs has no answer.
 * @param rows of the detection that the review was picked from, all of them.
 * @throws UserError `review-does-not-fit` when picks and rows are not of the same detection, or an answer was not asked for.
 */
export function estimateFromAnswers(
  picked: readonly ReviewPick[],
  answers: ReviewAnswers['answers'],
  rows: readonly DetectionRow[],
  options: LevelOptions = {},
): ReviewEstimates {
  const level = resolveLevel(options);
  const positives = rows.filter(({ pValue }) => pValue !== null);
  requireSameDetection(picked, answers, positives);
  const strata = strataOf(picked, answers, positives);
  const flagged = strata.filter((stratum) => stratum.flagged);
  const passed = strata.filter((stratum) => !stratum.flagged);
  const count = (kind: 'fake' | 'real', of: readonly Stratum[]) =>
    boundedSum(of.map((stratum) => bounds(kind, stratum, level)));
  const part = (kind: 'fake' | 'real', of: readonly Stratum[]) => scaled(count(kind, of), populationOf(of));
  const flaggedPart = (kind: 'fake' | 'real') => boundedShare(count(kind, flagged), count(kind, passed));
  return {
    precision: estimate(part('fake', flagged), flagged, level, 'nothing is flagged'),
    falseAlarmRate: estimate(flaggedPart('real'), strata, level, 'no real example was found'),
    fakeShare: estimate(part('fake', strata), strata, level, 'there are no untrusted positives'),
    recall: estimate(flaggedPart('fake'), strata, level, 'no fake example was found'),
    asked: picked.length,
    answered: answers.size,
    notes: notesOf(picked, strata),
  };
}

function requireSameDetection(
  picked: readonly ReviewPick[],
  answers: ReviewAnswers['answers'],
  positives: readonly DetectionRow[],
): void {
  const flags = new Map(positives.map(({ id, flagged }) => [id, flagged]));
  const ids = new Set(picked.map(({ id }) => id));
  const unknown = picked.filter(({ id }) => !flags.has(id)).map(({ id }) => `${id}, which is no untrusted positive`);
  const changed = picked
    .filter(({ id, flagged }) => flags.has(id) && flags.get(id) !== flagged)
    .map(({ id, flagged }) => `${id}, which was ${flagged ? 'flagged' : 'not flagged'} then and is no more`);
  const unasked = [...answers.keys()].filter((id) => !ids.has(id)).map((id) => `an answer for ${id}, not asked for`);
  const faults = [...unknown, ...changed, ...unasked];
  if (faults.length === 0) return;
  const got = faults.slice(0, 10).join('; ') + (faults.length > 10 ? `; and ${faults.length - 10} more` : '');
  const next = 'Use the data, the alarm and the seed that the review was picked with.';
  throw new UserError('review-does-not-fit', `Expected the review to be of this detection, got ${got}. ${next}`);
}

function strataOf(
  picked: readonly ReviewPick[],
  answers: ReviewAnswers['answers'],
  positives: readonly DetectionRow[],
): Stratum[] {
  return [true, false].flatMap((flagged) => {
    const ofFlag = picked.filter((pick) => pick.flagged === flagged);
    const uncertain = ofFlag.filter(({ why }) => why === 'uncertain');
    const population = positives.filter((row) => row.flagged === flagged).length;
    const words = flagged ? 'flagged' : 'not flagged';
    return [
      stratum(`uncertain and ${words}`, flagged, uncertain.length, uncertain, answers),
      stratum(
        `drawn at random of those ${words}`,
        flagged,
        population - uncertain.length,
        ofFlag.filter(isRandom),
        answers,
      ),
    ];
  });
}

function isRandom({ why }: ReviewPick): boolean {
  return why === 'random';
}

function stratum(
  name: string,
  flagged: boolean,
  population: number,
  asked: readonly ReviewPick[],
  answers: ReviewAnswers['answers'],
): Stratum {
  const answered = asked.flatMap(({ id }) => answers.get(id) ?? []);
  const fake = answered.filter((isReal) => !isReal).length;
  return { name, flagged, population, asked: asked.length, answered: answered.length, fake };
}

/** How many of a stratum's examples are fake, or real. */
function bounds(kind: 'fake' | 'real', { population, answered, fake }: Stratum, level: number): Bounded {
  const successes = kind === 'fake' ? fake : answered - fake;
  const [lower, upper] = hypergeometricInterval({ successes, drawn: answered, population }, level);
  return { value: answered === 0 ? 0 : (population * successes) / answered, lower, upper };
}

function populationOf(strata: readonly Stratum[]): number {
  return strata.reduce((total, { population }) => total + population, 0);
}

function scaled({ value, lower, upper }: Bounded, total: number): Bounded | undefined {
  return total === 0 ? undefined : { value: value / total, lower: lower / total, upper: upper / total };
}

/** @param strata that the rate rests on. */
function estimate(rate: Bounded | undefined, strata: readonly Stratum[], level: number, otherwise: string): Estimate {
  const silent = strata.filter(({ population, answered }) => population > 0 && answered === 0);
  if (silent.length > 0) return { undefined: `no answer for examples ${silent.map(({ name }) => name).join(', or ')}` };
  if (rate === undefined) return { undefined: otherwise };
  const n = strata.reduce((total, { answered }) => total + answered, 0);
  const [lower, upper] = [Math.max(0, rate.lower), Math.min(1, rate.upper)];
  return { value: rate.value, lower, upper, level, n, method: 'stratified-hypergeometric-mover' };
}

function notesOf(picked: readonly ReviewPick[], strata: readonly Stratum[]): string[] {
  const open = strata.filter(({ asked, answered }) => answered < asked);
  const missing = open.reduce((total, { asked, answered }) => total + asked - answered, 0);
  if (missing === 0) return [];
  const where = open.map(({ name, asked, answered }) => `${asked - answered} of ${asked} ${name}`).join('; ');
  return [
    `${missing} of ${picked.length} examples were not answered (${where}). The estimates take those answered for a random part; if the hard ones were left out, or what was found decided when to stop, they are off.`,
  ];
}
