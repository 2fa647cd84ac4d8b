import type { StepRecord } from '../core/records.ts';
import { runners } from './runners.ts';
import type { StepRunner, StepSpec } from './step.ts';
import type { Store } from './store.ts';

/** Watches a run; every call names the step. */
export interface Observer {
  started?(step: StepSpec): void;
  progressed?(step: StepSpec, done: number, total: number, unit: string): void;
  finished?(step: StepSpec, record: StepRecord): void;
}

export interface ExecuteOptions {
  readonly store: Store;
  readonly threads: number;
  readonly modelPath?: string | undefined;
  readonly dataPaths?: ReadonlyMap<string, string> | undefined;
  readonly observer: Observer;
  readonly signal: AbortSignal;
  /** Milliseconds from any fixed moment. */
  readonly clock: () => number;
}

/** Does the steps in order, each after its inputs; what the store has already is not done again. */
export async function execute(steps: readonly StepSpec[], options: ExecuteOptions): Promise<StepRecord[]> {
  const records: StepRecord[] = [];
  for (const step of steps) {
    options.signal.throwIfAborted();
    const record = await executeStep(step, options);
    options.observer.finished?.(step, record);
    records.push(record);
  }
  return records;
}

async function executeStep(step: StepSpec, options: ExecuteOptions): Promise<StepRecord> {
  const { key, kind, label } = step;
  const found = await options.store.find(kind, key);
  if (found !== undefined) return { key, kind, label, seconds: found.seconds, reused: true };
  options.observer.started?.(step);
  const { seconds } = await options.store.create({ key, kind, label }, (directory) =>
    runStep(step, directory, options),
  );
  return { key, kind, label, seconds, reused: false };
}

/** Runs a step into `directory` and returns the seconds it took. */
async function runStep(step: StepSpec, directory: string, options: ExecuteOptions): Promise<number> {
  const { store, threads, modelPath, dataPaths, observer, signal, clock } = options;
  const start = clock();
  const run = runners[step.kind] as StepRunner<unknown>;
  await run(step.config, {
    directory,
    input: (role) => inputDirectory(step, role, store),
    has: (role) => step.inputs[role] !== undefined,
    threads,
    modelPath,
    dataPaths,
    progress: (done, total, unit) => observer.progressed?.(step, done, total, unit),
    signal,
  });
  return Math.round(clock() - start) / 1000;
}

function inputDirectory(step: StepSpec, role: string, store: Store): string {
  const input = step.inputs[role];
  if (input === undefined) throw new Error(`Expected step ${step.label} to have the input ${role}.`);
  return store.directory(input.kind, input.key);
}
