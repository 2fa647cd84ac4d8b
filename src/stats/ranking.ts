import type { Scores } from './scored-examples.ts';

/** Examples by ascending score, cut into groups of tied scores. */
export interface Ranking {
  /** (n) Example indices by ascending score. */
  readonly order: Uint32Array;
  /** (groups) End of each group in `order`, exclusive. */
  readonly ends: Uint32Array;
}

export function rankScores(scores: Scores): Ranking {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i);
  order.sort((a, b) => (scores[a] as number) - (scores[b] as number));
  const ends: number[] = [];
  for (let i = 1; i <= order.length; i++) {
    if (i === order.length || scores[order[i] as number] !== scores[order[i - 1] as number]) ends.push(i);
  }
  return { order, ends: Uint32Array.from(ends) };
}

/**
 * Calls `visit` for each tie group, from the highest score down, with its number of positives and negatives in a
 * resample that holds example i `counts[i]` times.
 */
export function eachGroupDescending(
  { order, ends }: Ranking,
  positive: Uint8Array,
  counts: Uint32Array,
  visit: (positives: number, negatives: number, group: number) => void,
): void {
  for (let group = ends.length - 1; group >= 0; group--) {
    const start = group === 0 ? 0 : (ends[group - 1] as number);
    let positives = 0;
    let total = 0;
    for (let i = start; i < (ends[group] as number); i++) {
      const example = order[i] as number;
      const count = counts[example] as number;
      total += count;
      positives += count * (positive[example] as number);
    }
    visit(positives, total - positives, group);
  }
}

/**
 * AUROC of a resample that holds example i `counts[i]` times, in O(n) from the presorted order; ties count one half.
 * Undefined when a class is absent.
 */
export function aurocOfCounts(ranking: Ranking, positive: Uint8Array, counts: Uint32Array): number | undefined {
  const { order, ends } = ranking;
  if (ends.length === order.length) return aurocOfUntied(order, positive, counts);
  let above = 0;
  let negativesTotal = 0;
  let concordant = 0;
  // Written out rather than with eachGroupDescending: a bootstrap spends most of its time here.
  for (let group = ends.length - 1, i = order.length - 1; group >= 0; group--) {
    const start = group === 0 ? 0 : (ends[group - 1] as number);
    let positives = 0;
    let total = 0;
    for (; i >= start; i--) {
      const example = order[i] as number;
      const count = counts[example] as number;
      total += count;
      if (positive[example] === 1) positives += count;
    }
    concordant += (total - positives) * (above + positives / 2);
    above += positives;
    negativesTotal += total - positives;
  }
  const pairs = above * negativesTotal;
  return pairs === 0 ? undefined : concordant / pairs;
}

/** The same where no two scores are tied: about twice as fast, having no groups and no branch on the class. */
function aurocOfUntied(order: Uint32Array, positive: Uint8Array, counts: Uint32Array): number | undefined {
  let above = 0;
  let total = 0;
  let concordant = 0;
  for (let i = order.length - 1; i >= 0; i--) {
    const example = order[i] as number;
    const count = counts[example] as number;
    const positives = count * (positive[example] as number);
    // An example drawn several times is tied with itself, but never a pair: it has one class.
    concordant += (count - positives) * above;
    above += positives;
    total += count;
  }
  const pairs = above * (total - above);
  return pairs === 0 ? undefined : concordant / pairs;
}

/** Whether two scores order all examples alike, ties included. */
export function ranksAlike(a: Scores, b: Scores): boolean {
  const groups = groupIndices(rankScores(b));
  return groupIndices(rankScores(a)).every((group, i) => group === groups[i]);
}

function groupIndices({ order, ends }: Ranking): Uint32Array {
  const indices = new Uint32Array(order.length);
  let group = 0;
  order.forEach((example, position) => {
    if (position === ends[group]) group++;
    indices[example] = group;
  });
  return indices;
}
