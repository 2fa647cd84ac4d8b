import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import type { World } from '../experiments/run.ts';

const require = createRequire(import.meta.url);

/** Version of this package. */
export function packageVersion(): string {
  return versionIn(new URL('../../package.json', import.meta.url));
}

/** Threads used unless the user says otherwise: one per core, at most 8, beyond which small models gain nothing. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), 8);
}

/** The clock, the versions and the machine, read in this one place. */
export function createWorld(): World {
  return {
    clock: () => Date.now(),
    versions: {
      touchstone: packageVersion(),
      node: process.versions.node,
      onnxruntime: versionIn(new URL('../package.json', `file://${require.resolve('onnxruntime-node')}`)),
    },
    machine: {
      platform: `${platform()} ${arch()}`,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
    },
  };
}

function versionIn(file: URL): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
