import { parentPort, workerData } from 'node:worker_threads';
import { createEngine, type Engine } from './engine.ts';
import type { CallJob, CheckJob, SandboxLimits } from './sandbox.ts';

/** 2026-01-01, UTC. */
const STILL = 1_767_225_600_000;
// QuickJS asks these for the time and seeds Math.random with it. A clock that stands still in UTC tells a program nothing
// about the machine and makes it do the same in every thread and every run.
Date.now = () => STILL;
Date.prototype.getTimezoneOffset = () => 0;

// The time limit needs a clock. That of the processor does not count the time in which a busy machine did not let the
// thread run; Node before 23.9 has it not.
const clock = process.threadCpuUsage
  ? () => {
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1000;
    }
  : () => performance.now();

let engine: Engine = await createEngine(workerData as SandboxLimits, clock);

// One job, one answer, in order; `ready` comes first.
parentPort?.on('message', async (job: CheckJob | CallJob) => {
  const outcomes = await answer(job);
  parentPort?.postMessage(outcomes);
});
parentPort?.postMessage('ready');

async function answer(job: CheckJob | CallJob): Promise<readonly string[]> {
  try {
    return engine.run(job);
  } catch (error) {
    const steps = job.kind === 'checks' ? job.checks : job.calls;
    const failure = engine.exhausted ? 'memory' : error instanceof RangeError ? 'stack' : 'killed';
    engine = await createEngine(workerData as SandboxLimits, clock);
    return steps.map(() => failure);
  }
}
