import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryDirectory, tinyConfig } from '../experiments/tiny.ts';
import { runCli } from './run-cli.ts';

/** One clear message, no stack. */
function expectClearFault(
  { code, stderr, stdout }: { code: number | null; stderr: string; stdout: string },
  exit: number,
) {
  expect(stderr).toMatch(/^(touchstone|error): /m);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(code).toBe(exit);
}

describe('touchstone', () => {
  it('says what to try first when given nothing', async () => {
    const { code, stdout } = await runCli([]);
    expect(code).toBe(0);
    expect(stdout).toContain('touchstone run --preset quick');
  });

  it.each([[['--help']], [['run', '--help']], [['audit', '--help']], [['--version']]])('answers %j', async (args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toBe('');
    expect(stdout.length).toBeGreaterThan(4);
    expect(code).toBe(0);
  });

  it.each(['settings', 'techniques', 'models', 'structures'])('lists %s', async (what) => {
    const { stdout } = await runCli(['list', what, '--json']);
    const entries = JSON.parse(stdout) as { id: string; title: string }[];
    expect(entries.length).toBeGreaterThan(0);
    const plain = await runCli(['list', what]);
    for (const { id, title } of entries) expect(plain.stdout).toContain(`${id}  —  ${title}`);
  });

  it('knows no other list, command or flag', async () => {
    const list = await runCli(['list', 'technique']);
    expect(list.stderr).toContain('Did you mean "techniques"?');
    expectClearFault(list, 2);
    const command = await runCli(['rum']);
    expect(command.stderr).toContain('Did you mean run?');
    expectClearFault(command, 2);
    expectClearFault(await runCli(['run', '--seed', 'one']), 2);
    expectClearFault(await runCli(['run', '--seed', '1', '--seeds', '2']), 2);
  });
});

describe('touchstone run', () => {
  it('runs a config, rebuilds its report in every format, and resumes in no time', () =>
    inTemporaryDirectory(async (directory) => {
      const config = join(directory, 'tiny.json');
      await writeFile(config, JSON.stringify(tinyConfig));
      const first = await runCli(['run', config, '--out', 'runs'], { cwd: directory });
      expect(first.stdout).toContain('evidence-probe');
      expect(first.stderr).toContain('✓ measurement predictor');
      expect(first.code).toBe(0);
      const again = await runCli(['run', config, '--out', 'runs', '--json', '--quiet'], { cwd: directory });
      const record = JSON.parse(again.stdout) as { runId: string; steps: { reused: boolean }[] };
      expect(again.stderr).toBe('');
      expect(record.steps.every(({ reused }) => reused)).toBe(true);
      const run = join('runs', record.runId);
      expect((await readdir(join(directory, run))).sort()).toEqual(['record.json', 'report.html', 'scores.parquet']);

      const html = await readFile(join(directory, run, 'report.html'), 'utf8');
      await writeFile(join(directory, run, 'report.html'), 'stale');
      await runCli(['report', run], { cwd: directory });
      expect(await readFile(join(directory, run, 'report.html'), 'utf8')).toBe(html);
      expect((await runCli(['report', run, '--format', 'md'], { cwd: directory })).stdout).toContain(
        '| evidence-probe',
      );
      expect((await runCli(['report', run, '--format', 'csv'], { cwd: directory })).stdout).toContain(
        'evidence-probe,',
      );
      expect(JSON.parse((await runCli(['report', run, '--json'], { cwd: directory })).stdout)).toEqual(record);
      const wrong = await runCli(['report', run, '--format', 'pdf'], { cwd: directory });
      expect(wrong.stderr).toContain('html, md, json, csv');
      expectClearFault(wrong, 2);
    }));

  it('stops cleanly on Ctrl-C and goes on from there', () =>
    inTemporaryDirectory(async (directory) => {
      const config = join(directory, 'tiny.json');
      await writeFile(config, JSON.stringify({ ...tinyConfig, training: { epochs: 200, batchSize: 32 } }));
      const args = ['run', config, '--out', join(directory, 'runs')];
      const stopped = await runCli(args, { interruptAt: '… measurement predictor' });
      expect(stopped.stderr).toContain('Stopped. Finished steps are kept');
      expect(stopped.stderr).not.toMatch(/^\s+at /m);
      expect(stopped.code).toBe(1);
      expect(await readdir(join(directory, 'runs'))).toEqual(['store']);
      expect(await readdir(join(directory, 'runs', 'store', 'unfinished'))).toEqual([]);
      const steps = await runCli([...args, '--dry-run']);
      expect(steps.stdout).toMatch(/diamond-vault · seed 0 +done already/);
    }));

  it('lists the steps with time and memory without doing any', () =>
    inTemporaryDirectory(async (directory) => {
      const { stdout, code } = await runCli([
        'run',
        '--preset',
        'quick',
        '--dry-run',
        '--out',
        join(directory, 'runs'),
      ]);
      expect(stdout).toContain('measurement predictor');
      expect(stdout).toMatch(/about .*(s|min)/);
      expect(await readdir(directory)).toEqual([]);
      expect(code).toBe(0);
    }));

  it('refuses what is wrong, in one message, and writes nothing', () =>
    inTemporaryDirectory(async (directory) => {
      const config = join(directory, 'wrong.yaml');
      const cases: [string, readonly string[], RegExp][] = [
        ['sedes: [1]', [config], /sedes: Unknown key\. Did you mean "seeds"\?/],
        ['seeds: [1', [config], /fault in line \d/],
        ['preset: quick', [join(directory, 'missing.yaml')], /missing\.yaml to be a config file, got no such file/],
        ['preset: quick', [config, '--techniques', 'evidence-prob'], /Did you mean "evidence-probe"\?/],
        ['preset: quick', [config, '--setting', 'vault'], /Expected the id of a setting, got "vault"/],
      ];
      for (const [text, args, message] of cases) {
        await writeFile(config, text);
        const result = await runCli(['run', ...args, '--out', 'runs'], { cwd: directory });
        expect(result.stderr).toMatch(message);
        expectClearFault(result, 2);
      }
      expect(await readdir(directory)).toEqual(['wrong.yaml']);
    }));

  it('says so when it cannot write', () =>
    inTemporaryDirectory(async (directory) => {
      const file = join(directory, 'file');
      await writeFile(file, '');
      const result = await runCli([
        'run',
        '--preset',
        'quick',
        '--limit',
        '50',
        '--out',
        join(file, 'runs'),
        '--quiet',
      ]);
      expect(result.stderr).toContain('Choose another directory with --out');
      expectClearFault(result, 1);
    }));

  it.skipIf(process.getuid?.() === 0)('says so when it may not write (needs a user other than root)', () =>
    inTemporaryDirectory(async (directory) => {
      const closed = join(directory, 'closed');
      await mkdir(closed);
      await chmod(closed, 0o500);
      const result = await runCli(['run', '--preset', 'quick', '--limit', '50', '--out', closed, '--quiet']);
      expect(result.stderr).toContain('permission was denied');
      expectClearFault(result, 1);
    }),
  );
});

describe('touchstone report', () => {
  it('refuses what is no run, and the run of a newer version', () =>
    inTemporaryDirectory(async (directory) => {
      expectClearFault(await runCli(['report', directory]), 2);
      await writeFile(join(directory, 'record.json'), '{"schemaVersion": 99}');
      const newer = await runCli(['report', directory]);
      expect(newer.stderr).toContain('a newer version wrote it');
      expectClearFault(newer, 2);
      await writeFile(join(directory, 'record.json'), '{"schemaVersion": 1}');
      const older = await runCli(['report', directory]);
      expect(older.stderr).toContain('got 1: an older version wrote it. Run the same config again');
      expectClearFault(older, 2);
      await writeFile(join(directory, 'record.json'), '{"schemaV');
      const damaged = await runCli(['report', directory]);
      expect(damaged.stderr).toContain('Run the same config again');
      expectClearFault(damaged, 2);
    }));
});

describe('touchstone generate', () => {
  it('writes the same examples as JSONL and as Parquet, by seed', () =>
    inTemporaryDirectory(async (directory) => {
      const flags = ['--option', 'trainExamples=60', '--option', 'validationExamples=20', '--split', 'train'];
      const [a, b, other] = await Promise.all([
        runCli(['generate', 'diamond-vault', ...flags]),
        runCli(['generate', 'diamond-vault', ...flags, '--threads', '1']),
        runCli(['generate', 'diamond-vault', ...flags, '--seed', '1']),
      ]);
      const rows = a.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(rows).toHaveLength(60);
      expect(Object.keys(rows[0] ?? {})).toEqual(
        expect.arrayContaining(['id', 'text', 'measurements', 'trusted', 'ground_truth']),
      );
      expect(b.stdout).toBe(a.stdout);
      expect(other.stdout).not.toBe(a.stdout);
      const path = join(directory, 'examples.parquet');
      await runCli(['generate', 'diamond-vault', ...flags, '--out', path]);
      const { readTable } = await import('../../src/experiments/tables.ts');
      expect((await readTable(path)).map((row) => row.text)).toEqual(rows.map(({ text }) => text));
    }));

  it('refuses an unknown world, option, split or format', async () => {
    for (const args of [
      ['diamond'],
      ['diamond-vault', '--option', 'trainExample=5'],
      ['diamond-vault', '--option', 'x'],
      ['diamond-vault', '--format', 'xml'],
      ['diamond-vault', '--format', 'parquet'],
    ]) {
      expectClearFault(await runCli(['generate', ...args]), 2);
    }
  });
});

describe('touchstone audit', () => {
  it('proves the firewall on a technique', async () => {
    const { stdout, code } = await runCli(['audit', 'evidence-probe', '--json', '--quiet', '--threads', '1']);
    const report = JSON.parse(stdout) as { passed: boolean; checks: { id: string }[] };
    expect(report.passed).toBe(true);
    expect(report.checks).toHaveLength(4);
    expect(code).toBe(0);
  });

  it('refuses an unknown technique with the nearest id', async () => {
    const result = await runCli(['audit', 'evidence-prob']);
    expect(result.stderr).toContain('Did you mean "evidence-probe"?');
    expectClearFault(result, 2);
  });
});
