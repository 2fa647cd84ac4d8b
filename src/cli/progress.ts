import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { StepRecord } from '../core/records.ts';
import type { Observer } from '../experiments/execute.ts';
import type { StepSpec } from '../experiments/step.ts';
import { duration } from './duration.ts';

/** Seconds between two plain lines of one step. */
const plainInterval = 10;

/** Shows the steps of a run on stderr: bars in a terminal, plain lines elsewhere, nothing when quiet. */
export function createProgress(steps: readonly StepSpec[], { quiet }: { readonly quiet: boolean }) {
  if (quiet) return { observer: {}, close: async () => {} };
  return process.stderr.isTTY ? bars(steps) : plainLines();
}

function plainLines(): { observer: Observer; close: () => Promise<void> } {
  const last = new Map<string, number>();
  const meters = new Map<string, Meter>();
  const observer: Observer = {
    started: (step) => {
      meters.set(step.key, createMeter());
      last.set(step.key, Date.now());
      console.error(`… ${step.label}`);
    },
    progressed: (step, done, total, unit) => {
      const text = meters.get(step.key)?.(done, total, unit) ?? '';
      if (Date.now() - (last.get(step.key) ?? 0) < plainInterval * 1000) return;
      last.set(step.key, Date.now());
      console.error(`  ${step.label}: ${text}`);
    },
    finished: (_step, record) => console.error(finishedLine(record)),
  };
  return { observer, close: async () => {} };
}

function finishedLine({ label, seconds, reused }: StepRecord): string {
  return reused ? `✓ ${label} (kept from an earlier run)` : `✓ ${label} in ${duration(seconds)}`;
}

interface Pending {
  readonly done: Promise<void>;
  readonly finish: () => void;
  readonly stop: () => void;
  output?: (text: string) => void;
  title?: (text: string) => void;
  readonly meter: Meter;
}

/** The steps as a live list; each entry waits for its step, which runs elsewhere. */
function bars(steps: readonly StepSpec[]): { observer: Observer; close: () => Promise<void> } {
  const pending = new Map(steps.map((step) => [step.key, createPending()]));
  const list = new Listr(
    steps.map((step) => ({
      title: step.label,
      task: async (_context: unknown, task: { title: string; output: string }) => {
        const entry = pending.get(step.key) as Pending;
        entry.title = (text) => {
          task.title = text;
        };
        entry.output = (text) => {
          task.output = text;
        };
        await entry.done;
      },
    })),
    {
      concurrent: false,
      registerSignalListeners: false,
      rendererOptions: {
        logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }),
      },
    },
  );
  const shown = list.run().catch(() => undefined);
  const observer: Observer = {
    progressed: (step, done, total, unit) => {
      const entry = pending.get(step.key);
      entry?.output?.(entry.meter(done, total, unit));
    },
    finished: (step, { seconds, reused }) => {
      const entry = pending.get(step.key);
      entry?.title?.(`${step.label} ${reused ? '(kept)' : `(${duration(seconds)})`}`);
      entry?.finish();
    },
  };
  // A step that never finished is drawn as stopped, and those after it as never begun.
  const close = async () => {
    for (const entry of pending.values()) entry.stop();
    await shown;
  };
  return { observer, close };
}

function createPending(): Pending {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => undefined);
  return { done: promise, finish: resolve, stop: () => reject(new Error('stopped')), meter: createMeter() };
}

type Meter = (done: number, total: number, unit: string) => string;

/** What is done, the rate and the time left: `[#####·····] 50 % · 310 examples/s · 0:42 left`. */
export function createMeter(start: number = Date.now()): Meter {
  return (done, total, unit) => {
    const seconds = (Date.now() - start) / 1000;
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const rate = seconds > 0 ? done / seconds : 0;
    const left = rate > 0 ? `${duration((total - done) / rate)} left` : '';
    const bar = '█'.repeat(Math.round(share * 20)).padEnd(20, '░');
    return `${bar} ${Math.round(share * 100)} % · ${rate >= 10 ? Math.round(rate) : rate.toFixed(1)} ${unit}/s · ${left}`;
  };
}
