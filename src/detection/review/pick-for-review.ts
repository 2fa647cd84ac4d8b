import type { DetectionRow } from '../../core/detection.ts';
import { expected } from '../../core/errors.ts';
import { createRng } from '../../core/random.ts';
import type { ReviewPick } from './review-pick.ts';

export interface ReviewOptions {
  /** Most examples to check, a whole number from 1; a larger one than there are untrusted positives picks them all. */
  readonly budget: number;
  /** In [0, 1]: part of the budget that is drawn at random, which the estimates rest on. @default 0.5 */
  readonly randomShare?: number;
  /** @default 0 */
  readonly seed?: number;
}

type Candidate = Omit<ReviewPick, 'why' | 'inclusionProbability'>;

/**
 * Which untrusted positives a person should check to learn most. Part of the budget goes to those closest to the alarm's
 * threshold, where the call is least certain; the rest is a random sample of the others, half of it flagged ones and half of
 * it not, as far as there are enough. So every example's chance of being picked is known (1 for the uncertain ones), which
 * is what unbiased estimates need (Cochran 1977, "Sampling Techniques", chapter 5). In random order, so that whoever stops
 * halfway, for a reason that is not what was found, has seen a fair part of each. Deterministic by seed, whatever the order of the rows.
 * @throws UserError `review-budget`, `review-share` when an option is out of range.
 */
export function pickForReview(
  rows: readonly DetectionRow[],
  { budget, randomShare = 0.5, seed = 0 }: ReviewOptions,
): ReviewPick[] {
  checkOptions(budget, randomShare);
  const candidates = bySuspicion(rows);
  const uncertain = closestToThreshold(candidates, Math.round(budget * (1 - randomShare)));
  const left = candidates.filter((candidate) => !uncertain.has(candidate));
  const flagged = left.filter((candidate) => candidate.flagged);
  const unflagged = left.filter((candidate) => !candidate.flagged);
  const [ofFlagged, ofUnflagged] = halves(Math.max(0, budget - uncertain.size), flagged.length, unflagged.length);
  const picks = [
    ...[...uncertain].map((candidate): ReviewPick => ({ ...candidate, why: 'uncertain', inclusionProbability: 1 })),
    ...drawn(flagged, ofFlagged, seed, 'flagged'),
    ...drawn(unflagged, ofUnflagged, seed, 'unflagged'),
  ];
  return createRng(seed, 'review', 'order').shuffle(picks);
}

function checkOptions(budget: number, randomShare: number): void {
  if (!Number.isSafeInteger(budget) || budget < 1) {
    const next = 'It is the number of examples that a person will check.';
    throw expected('review-budget', 'the budget of a review', 'a whole number from 1', budget, next);
  }
  if (!(randomShare >= 0 && randomShare <= 1)) {
    const next = 'Leave it out for 0.5.';
    throw expected('review-share', 'the random share of a review', 'from 0 to 1', randomShare, next);
  }
}

/** Untrusted positives, the most suspicious first. */
function bySuspicion(rows: readonly DetectionRow[]): Candidate[] {
  const candidates = rows.flatMap(({ id, score, pValue, flagged }) =>
    pValue === null ? [] : [{ id, score, pValue, flagged }],
  );
  return candidates.sort((a, b) => a.pValue - b.pValue || a.score - b.score || (a.id < b.id ? -1 : 1));
}

/** Those next to the place between the last flagged one and the first that is not, from both sides. */
function closestToThreshold(candidates: readonly Candidate[], count: number): ReadonlySet<Candidate> {
  const threshold = candidates.filter(({ flagged }) => flagged).length - 0.5;
  const places = candidates.map((_, place) => place);
  places.sort((a, b) => Math.abs(a - threshold) - Math.abs(b - threshold) || a - b);
  return new Set(places.slice(0, count).map((place) => candidates[place] as Candidate));
}

/** Half each; what one side lacks goes to the other. */
function halves(count: number, ...[first, second]: [number, number]): readonly [number, number] {
  const ofFirst = Math.min(first, Math.max(Math.ceil(count / 2), count - second));
  return [ofFirst, Math.min(second, count - ofFirst)];
}

function drawn(stratum: readonly Candidate[], count: number, seed: number, label: string): ReviewPick[] {
  const sample = createRng(seed, 'review', label).sample(stratum, count);
  return sample.map((candidate) => ({ ...candidate, why: 'random', inclusionProbability: count / stratum.length }));
}
