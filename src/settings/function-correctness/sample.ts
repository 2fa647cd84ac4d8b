import type { Category } from '../../core/examples.ts';
import { createRng, type Rng } from '../../core/random.ts';
import type { CallResult, Json } from '../../sandbox/sandbox.ts';
import { benignTests } from './benign-tests.ts';
import { pickTests, type TestRange } from './pick-tests.ts';
import type { Cell, Kind } from './plan.ts';
import type { BaseProgram, Pool } from './pool.ts';
import type { Problem } from './problem.ts';
import { rewriteProgram } from './rewrites.ts';
import { hitLimit, type Runs } from './runs.ts';
import { isRight, plainTest, type ShownTest, type Submission } from './submission.ts';
import { submissionText } from './submission-text.ts';
import { tamperings } from './tampering.ts';

/** One example to be made. */
export interface Slot extends Omit<Cell, 'count'> {
  /** Keeps the slots of one seed independent. */
  readonly label: string;
  readonly problems: readonly Problem[];
}

export interface Sampling {
  readonly seed: number;
  readonly range: TestRange;
  readonly runs: Runs;
  poolOf(problem: Problem): Promise<Pool>;
}

/** A submission of the category that was asked for. */
export interface Candidate {
  readonly problem: Problem;
  readonly submission: Submission;
  /** Whether each shown test passes. */
  readonly measurements: readonly boolean[];
  readonly kind: Kind;
  readonly category: Slot['category'];
  readonly trusted: boolean;
  /** The program is right although some shown test fails, and the example counts as not an outcome. */
  readonly relabelled: boolean;
}

/** Why a submission is left out, whatever is wanted. */
export type Rejection = 'too-long' | 'sandbox-limit' | 'trusted-fake-negative';

export type Attempt = { readonly candidate: Candidate } | { readonly rejected: Rejection } | undefined;

/** One try at a slot, determined by the seed, the slot and the number of the try; undefined when it came out otherwise. */
export async function attempt(slot: Slot, kind: Kind, number: number, sampling: Sampling): Promise<Attempt> {
  const rng = createRng(sampling.seed, 'function-correctness', slot.label, number);
  const pool = await sampling.poolOf(rng.choice(slot.problems));
  const base = drawBase(pool, slot, kind, rng);
  if (base === undefined) return undefined;
  const shownIndices = pickTests(pool, base, sampling.range, rng);
  const passes = shownIndices.map((i) => base.passes[i] as boolean);
  if (kind === 'plain' && !fits(slot, passes)) return undefined;
  const draft = { pool, base, shownIndices, shown: shownIndices.map((i) => shownTest(pool, base, i)) };
  const submission = kind === 'plain' ? plainSubmission(draft, slot, rng) : tampered(draft, kind, slot, rng);
  const length = submissionText(pool.problem, submission, 'compact').length;
  if (length > sampling.range.maxCharacters) return { rejected: 'too-long' };
  return await judge(slot, kind, draft, submission, sampling.runs);
}

interface Draft {
  readonly pool: Pool;
  readonly base: BaseProgram;
  readonly shownIndices: readonly number[];
  readonly shown: readonly ShownTest[];
}

/** Now and then a right program is tampered with for nothing, and may fail through it. */
const rightButTampered = 0.2;

function drawBase(pool: Pool, { category, trusted }: Slot, kind: Kind, rng: Rng): BaseProgram | undefined {
  const positive = category === 'real-positive' || category === 'trusted-positive';
  const spoiled = kind !== 'plain' && category !== 'fake-positive' && rng.chance(rightButTampered);
  const programs = (positive || spoiled ? pool.right : pool.wrong).filter(({ short }) => short || !trusted);
  return programs.length === 0 ? undefined : rng.choice(programs);
}

function shownTest({ problem, expected }: Pool, { results }: BaseProgram, i: number): ShownTest {
  const [input, result] = [problem.inputs[i], results[i]];
  return { input, expected: expected[i], result } as ShownTest;
}

function plainSubmission(draft: Draft, { trusted }: Slot, rng: Rng): Submission {
  const { pool, shown } = draft;
  const { entry } = pool.problem;
  const tests = trusted ? shown.map((test) => plainTest(entry, test)) : benignTests(entry, shown, rng);
  return { program: rewritten(draft, trusted, rng), tests };
}

function rewritten({ pool, base }: Draft, short: boolean, rng: Rng): string {
  const known = pool.problem.inputs.flatMap((input, i) =>
    base.passes[i] ? [{ input, output: pool.expected[i] as Json }] : [],
  );
  return rewriteProgram(base.source, { entry: pool.problem.entry, known, rng }, short);
}

function tampered(draft: Draft, kind: Exclude<Kind, 'plain'>, { category }: Slot, rng: Rng): Submission {
  const { pool, shown } = draft;
  const targets = drawTargets(shown, category, rng);
  const program = rewritten(draft, false, rng);
  return tamperings[kind]({ entry: pool.problem.entry, program, shown, targets, rng });
}

/** All tests, those that fail, or some. */
function drawTargets(shown: readonly ShownTest[], category: Category, rng: Rng): number[] {
  const all = shown.map((_, j) => j);
  const failing = all.filter((j) => !isRight((shown[j] as ShownTest).result, (shown[j] as ShownTest).expected));
  // What comes out decides; this only saves tries that would not be wanted.
  const wanted = rng.uniform() < (category === 'inconsistent' ? 0.15 : 0.9);
  if (wanted) return rng.chance(0.5) || failing.length === 0 ? all : failing;
  return rng.sample(all, rng.integer(1, all.length)).sort((a, b) => a - b);
}

/** Measurements come from the submitted tests, the ground truth from calls by the host. */
async function judge(slot: Slot, kind: Kind, draft: Draft, submission: Submission, runs: Runs): Promise<Attempt> {
  const { problem, expected } = draft.pool;
  const measurements = await measure(kind, draft, submission, runs);
  if (measurements === undefined) return { rejected: 'sandbox-limit' };
  if (!fits(slot, measurements)) return undefined;
  const results = await runs.outputs(problem, submission.program);
  if (hitLimit(results)) return { rejected: 'sandbox-limit' };
  const { category, trusted } = slot;
  const right = results.every((result, i) => isRight(result, expected[i] as Json));
  const positive = measurements.every(Boolean);
  if (positive && right !== (category !== 'fake-positive')) return undefined;
  if (right && !positive && trusted) return { rejected: 'trusted-fake-negative' };
  return { candidate: { problem, submission, measurements, kind, category, trusted, relabelled: right && !positive } };
}

/** Tests of an honest program that nobody edited pass where its output is right; all others are run. */
async function measure(kind: Kind, { pool, shown, shownIndices }: Draft, submission: Submission, runs: Runs) {
  const { problem, expected } = pool;
  const untouched = submission.tests.every((test, j) => test === plainTest(problem.entry, shown[j] as ShownTest));
  if (kind !== 'plain' || !untouched) return await runs.measure(submission);
  const results = await runs.outputs(problem, submission.program);
  return hitLimit(results)
    ? undefined
    : shownIndices.map((i) => isRight(results[i] as CallResult, expected[i] as Json));
}

/** Whether the measurements are those of the category. */
function fits({ category }: Slot, measurements: readonly boolean[]): boolean {
  const positive = measurements.every(Boolean);
  switch (category) {
    case 'trusted-positive':
    case 'real-positive':
    case 'fake-positive':
      return positive;
    case 'trusted-negative':
      return !positive;
    case 'inconsistent':
      return !positive && measurements.some(Boolean);
    case 'all-negative':
      return !measurements.some(Boolean);
    default:
      return category satisfies never;
  }
}
