import { homedir } from 'node:os';
import { join } from 'node:path';
import type { HubOptions } from '../hub/hub-client.ts';
import { duration } from './duration.ts';

export interface HubFlags {
  readonly offline?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** How the hub is asked for `source`: the cache and token that the Python library uses, and a line of progress. */
export function hubAccess(source: string, revision: string | undefined, flags: HubFlags): HubOptions {
  const { HF_TOKEN: token } = process.env;
  return {
    cacheDirectory: cacheDirectory(),
    offline: flags.offline === true,
    signal: flags.signal,
    progress: downloadProgress(source, flags.quiet === true),
    ...(revision !== undefined && { revision }),
    ...(token && { token }),
  };
}

/** As the Python library decides. */
function cacheDirectory(): string {
  const { HF_HUB_CACHE, HF_HOME } = process.env;
  return HF_HUB_CACHE || join(HF_HOME || join(homedir(), '.cache', 'huggingface'), 'hub');
}

/** Milliseconds between two lines where stderr is no terminal. */
const plainInterval = 10_000;

function downloadProgress(source: string, quiet: boolean) {
  if (quiet) return () => {};
  const start = Date.now();
  let shown = 0;
  return (done: number, total: number) => {
    const finished = done >= total;
    if (Date.now() - shown < (process.stderr.isTTY ? 200 : plainInterval) && !(finished && shown > 0)) return;
    shown = Date.now();
    const rate = done / Math.max(1, shown - start);
    const left = rate > 0 ? ` · ${duration((total - done) / rate / 1000)} left` : '';
    const text = `downloading ${source}: ${(done / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB${left}`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}${finished ? '\n' : ''}` : `${text}\n`);
  };
}
