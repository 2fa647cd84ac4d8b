import type { Command } from 'commander';
import { abortOnInterrupt, untilStopped } from '../interrupt.ts';
import { share, wholeNumber } from '../parse.ts';

interface InspectFlags {
  readonly model?: string;
  readonly offline?: true;
  readonly maxRejected?: number;
  readonly out?: string;
  readonly sample?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly device?: string;
  readonly json?: true;
  readonly quiet?: true;
}

export function addInspect(program: Command): void {
  program
    .command('inspect')
    .summary('could tampering be detected in your own data?')
    .description(
      'Say whether tampering could be detected in your own data, why, and what to collect next. Needs no ground truth.',
    )
    .argument(
      '<data>',
      'data file (JSONL, JSON, CSV, TSV, Parquet), directory of them, or config (see "touchstone init")',
    )
    .option('--out <dir>', 'where inspection.json and inspection.html go (default: touchstone-out/<name of the data>)')
    .option(
      '--model <source>',
      'what reads the texts: a directory or hub id of a model (default: the built-in encoder)',
    )
    .option('--offline', 'take models of the hub from the cache only')
    .option('--max-rejected <share>', 'share of rows that may be unreadable before it stops (default: 0.01)', share)
    .option('--sample <n>', 'most examples to look at, drawn at random (default: 6000)', wholeNumber)
    .option('--seed <n>', 'seed', wholeNumber)
    .option('--threads <n>', 'threads of the engine (default: one per core, at most 8)', wholeNumber)
    .option('--device <id>', 'cpu, webgpu or cuda')
    .option('--json', 'print the record as JSON on stdout')
    .option('--quiet', 'no progress')
    .action(async (path: string, flags: InspectFlags) => {
      const { runInspection } = await import('../own-data/run-inspection.ts');
      const signal = abortOnInterrupt();
      await untilStopped(signal, () => runInspection(path, flags, signal));
    });
}
