import { type Command, Option } from 'commander';
import { abortOnInterrupt, untilStopped } from '../interrupt.ts';
import { rate, share, wholeNumber } from '../parse.ts';

interface DetectFlags {
  readonly alarm?: number;
  readonly correction?: string;
  readonly weighted?: true;
  readonly techniques?: string[];
  readonly model?: string;
  readonly offline?: true;
  readonly folds?: string;
  readonly seed?: number;
  readonly save?: string;
  readonly with?: string;
  readonly auditBudget?: number;
  readonly answers?: string;
  readonly maxRejected?: number;
  readonly out?: string;
  readonly threads?: number;
  readonly device?: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** What only training decides, and what an earlier training has decided. */
const trainingFlags = ['weighted', 'techniques', 'folds', 'seed', 'save', 'auditBudget'];

export function addDetect(program: Command): void {
  program
    .command('detect')
    .summary('score your own examples: which positives can be believed?')
    .description(
      'Score your own examples, and flag those whose positive measurements are not to be believed, with the rate of false alarms that you choose. Needs some trusted examples and no ground truth.',
    )
    .argument(
      '<data>',
      'data file (JSONL, JSON, CSV, TSV, Parquet), directory of them, or config (see "touchstone init")',
    )
    .option('--alarm <rate>', 'rate of false alarms among real positives, between 0 and 1 (default: 0.05)', rate)
    .option('--correction <name>', 'none, or benjamini-hochberg: the rate is the share of false alarms among alarms')
    .option('--weighted', 'weight trusted positives for the way in which untrusted examples differ from them')
    .option('--techniques <ids>', 'comma-separated technique ids, the first sets the alarm (default: auto)', ids)
    .option(
      '--model <source>',
      'what reads the texts: a directory or hub id of a model (default: the built-in encoder)',
    )
    .option('--offline', 'take models of the hub from the cache only')
    .option('--folds <n>', 'parts of the data, each scored by a detector trained on the others: auto, or 2 to 10')
    .option('--seed <n>', 'seed', wholeNumber)
    .option('--save <dir>', 'keep the detector for --with')
    .addOption(
      new Option('--with <dir>', 'score with the detector that --save kept, row by row; trains nothing').conflicts(
        trainingFlags,
      ),
    )
    .option('--audit-budget <n>', 'pick n examples for a person to check: writes review.csv', wholeNumber)
    .addOption(
      new Option('--answers <file>', 'read the answers in a review.csv, and add what they say to the report').conflicts(
        [...trainingFlags, 'with', 'alarm', 'correction', 'model'],
      ),
    )
    .option('--max-rejected <share>', 'share of rows that may be unreadable before it stops (default: 0.01)', share)
    .option('--out <dir>', 'where everything is written (default: touchstone-out/<name of the data>)')
    .option('--threads <n>', 'threads of the engine (default: one per core, at most 8)', wholeNumber)
    .option('--device <id>', 'cpu, webgpu or cuda')
    .option('--json', 'print the record as JSON on stdout')
    .option('--quiet', 'no progress')
    .action(async (path: string, flags: DetectFlags) => {
      const signal = abortOnInterrupt();
      const { with: detector, answers } = flags;
      if (answers !== undefined) {
        const { runAnswers } = await import('../own-data/run-answers.ts');
        return untilStopped(signal, () => runAnswers(path, answers, flags, signal));
      }
      if (detector !== undefined) {
        const { runScoring } = await import('../own-data/run-scoring.ts');
        return untilStopped(signal, () => runScoring(path, { ...flags, with: detector }, signal));
      }
      const { runDetection } = await import('../own-data/run-detection.ts');
      await untilStopped(signal, () => runDetection(path, flags, signal));
    });
}

function ids(text: string): string[] {
  return text.split(',').map((id) => id.trim());
}
