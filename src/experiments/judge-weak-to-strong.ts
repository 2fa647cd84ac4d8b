import { type Estimate, isDefined } from '../core/estimates.ts';
import type { Result } from '../core/records.ts';
import type { BootstrapOptions } from '../stats/bootstrap.ts';
import { differences, type Place, resultOf } from './judge.ts';
import { groupsOf, type Party, type WeakBench, weakSupervisorName } from './weak-to-strong-parties.ts';
import { accuracyYardstick, aurocYardstick, shareOver, type Yardstick } from './yardsticks.ts';

/** Names of the techniques that the others are held against. */
export interface WeakToStrongEnds {
  /** The student that is trained on the weak labels as they are. */
  readonly naive: string;
  /** The student that is trained on ground truth. */
  readonly ceiling: string;
}

/**
 * Weak-to-strong generalization (methods.md 3.2, 4.5) on one split, over all its untrusted examples, per seed and over
 * all seeds: AUROC and accuracy against ground truth of every technique and of the weak labels (`weak-supervisor`),
 * agreement with the weak labels, differences to the naive student and to the weak labels (paired, with Holm's
 * correction), and the gap from the weak labels to the ceiling that a technique recovers.
 */
export function judgeWeakToStrong(
  benches: readonly WeakBench[],
  place: Place,
  ends: WeakToStrongEnds,
  options: BootstrapOptions = {},
): Result[] {
  return groupsOf(benches).flatMap(({ seed, techniques, weak }) => {
    const agreements = techniques.map((party) =>
      resultOf(party, place, seed, 'supervisor-agreement', shareOver('agreed', party, options)),
    );
    const yardsticks = [aurocYardstick(options), accuracyYardstick(options)];
    const weakAuroc = (yardsticks[0] as Yardstick).estimate(weak);
    const measured = yardsticks.flatMap((yardstick) => [
      ...values(yardstick, [...techniques, weak], place, seed),
      ...toNaive(yardstick, techniques, ends.naive, place, seed),
      ...toWeak(yardstick, techniques, weak, place, seed),
      ...gaps(yardstick, { techniques, weak, weakAuroc, ceiling: ends.ceiling }, place, seed),
    ]);
    return [...measured, ...agreements];
  });
}

/** AUROC and accuracy against ground truth alone, where there is no weak supervisor to speak of. */
export function judgeGroundTruth(
  benches: readonly WeakBench[],
  place: Place,
  options: BootstrapOptions = {},
): Result[] {
  return groupsOf(benches).flatMap(({ seed, techniques }) =>
    [aurocYardstick(options), accuracyYardstick(options)].flatMap((yardstick) =>
      values(yardstick, techniques, place, seed),
    ),
  );
}

function values(yardstick: Yardstick, parties: readonly Party[], place: Place, seed: Result['seed']): Result[] {
  return parties.map((party) => resultOf(party, place, seed, yardstick.value, yardstick.estimate(party)));
}

function toNaive(
  { toNaive: metric, compare }: Yardstick,
  techniques: readonly Party[],
  name: string,
  place: Place,
  seed: Result['seed'],
): Result[] {
  const naive = techniques.find(({ technique }) => technique === name);
  const compared = techniques.filter((party) => !party.control && party !== naive);
  if (naive !== undefined) return differences(metric, compared, naive, place, seed, compare);
  return compared.map((party) => resultOf(party, place, seed, metric, { undefined: `${name} was not run` }));
}

function toWeak(
  { toWeak: metric, compare }: Yardstick,
  techniques: readonly Party[],
  weak: Party,
  place: Place,
  seed: Result['seed'],
): Result[] {
  const compared = techniques.filter(({ control }) => !control);
  return differences(metric, compared, weak, place, seed, compare);
}

interface GapParties {
  readonly techniques: readonly Party[];
  readonly weak: Party;
  readonly weakAuroc: Estimate;
  readonly ceiling: string;
}

function gaps(yardstick: Yardstick, parties: GapParties, place: Place, seed: Result['seed']): Result[] {
  const { techniques, weak, weakAuroc } = parties;
  const ceiling = techniques.find(({ technique }) => technique === parties.ceiling);
  const refused =
    ceiling === undefined
      ? { undefined: `${parties.ceiling} was not run` }
      : (chanceReason(weakAuroc) ?? reversedReason(yardstick, weak, ceiling));
  return techniques
    .filter((party) => !party.ceiling && !party.control)
    .map((student) => {
      const estimate = refused ?? yardstick.recovered(student, weak, ceiling as Party);
      const ends = { floor: weakSupervisorName, top: parties.ceiling };
      return { ...resultOf(student, place, seed, yardstick.pgr, estimate), ...ends };
    });
}

/** Weak labels that tell nothing of the truth, or its opposite, leave no supervision whose gap could be recovered. */
function chanceReason(weakAuroc: Estimate): Estimate | undefined {
  if (!isDefined(weakAuroc)) return weakAuroc;
  const { value, lower, upper } = weakAuroc;
  if (lower > 0.5) return undefined;
  const fault = upper < 0.5 ? 'inverted' : 'not above chance with confidence';
  return { undefined: `the weak supervisor is ${fault}: AUROC ${shown(value, lower, upper)}` };
}

function reversedReason({ compare }: Yardstick, weak: Party, ceiling: Party): Estimate | undefined {
  const { estimate } = compare(ceiling, weak);
  if (!isDefined(estimate)) return estimate;
  const { value, lower, upper } = estimate;
  if (upper >= 0) return undefined;
  return {
    undefined: `the weak supervisor is better than the ceiling: gap (ceiling − floor) ${shown(value, lower, upper)}`,
  };
}

function shown(value: number, lower: number, upper: number): string {
  return `${value.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`;
}
