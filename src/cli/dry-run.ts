import type { RunConfig } from '../experiments/config.ts';
import type { RunFlags } from './commands/run.ts';
export async function printDryRun(_config: RunConfig, _flags: RunFlags): Promise<void> {}
