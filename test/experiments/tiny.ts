import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConfig } from '../../src/experiments/config.ts';
import type { RunOptions, World } from '../../src/experiments/run.ts';

/** A whole experiment in a few seconds: too small to show an effect, large enough to touch every step. */
export const tinyConfig = {
  preset: 'quick',
  settings: [{ id: 'diamond-vault', options: { trainExamples: 240, validationExamples: 60 } }],
  techniques: [
    'untrusted-finetuning',
    { id: 'trusted-probe', options: { folds: 2 } },
    { id: 'evidence-probe', options: { folds: 2 } },
    { id: 'exclusion-finetuning', options: { epochs: 1 } },
    'random-probe',
    { id: 'ground-truth-finetuning', options: { epochs: 1 } },
  ],
  model: { width: 16, layers: 1, heads: 2 },
  training: { epochs: 2, batchSize: 32 },
  controls: false,
  threads: 1,
};

export const tiny = () => resolveConfig(tinyConfig, { threads: 1 });

/** A world whose clock stands still, so that records of equal runs are equal. */
const stillWorld: World = {
  clock: () => 0,
  versions: { touchstone: '0.0.0', node: '0', onnxruntime: '0' },
  machine: { platform: 'test', cpu: 'test', cores: 1, memoryGiB: 1 },
};

export function runOptions(out: string): RunOptions {
  return { out, world: stillWorld, observer: {}, signal: new AbortController().signal };
}

/** Runs `body` in a fresh directory that is gone afterwards. */
export async function inTemporaryDirectory<T>(body: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'touchstone-test-'));
  try {
    return await body(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
