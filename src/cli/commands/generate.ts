import type { Command } from 'commander';
import { abortOnInterrupt } from '../interrupt.ts';
import { wholeNumber } from '../parse.ts';
import { defaultThreads } from '../world.ts';

interface GenerateFlags {
  readonly seed: number;
  readonly option: readonly string[];
  readonly split?: string;
  readonly format?: string;
  readonly out?: string;
  readonly threads?: number;
  readonly json?: true;
  readonly quiet?: true;
}

export function addGenerate(program: Command): void {
  program
    .command('generate')
    .summary("write a world's examples as JSONL or Parquet")
    .description("Write a world's examples, ground truth included, as JSONL or Parquet.")
    .argument('<world>', 'id of a setting, see "touchstone list settings"')
    .option('--seed <n>', 'seed', wholeNumber, 0)
    .option(
      '--option <key=value>',
      'an option of the setting; may be given again',
      (pair, all: string[]) => [...all, pair],
      [] as string[],
    )
    .option('--split <id>', 'only this split')
    .option('--format <format>', 'jsonl or parquet (default: by the ending of --out, else jsonl)')
    .option('--out <file>', 'file to write; without it JSONL goes to stdout')
    .option('--threads <n>', 'worker threads; the examples do not depend on it', wholeNumber)
    .option('--json', 'print counts by category as JSON on stdout (needs --out)')
    .option('--quiet', 'no progress')
    .action(async (world: string, flags: GenerateFlags) => {
      const { generateExamples } = await import('../generate-examples.ts');
      const threads = flags.threads ?? defaultThreads();
      await generateExamples(world, { ...flags, threads, signal: abortOnInterrupt() });
    });
}
