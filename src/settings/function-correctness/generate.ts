import { countBySplit } from '../../core/count-categories.ts';
import type { Example } from '../../core/examples.ts';
import { createRng } from '../../core/random.ts';
import type { Dataset, Progress, SettingContext } from '../../core/settings.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { type Admission, createAdmission } from './admission.ts';
import { type Filling, fillSplit } from './fill.ts';
import { splitProblems } from './held-out.ts';
import type { FunctionCorrectnessOptions } from './options.ts';
import { planSplits, type SplitPlan } from './plan.ts';
import { buildPool, type Pool } from './pool.ts';
import type { Problem } from './problem.ts';
import { createRuns } from './runs.ts';
import type { Candidate } from './sample.ts';
import { submissionText } from './submission-text.ts';

/** A dataset of submissions for these problems; the same whatever the threads of the sandbox. */
export async function generateDataset(
  problems: readonly Problem[],
  options: FunctionCorrectnessOptions,
  context: SettingContext,
  sandbox: Sandbox,
): Promise<Dataset> {
  const { seed } = context;
  const plans = planSplits(options, splitProblems(problems, seed, options.heldOutShare));
  const admission = createAdmission();
  const pools = new Map<Problem, Promise<Pool>>();
  const filling = prepare(pools, options, context, sandbox, { admission, progress: countUp(plans, context.progress) });
  const splits: Record<string, readonly Example[]> = {};
  for (const plan of plans) {
    const candidates = await fillSplit(plan, filling);
    splits[plan.split] = createRng(seed, 'function-correctness', plan.split, 'order')
      .shuffle(candidates)
      .map((candidate, i) => exampleOf(candidate, `${plan.split}-${String(i).padStart(5, '0')}`, options));
  }
  for (const pool of pools.values()) admission.pooled(await pool);
  return {
    setting: 'function-correctness',
    seed,
    measurementNames: Array.from({ length: options.maxTests }, (_, j) => `test-${j + 1}`),
    splits: splits as Dataset['splits'],
    notes: {
      counts: countBySplit(splits),
      dropped: admission.dropped,
      relabelled: admission.relabelled,
      heldOut: 'validation-held-out' in splits ? { 'validation-held-out': 'problems' } : {},
    },
  };
}

/** Slots under way per thread: enough that no thread waits for a draft. */
const slotsPerThread = 16;

function prepare(
  pools: Map<Problem, Promise<Pool>>,
  options: FunctionCorrectnessOptions,
  { seed, threads, signal }: SettingContext,
  sandbox: Sandbox,
  counting: { readonly admission: Admission; readonly progress: () => void },
): Filling {
  return {
    ...counting,
    seed,
    signal,
    range: options,
    runs: createRuns(sandbox),
    window: slotsPerThread * Math.max(1, threads),
    poolOf(problem) {
      const pool = pools.get(problem) ?? buildPool(problem, sandbox, seed, options.mutants);
      pools.set(problem, pool);
      return pool;
    },
  };
}

/** Reports examples accepted so far, over all splits. */
function countUp(plans: readonly SplitPlan[], progress: Progress): () => void {
  const total = plans.flatMap(({ cells }) => cells).reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  return () => progress(++done, total, 'examples');
}

function exampleOf(candidate: Candidate, id: string, { text, maxTests }: FunctionCorrectnessOptions): Example {
  const { problem, submission, measurements, trusted, category, kind } = candidate;
  return {
    id,
    text: submissionText(problem, submission, text),
    measurements: Array.from({ length: maxTests }, (_, j) => measurements[j] ?? null),
    trusted,
    // A right program with a failing test counts as not an outcome, so only positives are left.
    groundTruth: category === 'real-positive' || category === 'trusted-positive',
    group: problem.id,
    kind,
  };
}
