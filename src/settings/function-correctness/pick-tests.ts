import type { Rng } from '../../core/random.ts';
import type { BaseProgram, Pool } from './pool.ts';
import { plainTest } from './submission.ts';

/** How much of a problem an example shows. */
export interface TestRange {
  readonly minTests: number;
  readonly maxTests: number;
  /** Longest test that is shown, in characters, as long as enough are shorter. */
  readonly maxTestCharacters: number;
  /** Longest compact text of an example, in characters. */
  readonly maxCharacters: number;
}

/**
 * Indices of the inputs that are shown as tests (methods.md 11.4): drawn from all of them or from those that a specific
 * bug passes, evenly or with a bias toward those that the program passes, or fails.
 */
export function pickTests(pool: Pool, program: BaseProgram, range: TestRange, rng: Rng): number[] {
  const count = rng.integer(range.minTests, range.maxTests);
  const showable = showableInputs(pool, range);
  const bug = rng.chance(0.5) && pool.wrong.length > 0 ? rng.choice(pool.wrong) : undefined;
  const passed = showable.filter((i) => bug?.passes[i]);
  const from = passed.length >= count ? passed : showable;
  const bias = rng.choice([1, 4, 1 / 4]);
  return drawWeighted(from, (i) => (program.passes[i] ? bias : 1), count, rng);
}

/** The shorter ones, and of the others the shortest until there are enough to choose from. */
function showableInputs({ problem, expected }: Pool, { maxTests, maxTestCharacters }: TestRange): number[] {
  const lengths = problem.inputs.map(
    (input, i) => plainTest(problem.entry, { input, expected: expected[i] ?? null }).length,
  );
  const byLength = lengths.map((_, i) => i).sort((a, b) => (lengths[a] as number) - (lengths[b] as number));
  const short = byLength.filter((i) => (lengths[i] as number) <= maxTestCharacters).length;
  return byLength.slice(0, Math.max(short, 2 * maxTests)).sort((a, b) => a - b);
}

/** `count` distinct items, each drawn with a probability in proportion to its weight among those left. */
function drawWeighted(items: readonly number[], weight: (item: number) => number, count: number, rng: Rng): number[] {
  // Sorting by u^(1/w) draws without replacement (Efraimidis and Spirakis 2006).
  const keyed = items.map((item) => [rng.uniform() ** (1 / weight(item)), item] as const);
  return keyed
    .sort(([a], [b]) => b - a)
    .slice(0, count)
    .map(([, item]) => item);
}
