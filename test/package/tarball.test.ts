import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root } from '../cli/run-cli.ts';
import { inTemporaryDirectory, tinyConfig } from '../experiments/tiny.ts';

const run = promisify(execFile);

/** Installs the packed package as npm would lay it out, its dependencies taken from this checkout, without a network. */
async function installPacked(directory: string): Promise<string> {
  await run('npm', ['pack', '--pack-destination', directory], { cwd: root });
  const tarball = (await readdir(directory)).find((name) => name.endsWith('.tgz')) as string;
  const modules = join(directory, 'node_modules');
  await mkdir(join(modules, 'touchstone'), { recursive: true });
  await run('tar', ['-xzf', join(directory, tarball), '-C', join(modules, 'touchstone'), '--strip-components', '1']);
  const { dependencies } = JSON.parse(await readFile(join(modules, 'touchstone', 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    await mkdir(join(modules, name, '..'), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  return join(modules, 'touchstone');
}

describe('the packed package', () => {
  it('holds built JavaScript only, answers --help, runs an experiment and serves as a library', () =>
    inTemporaryDirectory(async (directory) => {
      const installed = await installPacked(directory);
      const files = await readdir(installed, { recursive: true });
      expect(files).toEqual(
        expect.arrayContaining(['bin/touchstone.js', 'dist/index.js', 'dist/index.d.ts', 'LICENSE', 'README.md']),
      );
      expect(
        files.filter((file) => /^(src|test|runs|bench)\b/.test(file) || (/\.ts$/.test(file) && !/\.d\.ts$/.test(file))),
      ).toEqual([]);

      const bin = join(installed, 'bin/touchstone.js');
      const help = await run(process.execPath, [bin, '--help'], { cwd: directory });
      expect(help.stdout).toContain('Usage: touchstone');

      await writeFile(join(directory, 'tiny.json'), JSON.stringify({ ...tinyConfig, techniques: ['evidence-probe'] }));
      const { stdout } = await run(process.execPath, [bin, 'run', 'tiny.json', '--json', '--quiet'], {
        cwd: directory,
      });
      const record = JSON.parse(stdout) as { runId: string; results: unknown[] };
      expect(record.results.length).toBeGreaterThan(10);
      expect(await readdir(join(directory, 'runs', record.runId))).toContain('report.html');

      await writeFile(
        join(directory, 'use.mjs'),
        "import { auroc } from 'touchstone';\nconsole.log(auroc([1, 2], [0, 1]).value);\n",
      );
      expect((await run(process.execPath, ['use.mjs'], { cwd: directory })).stdout).toBe('1\n');
    }));
});
