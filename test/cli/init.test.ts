import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderOwnConfig } from '../../src/cli/render-own-config.ts';
import { resolveDetectionConfig } from '../../src/detection/detection-config.ts';
import { guessMapping } from '../../src/own-data/guess-mapping.ts';
import { loadOwnData } from '../../src/own-data/load-own-data.ts';
import { ownFiles } from '../settings/data-files/files-of-ones-own.ts';
import { runCli } from './run-cli.ts';

const files = ownFiles();
const rows = Array.from({ length: 40 }, (_, i) => ({
  run_id: `r${i}`,
  task_id: `t${i % 7}`,
  meta: { source: i % 3 ? 'agent' : 'human expert' },
  prompt: `Fix module ${i}`,
  response: `I changed function ${i}, "quoted", so that it works now.`,
  tests_pass: i % 2 === 0,
  'lint ok': i % 5 ? 1 : 0,
  is_correct: i % 7 ? null : true,
  score: i / 40,
}));

/** The config that is written for a file, as a run would resolve it. */
async function configFor(name: string) {
  const guess = await guessMapping(join(files.directory, name));
  const text = renderOwnConfig(guess, name);
  return { guess, text, config: resolveDetectionConfig(parse(text)) };
}

describe('the config that init writes', () => {
  it('maps JSON Lines, never takes ground truth for a measurement, and is read as it stands', async () => {
    files.write('a.jsonl', rows);
    const { config, guess, text } = await configFor('a.jsonl');
    expect(config).toMatchObject({ data: 'a.jsonl', alarm: 0.05, maxRejected: 0.01, techniques: 'auto' });
    expect(config.columns).toEqual({
      id: 'run_id',
      text: 'response',
      measurements: ['tests_pass', 'lint ok'],
      groundTruth: 'is_correct',
      group: 'task_id',
    });
    expect(guess.suggestedRule).toBe('meta.source == "human expert"');
    expect(text).toContain(`# trustedWhere: 'meta.source == "human expert"'`);
    const data = await loadOwnData({ ...config, data: join(files.directory, 'a.jsonl') });
    expect(data.examples).toHaveLength(40);
  });

  it('maps lists, chats and a column of trust; what else may be ground truth is left out', async () => {
    const chat = [{ role: 'user', content: 'hello there' }];
    files.write(
      'a.jsonl',
      rows.map((_, i) => ({
        id: i,
        chat,
        checks: [true, null, i % 2 === 0],
        verified: i < 9,
        label: i % 2,
        gold: 'maybe',
      })),
    );
    const { config, guess } = await configFor('a.jsonl');
    expect(config.columns).toEqual({
      id: 'id',
      messages: 'chat',
      measurements: 'checks',
      trusted: 'verified',
      groundTruth: 'label',
    });
    expect(guess.others).toEqual([{ name: 'gold', looks: 'may be ground truth, so it is no measurement' }]);
  });

  it('maps CSV and Parquet by the same signs', async () => {
    const flat = rows.map(({ run_id, response, tests_pass, is_correct }) => ({
      run_id,
      response,
      tests_pass: tests_pass ? 'passed' : 'failed',
      trusted: 'yes',
      is_correct: `${is_correct ?? ''}`,
    }));
    for (const name of ['a.csv', 'a.parquet']) {
      files.write(name, flat);
      const { config } = await configFor(name);
      expect(config.columns).toEqual({
        id: 'run_id',
        text: 'response',
        measurements: 'tests_pass',
        trusted: 'trusted',
        groundTruth: 'is_correct',
      });
    }
  });

  it('takes nothing for a measurement that may be ground truth by another name, or within a cell', async () => {
    const odd = rows.map((_, i) => ({
      text: `I changed function ${i}`,
      unit: i % 2 === 0,
      is_tampered_first: i % 5 === 0,
      y_true: i % 3 === 0,
      true_label: i % 3,
      groundTruthPassed: i % 3 === 0,
      truth: { passed: true, score: 0.5 },
      is_tampered: i % 3 > 0,
      source: i % 2 ? 'untrusted' : 'non-human',
      checks: { lint: true, ground_truth: i % 3 === 0 },
      packed: JSON.stringify({ lint: true, is_correct: false }),
    }));
    files.write('a.jsonl', odd);
    const { config, guess } = await configFor('a.jsonl');
    expect(config.columns).toEqual({ text: 'text', measurements: ['unit', 'checks.lint'], groundTruth: 'y_true' });
    expect(guess.others.map(({ name }) => name)).not.toContain('checks');
    expect(guess.suggestedRule).toBeUndefined();
  });

  it('maps cells within cells where rows differ in them', async () => {
    const meta = [{ ok: true }, { ok: false, source: 'agent' }, { ok: true }];
    files.write(
      'a.jsonl',
      meta.map((one, i) => ({ text: `I changed function ${i}`, meta: one, blob: { ok: true } })),
    );
    const { config } = await configFor('a.jsonl');
    expect(config.columns.measurements).toBe('blob');
    files.write(
      'b.jsonl',
      meta.map((one, i) => ({ text: `I changed function ${i}`, meta: one })),
    );
    expect((await configFor('b.jsonl')).config.columns.measurements).toBe('meta.ok');
  });

  it('finds the ids though a row cannot be read', async () => {
    const lines = rows.map((row) => JSON.stringify(row));
    files.write('a.jsonl', [...lines, '{"torn":'].join('\n'));
    expect((await configFor('a.jsonl')).config.columns.id).toBe('run_id');
  });

  it('survives names that YAML or a comment would trip over', async () => {
    const odd = { 'a: "b" #c\nd': 'some text that is long enough', yes: true, '- x': false, "it's": 'no' };
    files.write('odd.jsonl', [odd, odd]);
    const { config } = await configFor('odd.jsonl');
    expect(config.columns).toMatchObject({ text: 'a: "b" #c\nd', measurements: ['yes', '- x', "it's"] });
  });

  it('refuses unknown keys, with the nearest name', async () => {
    files.write('a.jsonl', rows);
    const { text } = await configFor('a.jsonl');
    const misspelt = parse(text.replace('maxRejected:', 'maxReject:').replace('  group:', '  groop:')) as unknown;
    expect(() => resolveDetectionConfig(misspelt)).toThrow(
      /columns\.groop: Unknown key[\s\S]*maxReject: .*"maxRejected"/,
    );
  });
});

describe('touchstone init', () => {
  it('writes the config beside the data, says what it guessed, and writes over none', async () => {
    files.write('d/runs.csv', 'id,text,ok\n1,some longer text here,true\n2,some other text here,false\n');
    const options = { cwd: files.directory };
    const first = await runCli(['init', 'd/runs.csv'], options);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/measurements +ok/);
    expect(first.stdout).toMatch(/No column says which rows are trusted\. Without trusted positives/);
    expect(first.stdout).toContain('touchstone inspect d/runs.touchstone.yaml');
    const path = join(files.directory, 'd/runs.touchstone.yaml');
    writeFileSync(path, 'data: mine');
    const again = await runCli(['init', 'd/runs.csv'], options);
    expect(again.stderr).toContain('--force');
    expect(again.code).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe('data: mine');
    const forced = await runCli(['init', 'd/runs.csv', '--force', '--json'], options);
    expect(JSON.parse(forced.stdout)).toMatchObject({
      config: 'd/runs.touchstone.yaml',
      columns: { id: 'id', text: 'text' },
    });
    expect(readFileSync(path, 'utf8')).toContain('data: runs.csv');
  });

  it('says what is wrong with the data', async () => {
    mkdirSync(join(files.directory, 'empty'));
    for (const name of ['nothing.csv', 'empty']) {
      const { code, stderr } = await runCli(['init', name], { cwd: files.directory });
      expect(stderr).toMatch(/^touchstone: Expected /);
      expect(code).toBe(2);
    }
    expect(existsSync(join(files.directory, 'empty.touchstone.yaml'))).toBe(false);
  });
});
