import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { filesMatching } from '../architecture/sources.ts';
import { root, runCli } from '../cli/run-cli.ts';
import { inTemporaryDirectory } from '../experiments/tiny.ts';

const run = promisify(execFile);

/** What each example must print when run as its first lines say. */
const expectations: Record<string, (directory: string) => Promise<string>> = {
  'examples/run-experiment.ts': async (directory) => {
    const { stdout } = await run(process.execPath, [join(root, 'examples/run-experiment.ts'), directory]);
    expect(stdout).toContain('measurement-gap');
    return stdout;
  },
  'examples/pretrained-model.ts': async (directory) => {
    const program = join(root, 'examples/pretrained-model.ts');
    const checkpoint = join(root, 'test/fixtures/huggingface/gpt2');
    const { stdout } = await run(process.execPath, [program, checkpoint, directory]);
    const [, first, last] = /loss ([\d.]+) → ([\d.]+)/.exec(stdout) ?? [];
    expect(Number(last)).toBeLessThan(Number(first) / 2);
    expect(stdout).toContain('weights from 64 ×');
    return stdout;
  },
  'examples/own-technique.ts': async () => {
    const { stdout } = await runCli(['audit', 'examples/own-technique.ts', '--quiet']);
    expect(stdout).toContain('weakest-measurement: the firewall holds');
    return stdout;
  },
  'examples/detect.ts': async () => {
    const { stdout } = await run(process.execPath, [join(root, 'examples/detect.ts')]);
    const [, flagged, positives] = /(\d+) of (\d+) passing backups are flagged/.exec(stdout) ?? [];
    expect(Number(positives)).toBe(75);
    expect(Number(flagged)).toBeLessThan(30);
    // Of the 15 fakes most are found.
    expect(stdout.match(/Created empty|Skipped the copy/g)?.length).toBeGreaterThan(10);
    return stdout;
  },
};

describe('the examples', () => {
  it('are all run here', () => {
    expect(Object.keys(expectations).sort()).toEqual(filesMatching('examples/*.ts'));
  });

  it.each(Object.entries(expectations))('%s runs as it stands', (_path, check) =>
    inTemporaryDirectory(async (directory) => {
      expect(await check(directory)).not.toBe('');
    }),
  );
});
