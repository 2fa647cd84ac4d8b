import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Finding } from '../../core/inspection.ts';
import { bootstrap } from '../../stats/bootstrap.ts';
import { logOddsRatio, type OddsDependence } from '../../stats/log-odds-ratio.ts';
import { holm } from '../../stats/multiplicity.ts';
import { quantile } from '../../stats/quantile.ts';
import { crossFit, isUnasked } from './cross-fit.ts';
import type { InspectView } from './inspect-view.ts';
import { numberOf } from './wording.ts';

/** A pair of measurements, by position. */
type Pair = readonly [number, number];

interface Dependences {
  readonly pair: Pair;
  readonly untrusted: OddsDependence;
  /** Given what the features say. */
  readonly given: OddsDependence;
  readonly trusted: OddsDependence;
}

/** Of more pairs than this the first ones are looked at. */
const mostPairs = 15;
const strataCount = 5;

/**
 * Whether measurements are positive together more often than their rates imply: log odds ratios of pairs, within
 * untrusted and trusted examples, and given fifths of the predicted chance of all being positive (Mantel and Haenszel's
 * idea: what is left is not explained by anything the features know).
 */
export async function dependenceFinding(view: InspectView): Promise<Finding> {
  const question = 'Do measurements agree more than their rates imply?';
  const id = 'measurements-dependent';
  const untrusted = view.of('untrusted-positive', 'untrusted-inconsistent', 'untrusted-negative');
  const trusted = view.of('trusted-positive', 'trusted-inconsistent', 'trusted-negative');
  const pairs = pairsOf(view.measurementNames.length);
  if (pairs.length === 0) {
    const text = 'Cannot tell: there is one measurement, so there is nothing that it could agree with.';
    return { id, question, answer: 'cannot-tell', text, estimates: [] };
  }
  const strata = await strataOf(view, untrusted);
  const found = pairs.map((pair) => ({
    pair,
    untrusted: dependenceOf(view, untrusted, pair),
    given: dependenceOf(view, untrusted, pair, strata),
    trusted: dependenceOf(view, trusted, pair),
  }));
  const excess = excessOf(view, untrusted);
  const tested = found.filter((one) => one.untrusted.pValue !== undefined).length;
  const agree = foundIn(found, 'untrusted', 1);
  const counts = { tested, agree, disagree: foundIn(found, 'untrusted', -1), stay: foundIn(found, 'given', 1) };
  return {
    id,
    question,
    answer: tested === 0 ? 'cannot-tell' : agree > 0 ? 'yes' : 'no',
    text: wordingOf(counts, excess),
    estimates: [{ label: 'all positive, observed over independent', estimate: excess }, ...estimatesOf(view, found)],
  };
}

function pairsOf(measurements: number): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let b = 1; b < measurements && pairs.length < mostPairs; b++) {
    for (let a = 0; a < b && pairs.length < mostPairs; a++) pairs.push([a, b]);
  }
  return pairs;
}

/** (n) Fifth of the predicted log-odds that all measurements are positive, from 0. */
async function strataOf(view: InspectView, untrusted: readonly number[]): Promise<Int32Array> {
  const strata = new Int32Array(view.examples.length);
  const no = view.of('untrusted-inconsistent', 'untrusted-negative');
  const fitted = await crossFit(view, { yes: view.of('untrusted-positive'), no: [no] });
  if (isUnasked(fitted)) return strata;
  const scores = fitted.of(untrusted);
  const cuts = Array.from({ length: strataCount - 1 }, (_, k) => quantile(scores, (k + 1) / strataCount));
  untrusted.forEach((i, k) => {
    strata[i] = cuts.filter((cut) => (scores[k] as number) >= cut).length;
  });
  return strata;
}

function dependenceOf(
  { examples }: InspectView,
  positions: readonly number[],
  [a, b]: Pair,
  strata?: Int32Array,
): OddsDependence {
  const value = (i: number, j: number) => examples[i]?.measurements[j] ?? null;
  const present = positions.filter((i) => value(i, a) !== null && value(i, b) !== null);
  const bits = (j: number) => present.map((i) => value(i, j) === true);
  return logOddsRatio(bits(a), bits(b), strata ? { strata: present.map((i) => strata[i] as number) } : {});
}

/** Share of complete untrusted examples that are all positive, over the product of the measurements' rates. */
function excessOf({ examples, measurementNames }: InspectView, untrusted: readonly number[]): Estimate {
  const complete = untrusted
    .map((i) => examples[i]?.measurements as readonly (boolean | null)[])
    .filter((measurements) => measurements.every((measurement) => measurement !== null));
  if (complete.length < 10) return { undefined: 'fewer than ten untrusted examples have every measurement' };
  return bootstrap(
    complete.length,
    (counts) => {
      const rates = measurementNames.map((_, j) => meanOf(complete, counts, (bits) => bits[j] === true));
      const expected = rates.reduce((product, rate) => product * rate, 1);
      return expected > 0 ? meanOf(complete, counts, (bits) => bits.every(Boolean)) / expected : undefined;
    },
    { resamples: 400 },
  );
}

function meanOf<T>(values: readonly T[], counts: Uint32Array, is: (value: T) => boolean): number {
  return values.reduce((sum, value, i) => sum + (counts[i] as number) * Number(is(value)), 0) / values.length;
}

function estimatesOf({ measurementNames }: InspectView, found: readonly Dependences[]) {
  return found.flatMap(({ pair: [a, b], untrusted, given, trusted }) => {
    const names = `${measurementNames[a]} and ${measurementNames[b]}`;
    return [
      { label: `log odds ratio of ${names}, untrusted`, estimate: untrusted.estimate },
      { label: `the same given what the features predict`, estimate: given.estimate },
      { label: `the same, trusted`, estimate: trusted.estimate },
    ];
  });
}

/** How many pairs are positive together more (1) or less (−1) often than their rates imply, at 5 % over all pairs (Holm). */
function foundIn(found: readonly Dependences[], where: 'untrusted' | 'given', sign: 1 | -1): number {
  const adjusted = holm(found.map((one) => one[where].pValue));
  return found.filter((one, k) => {
    const { estimate } = one[where];
    return isDefined(estimate) && estimate.value * sign > 0 && (adjusted[k] ?? 1) < 0.05;
  }).length;
}

interface Counts {
  readonly tested: number;
  readonly agree: number;
  readonly disagree: number;
  /** Pairs that agree given what the features predict. */
  readonly stay: number;
}

function wordingOf({ tested, agree, disagree, stay }: Counts, excess: Estimate): string {
  if (tested === 0) return 'Cannot tell: no two measurements are both present and vary.';
  const of =
    tested === 1
      ? 'The one pair of measurements'
      : `${agree === 0 ? 'None' : agree} of ${tested} pairs of measurements`;
  const not = tested === 1 && agree === 0 ? 'is not found to agree' : `${agree === 1 ? 'agrees' : 'agree'}`;
  const first = `${of} ${not} more often within untrusted examples than chance and the number of pairs allow.`;
  const less = disagree === 0 ? '' : ` ${pairsText(disagree, 'disagrees', 'disagree')} more often than that.`;
  const times = isDefined(excess)
    ? ` All measurements are positive ${numberOf(excess)} times as often as if they were independent.`
    : '';
  const why =
    agree === 0
      ? ''
      : ` A shared outcome does that by itself, and so does tampering that turns all of them at once; ` +
        `${pairsText(stay, 'still agrees', 'still agree').toLowerCase()} among examples for which the features predict about the same.`;
  return first + less + times + why;
}

function pairsText(count: number, one: string, several: string): string {
  return count === 1 ? `One pair ${one}` : `${count === 0 ? 'No' : count} pairs ${several}`;
}
