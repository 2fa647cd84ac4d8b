import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../../core/errors.ts';

const formats = ['html', 'md', 'json', 'csv'] as const;

export function addReport(program: Command): void {
  program
    .command('report')
    .summary('rebuild the report of a finished run')
    .description('Rebuild the report of a finished run: html goes into its directory, the other formats to stdout.')
    .argument('<run>', 'directory of a run, e.g. runs/<id>')
    .option('--format <format>', formats.join(', '), 'html')
    .option('--json', 'the same as --format json')
    .option('--quiet', 'say nothing where the report goes to a file')
    .action(async (directory: string, flags: { format: string; json?: true; quiet?: true }) => {
      const format = flags.json ? 'json' : flags.format;
      if (!(formats as readonly string[]).includes(format)) {
        throw new UserError(
          'bad-format',
          `Expected --format to be one of ${formats.join(', ')}, got "${format}". Choose one of them.`,
        );
      }
      await report(directory, format as (typeof formats)[number], flags.quiet === true);
    });
}

async function report(directory: string, format: (typeof formats)[number], quiet: boolean): Promise<void> {
  const { readRecord, readRunScores } = await import('../../experiments/run-directory.ts');
  const record = await readRecord(directory);
  if (format === 'json') return console.log(JSON.stringify(record, null, 2));
  if (format === 'csv')
    return void process.stdout.write((await import('../../reports/render-csv.ts')).renderCsv(record));
  const { loadJudgedExamples } = await import('../../experiments/run.ts');
  const { buildViewModel } = await import('../../reports/build-view-model.ts');
  // The report of a sweep shows no examples, and needs none.
  const examples = record.points === undefined ? await loadJudgedExamples(record, dirname(resolve(directory))) : [];
  const view = buildViewModel({ record, scores: await readRunScores(directory), examples });
  if (format === 'md')
    return void process.stdout.write((await import('../../reports/render-markdown.ts')).renderMarkdown(view));
  await (await import('../html-report.ts')).writeHtmlReport(directory, view);
  if (!quiet) console.log(`Written to ${directory}/report.html`);
}
