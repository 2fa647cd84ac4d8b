import { TouchstoneError } from '../../core/errors.ts';
import { createRng, type Rng } from '../../core/random.ts';
import type { CallResult, Json, Sandbox } from '../../sandbox/sandbox.ts';
import { fuelledEntry, outOfFuel, withFuel } from './fuel.ts';
import { harness } from './harness.ts';
import { type Mutant, mutantsOf } from './mutate.ts';
import type { Problem } from './problem.ts';
import { isShort } from './rewrites.ts';
import { isRight } from './submission.ts';
import { normalise } from './syntax.ts';

/** A program before it is rewritten or tampered with. */
export interface BaseProgram {
  readonly source: string;
  readonly short: boolean;
  /** On every known input. */
  readonly results: readonly CallResult[];
  readonly passes: readonly boolean[];
}

/** Right and wrong programs for a problem. */
export interface Pool {
  readonly problem: Problem;
  /** What is right, by input. */
  readonly expected: readonly Json[];
  readonly right: readonly BaseProgram[];
  readonly wrong: readonly BaseProgram[];
  /** Mutants that are right on all inputs, and those whose loops do not end. */
  readonly equivalent: number;
  readonly endless: number;
}

/**
 * Runs a problem's solutions and up to `mutants` of their mutants, a quarter of which have two bugs.
 * @throws TouchstoneError when two solutions do not agree on some input, or one gives no JSON.
 */
export async function buildPool(problem: Problem, sandbox: Sandbox, seed: number, mutants: number): Promise<Pool> {
  const solutions = [...new Set(problem.solutions.map(normalise))];
  const runs = await Promise.all(solutions.map((source) => runWithFuel(problem, source, sandbox)));
  const expected = (runs[0] as readonly CallResult[]).map((result, i) => valueOfReference(problem, i, result));
  const base = (source: string, results: readonly CallResult[]): BaseProgram => {
    const passes = results.map((result, i) => isRight(result, expected[i] as Json));
    return { source, short: isShort(source), results, passes };
  };
  const right = solutions.map((source, i) => base(source, runs[i] as readonly CallResult[]));
  requireRight(problem, right);
  const sources = drawMutants(
    problem,
    solutions,
    mutants,
    createRng(seed, 'function-correctness', 'mutants', problem.id),
  );
  const tried = await Promise.all(
    sources.map(async (source) => base(source, await runWithFuel(problem, source, sandbox))),
  );
  const ended = tried.filter(({ results }) => !results.some(isEndless));
  const wrong = ended.filter(({ passes }) => !passes.every(Boolean));
  return {
    problem,
    expected,
    right,
    wrong,
    equivalent: ended.length - wrong.length,
    endless: tried.length - ended.length,
  };
}

function runWithFuel(problem: Problem, source: string, sandbox: Sandbox): Promise<readonly CallResult[]> {
  const program = withFuel(source, problem.entry);
  return sandbox.runCalls({ source: harness + program, entry: fuelledEntry, calls: problem.inputs });
}

/** As many of each solution, so that short ones have theirs; every operator of a solution comes before any comes twice. */
function drawMutants(problem: Problem, solutions: readonly string[], count: number, rng: Rng): string[] {
  const perSolution = Math.ceil(count / solutions.length);
  const twice = Math.floor(perSolution / 4);
  const drawn = solutions.flatMap((solution) => {
    const all = mutantsOf(solution, problem.entry);
    const once = byTurns(rng.shuffle(all)).slice(0, perSolution - twice);
    const further = Array.from({ length: all.length === 0 ? 0 : twice }, () => {
      const mutant = rng.choice(all).source;
      const seconds = mutantsOf(mutant, problem.entry);
      return seconds.length === 0 ? mutant : rng.choice(seconds).source;
    });
    return [...once.map(({ source }) => source), ...further];
  });
  return [...new Set(drawn)].filter((source) => !solutions.includes(source));
}

function byTurns(mutants: readonly Mutant[]): Mutant[] {
  const turns = new Map<string, number>();
  const ranked = mutants.map((mutant) => {
    const turn = turns.get(mutant.operator) ?? 0;
    turns.set(mutant.operator, turn + 1);
    return { mutant, turn };
  });
  return ranked.sort((a, b) => a.turn - b.turn).map(({ mutant }) => mutant);
}

function isEndless(result: CallResult): boolean {
  if ('value' in result) return result.value === outOfFuel;
  return result.failure === 'timeout' || result.failure === 'memory' || result.failure === 'killed';
}

function valueOfReference({ id, inputs }: Problem, i: number, result: CallResult): Json {
  if ('value' in result && !isEndless(result)) return result.value;
  const why = 'value' in result ? result.value : result.failure;
  throw new TouchstoneError(
    'bad-problem',
    `Expected the reference solution of ${id} to answer ${JSON.stringify(inputs[i])}, got: ${why}. Mend the problem.`,
  );
}

function requireRight({ id, inputs }: Problem, right: readonly BaseProgram[]): void {
  for (const { source, passes } of right) {
    const i = passes.indexOf(false);
    if (i < 0) continue;
    throw new TouchstoneError(
      'bad-problem',
      `Expected the solutions of ${id} to agree on ${JSON.stringify(inputs[i])}, got another answer from ${source}. Mend the problem.`,
    );
  }
}
