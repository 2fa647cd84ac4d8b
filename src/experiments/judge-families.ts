import { type Estimate, isDefined, type MetricId } from '../core/estimates.ts';
import { createRng } from '../core/random.ts';
import type { Result, TechniqueSummary } from '../core/records.ts';
import type { BootstrapOptions } from '../stats/bootstrap.ts';
import { type FamilyAdvantage, familyAdvantage } from '../stats/family-advantage.ts';
import { type Judged, type Place, resultOf } from './judge.ts';

/** All techniques on one seed and split, with what tells which examples must stay in one half. */
export interface FamilyBench {
  readonly seed: number;
  /** Ground truth, in the order of every technique's scores. */
  readonly truth: readonly boolean[];
  /** Group of each example, undefined where it belongs to none. */
  readonly groups: readonly (string | undefined)[];
  readonly techniques: readonly Judged[];
}

export interface FamilyOptions extends BootstrapOptions {
  /** Structures that each technique exploits, by its name. */
  readonly structures: ReadonlyMap<string, TechniqueSummary['structures']>;
  /** The metric whose examples these are; the estimate's method names it. */
  readonly by: MetricId;
}

/** `Result.technique` where no single technique was chosen. */
const bestOfStructure = 'best-of-structure';

/**
 * AUROC of the best technique that exploits structure minus that of the best general one, cross-fitted over halves of the
 * examples and pooled over seeds (see `familyAdvantage`). `floor` names the general techniques chosen, `top` the
 * structural ones; undefined where a family is empty. Ceilings and controls belong to none.
 */
export function judgeFamilies(
  benches: readonly FamilyBench[],
  place: Place,
  { structures, by, ...options }: FamilyOptions,
): Result {
  const [first] = benches as [FamilyBench];
  const members = first.techniques
    .filter(({ ceiling, control }) => !ceiling && !control)
    .map(({ technique }) => technique);
  const structural = members.filter((name) => isStructural(structures.get(name) ?? []));
  const general = members.filter((name) => !structural.includes(name));
  const seed = benches.length > 1 ? 'all' : first.seed;
  const result = (technique: string, estimate: Estimate) =>
    resultOf({ technique, ceiling: false }, place, seed, 'structure-advantage', estimate);
  if (structural.length === 0 || general.length === 0) {
    const family = structural.length === 0 ? 'technique that exploits structure' : 'general technique';
    return result(bestOfStructure, { undefined: `no ${family} was run` });
  }
  const { estimate, pValue, choices } = advantageOf(benches, structural, general, options);
  const named = isDefined(estimate) ? { ...estimate, method: `${estimate.method}, by ${by}` } : estimate;
  const names = (family: readonly string[], which: 0 | 1) => [
    ...new Set(choices.map((choice) => family[choice[which]])),
  ];
  const [chosen, floors] = [names(structural, 0), names(general, 1)];
  return {
    ...result(chosen.length === 1 ? (chosen[0] as string) : bestOfStructure, named),
    ...(choices.length > 0 && { floor: floors.join(', '), top: chosen.join(', ') }),
    ...(pValue !== undefined && { pValue }),
  };
}

/** That training examples are untrusted is where all supervision starts, so using it is general. */
function isStructural(structures: TechniqueSummary['structures']): boolean {
  return structures.some((structure) => structure !== 'untrusted-examples');
}

function advantageOf(
  benches: readonly FamilyBench[],
  structural: readonly string[],
  general: readonly string[],
  options: BootstrapOptions,
): FamilyAdvantage {
  const perSeed = benches.map((bench) => {
    const byName = new Map(bench.techniques.map(({ technique, scores }) => [technique, scores]));
    const scoresOf = (family: readonly string[]) => family.map((name) => byName.get(name) as Float64Array);
    return { positives: bench.truth, halves: halvesOf(bench), first: scoresOf(structural), second: scoresOf(general) };
  });
  return familyAdvantage(perSeed, options);
}

/** A half, 0 or 1, for each example: groups stay whole, and both halves get as many of each class as that allows. */
function halvesOf({ seed, truth, groups }: FamilyBench): Uint8Array {
  const units = Map.groupBy(
    truth.map((_, row) => row),
    (row) => groups[row] ?? row,
  );
  const halves = new Uint8Array(truth.length);
  // How many more real examples, and how many more others, half 0 has.
  const lead = { real: 0, other: 0 };
  for (const unit of createRng(seed, 'families').shuffle([...units.values()])) {
    const reals = unit.filter((row) => truth[row]).length;
    const others = unit.length - reals;
    const half = Number((reals >= others ? lead.real : lead.other) > 0);
    for (const row of unit) halves[row] = half;
    const sign = half === 0 ? 1 : -1;
    lead.real += sign * reals;
    lead.other += sign * others;
  }
  return halves;
}
