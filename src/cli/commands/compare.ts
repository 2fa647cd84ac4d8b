import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { ComparedRun } from '../../experiments/compare.ts';

interface CompareFlags {
  readonly split?: string;
  readonly technique?: readonly (readonly [string, string])[];
  readonly json?: true;
}

export function addCompare(program: Command): void {
  program
    .command('compare')
    .summary('paired comparison of two runs')
    .description(
      'Compare two finished runs, paired on the examples that both judged: AUROC of each, the difference right minus left with its interval, and p values after Holm’s correction. Give one run twice to compare techniques within it.',
    )
    .argument('<left>', 'directory of a run, e.g. runs/<id>')
    .argument('<right>', 'directory of another run')
    .option('--split <name>', 'only this split')
    .option(
      '--technique <left:right>',
      'compare a technique of the left run with one of the right; may be given several times',
      techniquePair,
    )
    .option('--json', 'print the comparison as JSON on stdout')
    .action(async (left: string, right: string, flags: CompareFlags) => {
      const { compareRuns } = await import('../../experiments/compare.ts');
      const { split, technique: techniques, json } = flags;
      const comparison = compareRuns(await readRun(left), await readRun(right), { split, techniques });
      if (json) return console.log(JSON.stringify(comparison));
      const { renderComparison } = await import('../render-comparison.ts');
      process.stdout.write(renderComparison(comparison));
    });
}

function techniquePair(text: string, earlier: readonly (readonly [string, string])[] = []) {
  const [left, right = left, ...more] = text.split(':').map((name) => name.trim());
  if (!left || !right || more.length > 0) throw new InvalidArgumentError('Expected a technique, or left:right.');
  return [...earlier, [left, right] as const];
}

async function readRun(directory: string): Promise<ComparedRun> {
  const { readRecord, readRunScores } = await import('../../experiments/run-directory.ts');
  const { loadJudgedExamples } = await import('../../experiments/run.ts');
  const record = await readRecord(directory);
  const examples = await loadJudgedExamples(record, dirname(resolve(directory)));
  return { record, scores: await readRunScores(directory), examples };
}
