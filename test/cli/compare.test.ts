import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunComparison } from '../../src/experiments/compare.ts';
import { inTemporaryDirectory, tinyConfig } from '../experiments/tiny.ts';
import { runCli } from './run-cli.ts';

const layer = 'techniques.evidence-probe.options.layer';

it('sweeps, counts shared steps once, reports every point and compares two runs', () =>
  inTemporaryDirectory(async (cwd) => {
    const techniques = [{ id: 'evidence-probe', options: { folds: 2 } }];
    const config = { ...tinyConfig, techniques, sweep: { [layer]: [0, 1] } };
    await writeFile(join(cwd, 'sweep.json'), JSON.stringify(config));
    const dry = await runCli(['run', 'sweep.json', '--dry-run', '--json'], { cwd });
    const { steps } = JSON.parse(dry.stdout) as { steps: { label: string }[] };
    expect(steps.map(({ label }) => label)).toEqual([
      'diamond-vault · seed 0',
      'measurement predictor · seed 0',
      'activations · seed 0',
      'untrusted-finetuning · seed 0',
      'evidence-probe · seed 0 · layer=0',
      'metrics · layer=0',
      'evidence-probe · seed 0 · layer=1',
      'metrics · layer=1',
    ]);

    const swept = await runCli(['run', 'sweep.json', '--quiet'], { cwd });
    expect(swept.stderr).toBe('');
    expect(swept.stdout).toMatch(/technique +0 +1\nevidence-probe|technique +0 +1\nuntrusted-finetuning/);
    const [, run] = /Written to (\S+):/.exec(swept.stdout) ?? [];
    const markdown = await runCli(['report', run as string, '--format', 'md'], { cwd });
    expect(markdown.stdout).toContain('| Technique | layer 0 | layer 1 |');

    const single = { ...config, sweep: undefined, techniques: [{ id: 'evidence-probe', options: { layer: 1 } }] };
    await writeFile(join(cwd, 'single.json'), JSON.stringify(single));
    const other = { ...single, techniques: [{ id: 'evidence-probe', options: { layer: 0 } }, 'measurement-gap'] };
    await writeFile(join(cwd, 'other.json'), JSON.stringify(other));
    const [left, right] = await Promise.all(
      ['single.json', 'other.json'].map(async (file) => {
        const { stdout } = await runCli(['run', file, '--quiet'], { cwd });
        return /Written to (\S+):/.exec(stdout)?.[1] as string;
      }),
    );
    const compared = await runCli(['compare', left as string, right as string], { cwd });
    expect(compared.stderr).toBe('');
    expect(compared.stdout).toMatch(/evidence-probe +0\.\d{3} \[.*\] +0\.\d{3} \[.*\] +[+−]?0\.\d{3} \[/);
    expect(compared.stdout).toContain('only in the right run: measurement-gap');
    expect(compared.stdout).toMatch(/techniques\.evidence-probe\.options\.layer +1 +0\n/);
    const json = await runCli(
      [
        'compare',
        left as string,
        right as string,
        '--json',
        '--split',
        'validation',
        '--technique',
        'evidence-probe:measurement-gap',
      ],
      { cwd },
    );
    const comparison = JSON.parse(json.stdout) as RunComparison;
    expect(comparison.compared.map((one) => [one.left, one.right, one.split])).toEqual([
      ['evidence-probe', 'measurement-gap', 'validation'],
    ]);

    const nothing = await runCli(['compare', left as string, right as string, '--split', 'nowhere'], { cwd });
    expect(nothing.stderr).toMatch(/^touchstone: Expected runs .* no split of the same name/);
    expect(nothing.code).toBe(2);
  }));
