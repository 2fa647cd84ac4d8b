import { describe, expected, TouchstoneError } from '../core/errors.ts';
import type { Outcome } from './engine.ts';
import { createLane, type Lane } from './lane.ts';
import type { CallJob, CallResult, CheckJob, Json, Sandbox, SandboxFailure, SandboxLimits } from './sandbox.ts';

export interface SandboxOptions {
  /** Worker threads, at least 1; results do not depend on it. */
  readonly threads: number;
  /** Where they differ from the defaults that {@link SandboxLimits} names. */
  readonly limits?: Partial<SandboxLimits>;
  /** Closes the sandbox; what is not done then is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

const defaults: SandboxLimits = {
  memoryBytes: 16 * 2 ** 20,
  stackBytes: 256 * 2 ** 10,
  milliseconds: 250,
  valueCharacters: 65_536,
};

interface Task {
  readonly job: CheckJob | CallJob;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (reason: unknown) => void;
}

const LEAST_MEMORY = 11 * 2 ** 20;

/**
 * Threads start with the first jobs and live until `close` or the signal. Each takes the next job that waits.
 * @throws UserError when the memory limit is below 11 MiB.
 */
export function createSandbox({ threads, limits, signal }: SandboxOptions): Sandbox {
  const all = { ...defaults, ...limits };
  if (all.memoryBytes < LEAST_MEMORY) {
    const thing = 'the memory limit of a sandbox';
    throw expected('sandbox-memory', thing, `${LEAST_MEMORY} bytes or more`, all.memoryBytes, 'Raise it.');
  }
  const lanes = Array.from({ length: threads }, () => createLane(all));
  const idle = [...lanes];
  const waiting = new Set<Task>();
  const running = new Set<Task>();
  let closed: { readonly reason: unknown } | undefined;

  const serve = async (lane: Lane, task: Task) => {
    running.add(task);
    await lane.run(task.job).then(task.resolve, task.reject);
    running.delete(task);
    idle.push(lane);
    dispatch();
  };

  const dispatch = () => {
    for (const task of waiting) {
      const lane = closed ? undefined : idle.pop();
      if (lane === undefined) return;
      waiting.delete(task);
      void serve(lane, task);
    }
  };

  const submit = (job: CheckJob | CallJob) =>
    new Promise<readonly Outcome[]>((resolve, reject) => {
      if (closed) return reject(closed.reason);
      waiting.add({ job, resolve, reject });
      dispatch();
    });

  const close = async (reason: unknown) => {
    closed ??= { reason };
    // Rejected before the threads end, so that no job is taken for one that was killed.
    for (const task of [...running, ...waiting]) task.reject(closed.reason);
    waiting.clear();
    signal?.removeEventListener('abort', onAbort);
    await Promise.all(lanes.map((lane) => lane.close()));
  };
  const onAbort = () => void close(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();

  return {
    async runChecks(job) {
      const outcomes = await submit({ ...job, kind: 'checks' });
      return outcomes.map((outcome) => (isGood(outcome) ? 'passed' : outcome));
    },
    async runCalls(job) {
      refuseEntry(job.entry);
      return (await submit({ ...job, kind: 'calls' })).map(callResult);
    },
    close: () => close(new TouchstoneError('sandbox-closed', 'The sandbox was closed before the program had run.')),
  };
}

const isGood = (outcome: Outcome): outcome is `=${string}` => outcome.startsWith('=');

function callResult(outcome: Outcome): CallResult {
  return isGood(outcome)
    ? { value: JSON.parse(outcome.slice(1)) as Json }
    : { failure: outcome satisfies SandboxFailure };
}

/** The entry is evaluated; it must be no more than a name. */
function refuseEntry(entry: string): void {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(entry)) return;
  throw expected('sandbox-entry', 'the entry of a program', 'the name of a function', entry, `Got ${describe(entry)}.`);
}
