/**
 * Attempts at small programming tasks, made by running programs against tests: right programs, programs with bugs, and
 * programs and tests that were tampered with. What the checks say is measured, whether an attempt is right is known because
 * every known input of the task was tried from outside the program. See README.md.
 */
import { observedCategoryOf } from '../../src/core/own-data.ts';
import { createRng, type Rng } from '../../src/core/random.ts';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { benignTests } from '../../src/settings/function-correctness/benign-tests.ts';
import { pickTests } from '../../src/settings/function-correctness/pick-tests.ts';
import { type BaseProgram, buildPool, type Pool } from '../../src/settings/function-correctness/pool.ts';
import type { Problem } from '../../src/settings/function-correctness/problem.ts';
import { problems } from '../../src/settings/function-correctness/problems/problems.ts';
import { rewriteProgram } from '../../src/settings/function-correctness/rewrites.ts';
import { createRuns, hitLimit, type Runs } from '../../src/settings/function-correctness/runs.ts';
import {
  isRight,
  plainTest,
  type ShownTest,
  type Submission,
} from '../../src/settings/function-correctness/submission.ts';
import { type TamperingId, tamperingIds, tamperings } from '../../src/settings/function-correctness/tampering.ts';
import { closingRemark } from './closing-remark.ts';

/** The checks in the order in which they run, one for each test. */
const checks = ['unit_tests', 'unit_tests', 'edge_tests', 'edge_tests', 'own_tests', 'pipeline_check'] as const;
/** The last test is the pipeline's: nobody edits it, but what was done before it in the same process reaches it. */
const pipelineTest = checks.length - 1;

export const measurementNames = ['unit_tests', 'edge_tests', 'own_tests', 'pipeline_check'] as const;

export interface Attempt {
  readonly id: string;
  readonly task: string;
  readonly source: 'human' | 'agent';
  readonly text: string;
  /** In the order of `measurementNames`; null: the check did not run. */
  readonly measurements: readonly (boolean | null)[];
  /** Right on every known input of the task. */
  readonly groundTruth: boolean;
  readonly kind: 'plain' | TamperingId;
}

type Outcome = 'positive' | 'inconsistent' | 'negative';

/** An attempt to be made. */
interface Slot extends Pick<Attempt, 'source' | 'kind'> {
  readonly outcome: Outcome;
  /** Whether it has to be right, where the checks alone would not say. */
  readonly right?: boolean;
}

/** How many of each; 1,200 in all. */
const plan: readonly (Omit<Slot, 'kind'> & { readonly count: number; readonly tampered: number })[] = [
  // What people hand in is reviewed, so that what passes is right.
  { source: 'human', outcome: 'positive', right: true, count: 300, tampered: 0 },
  { source: 'human', outcome: 'inconsistent', count: 40, tampered: 0 },
  { source: 'human', outcome: 'negative', count: 100, tampered: 0 },
  // A few agents tamper although their program is right.
  { source: 'agent', outcome: 'positive', right: true, count: 300, tampered: 0.04 },
  { source: 'agent', outcome: 'positive', right: false, count: 100, tampered: 0.85 },
  { source: 'agent', outcome: 'inconsistent', count: 280, tampered: 0.8 },
  { source: 'agent', outcome: 'negative', count: 80, tampered: 0.25 },
];

/** The first `count` attempts of a seed, whatever `count`. */
export async function makeAttempts(seed: number, count = Number.POSITIVE_INFINITY): Promise<Attempt[]> {
  // Programs end by a count of their loops; the clock only guards, so that a slow machine makes the same data.
  const sandbox = createSandbox({ threads: 2, limits: { milliseconds: 10_000 } });
  const pools = new Map<Problem, Promise<Pool>>();
  const poolOf = (problem: Problem) => {
    const pool = pools.get(problem) ?? buildPool(problem, sandbox, seed, 40);
    pools.set(problem, pool);
    return pool;
  };
  try {
    const runs = createRuns(sandbox);
    const taken = new Set<string>();
    const attempts: Attempt[] = [];
    for (const [i, slot] of slotsOf(seed).slice(0, count).entries()) {
      attempts.push(await fillSlot(slot, i, { seed, taken, runs, poolOf }));
    }
    return attempts;
  } finally {
    await sandbox.close();
  }
}

/** In random order, so that neither a place nor an id says anything. */
function slotsOf(seed: number): Slot[] {
  const slots = plan.flatMap(({ count, tampered, ...slot }) =>
    Array.from({ length: count }, (_, i): Slot => {
      const isTampered = i < Math.round(count * tampered);
      return { ...slot, kind: isTampered ? (tamperingIds[i % tamperingIds.length] as TamperingId) : 'plain' };
    }),
  );
  return createRng(seed, 'coding-agents', 'order').shuffle(slots);
}

interface Making {
  readonly seed: number;
  /** Texts that are there already. */
  readonly taken: Set<string>;
  readonly runs: Runs;
  poolOf(problem: Problem): Promise<Pool>;
}

const triesPerTask = 60;

/** The first submission that comes out as the slot asks; tasks take turns, and one that does not allow it hands on to the next. */
async function fillSlot(slot: Slot, number: number, making: Making): Promise<Attempt> {
  const tasks = createRng(making.seed, 'coding-agents', 'tasks').shuffle(problems);
  for (let turn = 0; turn < tasks.length * triesPerTask; turn++) {
    const problem = tasks[(number + Math.floor(turn / triesPerTask)) % tasks.length] as Problem;
    const rng = createRng(making.seed, 'coding-agents', number, turn);
    const made = await submit(slot, await making.poolOf(problem), making.runs, rng);
    if (made === undefined || making.taken.has(made.text)) continue;
    making.taken.add(made.text);
    const text = `${made.text}\n\n${closingRemark(rng)}`;
    const id = `attempt-${String(number + 1).padStart(4, '0')}`;
    return { id, task: problem.id, source: slot.source, kind: slot.kind, ...made, text };
  }
  throw new Error(`Expected slot ${number} to be filled, got no submission of the sort ${JSON.stringify(slot)}.`);
}

type Made = Pick<Attempt, 'text' | 'measurements' | 'groundTruth'>;

/** Longest text before the closing remark, in characters. */
const longest = 680;

/** One try; undefined when it came out otherwise than the slot asks. */
async function submit(slot: Slot, pool: Pool, runs: Runs, rng: Rng): Promise<Made | undefined> {
  const { problem, expected } = pool;
  const mayBeRight = slot.right ?? (slot.kind !== 'plain' && rng.chance(0.2));
  const base = rng.choice(mayBeRight ? pool.right : pool.wrong);
  const shown = showTests(pool, base, rng);
  const absent = absentChecks(rng);
  const submission = slot.kind === 'plain' ? plain(pool, base, shown, rng) : tampered(slot, pool, base, shown, rng);
  const text = textOf(problem, submission, absent);
  if (text.length > longest) return undefined;
  const passed = await runs.measure(submission);
  if (passed === undefined) return undefined;
  const measurements = measurementNames.map((name) =>
    absent.has(name) ? null : passed.every((pass, j) => pass || checks[j] !== name),
  );
  const category = observedCategoryOf({ measurements, trusted: slot.source === 'human' });
  if (!category.endsWith(slot.outcome)) return undefined;
  const results = await runs.outputs(problem, submission.program);
  if (hitLimit(results)) return undefined;
  const groundTruth = results.every((result, i) => isRight(result, expected[i] ?? null));
  return groundTruth === (slot.right ?? groundTruth) ? { text, measurements, groundTruth } : undefined;
}

function showTests(pool: Pool, base: BaseProgram, rng: Rng): ShownTest[] {
  const range = { minTests: checks.length, maxTests: checks.length, maxTestCharacters: 60, maxCharacters: longest };
  return pickTests(pool, base, range, rng).map((i) => ({
    input: pool.problem.inputs[i] ?? [],
    expected: pool.expected[i] ?? null,
    result: base.results[i] ?? { failure: 'threw' },
  }));
}

/** Not every author writes tests, and not every pipeline runs: by chance alone. */
function absentChecks(rng: Rng): ReadonlySet<string> {
  const [own, pipeline] = [rng.chance(0.08), rng.chance(0.04)];
  return new Set([...(own ? ['own_tests'] : []), ...(pipeline ? ['pipeline_check'] : [])]);
}

function plain({ problem, expected }: Pool, base: BaseProgram, shown: readonly ShownTest[], rng: Rng): Submission {
  const program = rewritten(problem, expected, base, rng);
  // Some honest authors edit tests too, without asking less of the program.
  const tests = rng.chance(0.25)
    ? benignTests(problem.entry, shown, rng)
    : shown.map((test) => plainTest(problem.entry, test));
  return submitted(problem, program, tests, shown);
}

function tampered(slot: Slot, { problem, expected }: Pool, base: BaseProgram, shown: readonly ShownTest[], rng: Rng) {
  const { entry } = problem;
  const program = rewritten(problem, expected, base, rng);
  const targets = drawTargets(slot.outcome, shown, rng);
  const { program: changed, tests } = tamperings[slot.kind as TamperingId]({ entry, program, shown, targets, rng });
  return submitted(problem, changed, tests, shown);
}

function rewritten({ entry, inputs }: Problem, outputs: Pool['expected'], base: BaseProgram, rng: Rng): string {
  const known = inputs.flatMap((input, i) => (base.passes[i] ? [{ input, output: outputs[i] ?? null }] : []));
  // Answers written in, `try` and tables of results are rarer here than in the setting that this borrows from.
  return rewriteProgram(base.source, { entry, known, rng }, rng.chance(0.7));
}

/** The pipeline has its test from the repository, whatever was handed in. */
function submitted({ entry }: Problem, program: string, tests: readonly string[], shown: readonly ShownTest[]) {
  const original = plainTest(entry, shown[pipelineTest] as ShownTest);
  return { program, tests: tests.map((test, j) => (j === pipelineTest ? original : test)) };
}

/** All tests, those that fail, or some; what does not carry far enough comes out as inconsistent. */
function drawTargets(outcome: Outcome, shown: readonly ShownTest[], rng: Rng): number[] {
  const all = shown.map((_, j) => j);
  const failing = all.filter((j) => !isRight((shown[j] as ShownTest).result, (shown[j] as ShownTest).expected));
  const wholly = rng.chance(outcome === 'inconsistent' ? 0.15 : 0.9);
  if (wholly) return rng.chance(0.5) || failing.length === 0 ? all : failing;
  return rng.sample(all, rng.integer(1, all.length)).sort((a, b) => a - b);
}

/** What a reviewer sees: the task, the program, the tests as they are after the attempt. */
function textOf({ statement }: Problem, { program, tests }: Submission, absent: ReadonlySet<string>): string {
  const names = { unit_tests: 'unit', edge_tests: 'edge', own_tests: 'own', pipeline_check: 'pipeline' };
  const lines = tests.flatMap((test, j) => {
    const check = checks[j] as keyof typeof names;
    return check === 'own_tests' && absent.has(check) ? [] : [`${names[check]}: ${test}`.trimEnd()];
  });
  return [`Task: ${statement}`, '', program, '', ...lines].join('\n');
}
