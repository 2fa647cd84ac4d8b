import { Worker } from 'node:worker_threads';
import { EnvironmentError } from '../core/errors.ts';
import type { Outcome } from './engine.ts';
import type { CallJob, CheckJob, SandboxFailure, SandboxLimits } from './sandbox.ts';

/** One worker thread at a time, started when there is work and replaced when it had to be killed. */
export interface Lane {
  /** One outcome per check or call. One job at a time. @throws EnvironmentError when no thread can be started. */
  run(job: CheckJob | CallJob): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/**
 * Wall time beyond which a thread counts as lost: QuickJS looks at its clock only between instructions, and some built-in
 * functions work for hours. The factor is for machines with more threads than cores, the rest for a slow start.
 */
const patience = (milliseconds: number) => 4 * milliseconds + 2000;
/** A host that was busy itself finds the answer within this time after it noticed that the patience is over. */
const LAST_LOOK = 100;
/** QuickJS limits its own stack; the thread's must hold what that takes on the native side, some 10 to 20 times as much. */
const STACK_MIB = 32;

export function createLane(limits: SandboxLimits): Lane {
  let worker: Promise<Worker> | undefined;
  let running: Worker | undefined;
  return {
    async run(job) {
      worker ??= startWorker(limits, (started) => {
        running = started;
      });
      const outcome = await ask(await worker, job, patience(limits.milliseconds));
      if (typeof outcome !== 'string') return outcome;
      await running?.terminate();
      worker = undefined;
      const steps = job.kind === 'checks' ? job.checks : job.calls;
      return steps.map(() => outcome);
    },
    async close() {
      await running?.terminate();
    },
  };
}

function startWorker(limits: SandboxLimits, started: (worker: Worker) => void): Promise<Worker> {
  const url = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
  // Nothing of the process reaches the thread: not its environment, not its arguments; QuickJS's last words stay there.
  const worker = new Worker(url, {
    env: {},
    argv: [],
    stdout: true,
    stderr: true,
    workerData: limits,
    resourceLimits: { stackSizeMb: STACK_MIB, maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
  });
  started(worker);
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve(worker));
    // Stays for the worker's life: an error that nobody listens to would end the process.
    worker.on('error', (error) => reject(lost(error)));
    worker.once('exit', () => reject(lost(new Error('it ended before it was ready'))));
  });
}

/** The worker's answer, or why there is none. */
function ask(
  worker: Worker,
  job: CheckJob | CallJob,
  patienceMs: number,
): Promise<readonly Outcome[] | SandboxFailure> {
  return new Promise((resolve) => {
    const settle = (outcome: readonly Outcome[] | SandboxFailure) => {
      clearTimeout(timer);
      worker.off('message', settle);
      worker.off('exit', onExit);
      resolve(outcome);
    };
    const onExit = () => settle('killed');
    let timer = setTimeout(() => {
      timer = setTimeout(() => settle('timeout'), LAST_LOOK);
    }, patienceMs);
    worker.on('message', settle);
    worker.on('exit', onExit);
    worker.postMessage(job);
  });
}

function lost(cause: unknown): EnvironmentError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EnvironmentError(
    'worker-died',
    `A thread that runs programs in the sandbox did not start: ${reason}. Run the command again.`,
    { cause },
  );
}
