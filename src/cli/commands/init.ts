import type { Command } from 'commander';
import type { InitFlags } from '../init-data.ts';

export function addInit(program: Command): void {
  program
    .command('init')
    .summary('look at a data file and write a commented config for it')
    .description(
      'Look at the first rows of a data file, guess which column holds what, and write <name>.touchstone.yaml beside it.',
    )
    .argument('<data>', 'a JSONL, JSON, CSV, TSV or Parquet file, or a directory of them')
    .option('--force', 'write over a config that is there')
    .option('--json', 'print what was guessed as JSON on stdout')
    .option('--quiet', 'print nothing')
    .action(async (data: string, flags: InitFlags) => {
      const { initData } = await import('../init-data.ts');
      await initData(data, flags);
    });
}
