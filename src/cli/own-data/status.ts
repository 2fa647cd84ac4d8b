import type { Progress } from '../../core/settings.ts';
import { duration } from '../duration.ts';
import { createMeter } from '../progress.ts';

/** Milliseconds between two lines of progress: of a terminal, where one replaces the other, and elsewhere. */
const [shortInterval, plainInterval] = [150, 10_000];

/** Tells on stderr what is being done. */
export interface Status {
  /** Does one part of the work under a name, e.g. `reading outcomes.csv`, and says how long it took. */
  during<T>(label: string, work: (progress: Progress) => Promise<T>): Promise<T>;
}

/** A line that keeps up with the work in a terminal, plain lines elsewhere, nothing when quiet. */
export function createStatus({ quiet }: { readonly quiet: boolean }): Status {
  if (quiet) return { during: (_label, work) => work(() => {}) };
  const live = process.stderr.isTTY === true;
  const say = (text: string) => process.stderr.write(live ? `\r\x1b[K${text.slice(0, width())}` : `${text}\n`);
  return {
    async during(label, work) {
      const start = Date.now();
      say(`… ${label}`);
      try {
        const result = await work(teller(label, live ? shortInterval : plainInterval, say));
        say(`✓ ${label} in ${duration((Date.now() - start) / 1000)}`);
        return result;
      } finally {
        if (live) process.stderr.write('\n');
      }
    },
  };
}

/** Tells of the latest unit; one that is new, or starts over, has a rate of its own from where the last one stood. */
function teller(label: string, interval: number, say: (text: string) => void): Progress {
  let current = { unit: '', done: 0, start: 0 };
  let [last, told] = [Date.now(), Date.now()];
  return (done, total, unit) => {
    if (unit !== current.unit || done < current.done) current = { unit, done, start: last };
    current.done = done;
    last = Date.now();
    if (last - told < interval) return;
    told = last;
    const rate = Math.round((done * 1000) / Math.max(1, last - current.start));
    const open = `${done.toLocaleString('en-US')} ${unit} · ${rate} ${unit}/s`;
    say(`  ${label}: ${total > 0 ? createMeter(current.start)(done, total, unit) : open}`);
  };
}

function width(): number {
  return (process.stderr.columns ?? 80) - 1;
}
