import type { Command } from 'commander';
import { abortOnInterrupt } from '../interrupt.ts';
import { wholeNumber } from '../parse.ts';
import { defaultThreads } from '../world.ts';

export function addAudit(program: Command): void {
  program
    .command('audit')
    .summary('prove that a technique cannot see ground truth')
    .description(
      'Prove the ground-truth firewall on a technique: permute the hidden ground truth and every score must be bit-identical; permute the measurements and scores must change.',
    )
    .argument('<technique>', 'id of a technique, or a file (.ts, .js) that exports one')
    .option('--seed <n>', 'seed', wholeNumber, 0)
    .option('--threads <n>', 'threads of the engine', wholeNumber)
    .option('--json', 'print the findings as JSON on stdout')
    .option('--quiet', 'no progress')
    .action(async (name: string, flags: { seed: number; threads?: number; json?: true; quiet?: true }) => {
      const { auditByName } = await import('../audit-by-name.ts');
      const threads = flags.threads ?? defaultThreads();
      const say = flags.quiet ? () => {} : (line: string) => console.error(`… ${line}`);
      const report = await auditByName(name, { seed: flags.seed, threads, say, signal: abortOnInterrupt() });
      if (flags.json) console.log(JSON.stringify(report, null, 2));
      else {
        const kind = report.ceiling ? ' (a declared ceiling)' : '';
        console.log(`${report.technique}${kind}: the firewall ${report.passed ? 'holds' : 'is BROKEN'}`);
        for (const { passed, finding } of report.checks) console.log(`  ${passed ? '✓' : '✗'} ${finding}`);
      }
      if (!report.passed) process.exitCode = 1;
    });
}
