import { appendFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDetectionConfig } from '../../src/cli/own-data/find-detection-config.ts';
import { loadData } from '../../src/cli/own-data/load-data.ts';
import { requireOutside } from '../../src/cli/own-data/out-directory.ts';
import { runScoring } from '../../src/cli/own-data/run-scoring.ts';
import { createStatus } from '../../src/cli/own-data/status.ts';
import { describe as shown } from '../../src/core/errors.ts';
import { resolveDetectionConfig } from '../../src/detection/detection-config.ts';
import { compareCells } from '../../src/own-data/compare-cells.ts';
import { dataFilesAt } from '../../src/own-data/data-files-at.ts';
import { loadOwnData } from '../../src/own-data/load-own-data.ts';
import { ownDataConfig } from '../../src/own-data/own-data-config.ts';
import { renderMessages } from '../../src/own-data/render-messages.ts';
import { readPytestLog } from '../../src/own-data/test-reports/read-pytest.ts';
import { ownFiles } from '../settings/data-files/files-of-ones-own.ts';

const files = ownFiles();
const at = (name: string) => join(files.directory, name);
const load = (name: string, columns: object, options = {}) =>
  loadOwnData(ownDataConfig.parse({ data: at(name), columns, maxRejected: 1 }), options);

describe('a directory of data', () => {
  it('with links in circles has each file once, and no directory for a file', () => {
    files.write('d/a.jsonl', [{ a: 1 }]);
    files.write('d/sub/b.jsonl', [{ a: 1 }]);
    mkdirSync(at('d/odd.csv'));
    symlinkSync('.', at('d/again'));
    symlinkSync('..', at('d/sub/up'));
    expect(dataFilesAt(at('d'))).toEqual([at('d/a.jsonl'), at('d/sub/b.jsonl')]);
  });

  it.skipIf(process.platform === 'win32')('holds no pipe or device, which would be waited for without end', () => {
    symlinkSync('/dev/null', at('a.jsonl'));
    expect(() => dataFilesAt(at('a.jsonl'))).toThrow(/to be a file, got "a pipe or device"/);
  });

  it('is where no results may be written, but in touchstone-out', () => {
    files.write('d/a.jsonl', [{ a: 1 }]);
    const check = (path: string, data = 'd') => requireOutside(at(path), '--out', at(data));
    for (const path of ['d', 'd/results']) {
      expect(() => check(path)).toThrow(/Expected --out to be outside the data/);
    }
    for (const path of ['d2', 'd/../e', 'd/touchstone-out/d', '..d']) expect(() => check(path)).not.toThrow();
    expect(() => check('d', 'd/a.jsonl')).not.toThrow();
  });

  it('without a config is known by its columns, whatever was written there before', async () => {
    files.write('d/touchstone-out/z/detections.csv', 'a,b\n1,2\n');
    files.write('d/z.jsonl', [
      ...Array.from({ length: 200 }, () => ({ text: 'a', measurements: [true] })),
      { text: 'a', measurements: [true], trusted: true },
    ]);
    const { config } = await findDetectionConfig(at('d'), {});
    expect(config.columns).toEqual({ text: 'text', measurements: 'measurements', trusted: 'trusted' });
  });

  it('finds the config beside it by any spelling of its path', async () => {
    files.write('d/z.jsonl', [{ x: 'a', ok: true }]);
    files.write('d.touchstone.yaml', 'data: d\ncolumns: { text: x, measurements: ok }\n');
    for (const path of ['d', 'd/', 'd/.']) {
      const { config } = await findDetectionConfig(`${files.directory}/${path}`, {});
      expect(config.columns.text).toBe('x');
    }
  });
});

it('a config of aliases without end is refused in a sentence', async () => {
  const levels = Array.from({ length: 8 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`);
  files.write('x.touchstone.yaml', ['a0: &a0 [1, 2]', ...levels].join('\n'));
  await expect(findDetectionConfig(at('x.touchstone.yaml'), {})).rejects.toMatchObject({ code: 'config-file' });
});

it('rejected rows that cannot be written are a fault of the place, not of the program', async () => {
  files.write('a.jsonl', [
    { text: 'a', ok: true },
    { text: '', ok: true },
  ]);
  const columns = { text: 'text', measurements: 'ok' };
  const config = resolveDetectionConfig({ data: at('a.jsonl'), columns, maxRejected: 1 });
  const out = { path: at('a.jsonl'), write: async () => {} };
  const { signal } = new AbortController();
  const reading = loadData(config, { out, status: createStatus({ quiet: true }), signal });
  await expect(reading).rejects.toMatchObject({ code: 'cannot-write' });
});

it('a detector that is not there is told of before what its columns would have been', async () => {
  files.write('new.csv', 'id,words\n1,a\n');
  const { signal } = new AbortController();
  const scoring = runScoring(at('new.csv'), { with: at('none'), quiet: true }, signal);
  await expect(scoring).rejects.toMatchObject({ code: 'no-detector' });
});

describe('rows', () => {
  it('of CSV may leave a column of the header empty throughout', async () => {
    files.write('a.csv', 'text,ok,right,task\na,1,,\nb,0,,\n');
    const columns = { text: 'text', measurements: 'ok', groundTruth: 'right', group: 'task' };
    const { examples } = await load('a.csv', columns);
    expect(examples[0]).toEqual({ id: 'line-2', text: 'a', measurements: [true], trusted: false });
    await expect(load('a.csv', { ...columns, group: 'tusk' })).rejects.toThrow(/"tusk", .*has text, ok, right, task/);
  });

  it('hold empty lists for empty mappings, and the other way round', async () => {
    const mixed = [[], { a: true }, {}, null, 'skipped', { a: false, b: true }].map((m) => ({ text: 'a', m }));
    files.write('a.jsonl', mixed);
    const { examples, measurementNames, rejected } = await load('a.jsonl', { text: 'text', measurements: 'm' });
    expect(rejected).toEqual([]);
    expect(measurementNames).toEqual(['a', 'b']);
    expect(examples.map(({ measurements }) => measurements)).toEqual([
      [null, null],
      [true, null],
      [null, null],
      [null, null],
      [null, null],
      [false, true],
    ]);
  });

  it('that are rejected teach no measurements', async () => {
    files.write('a.jsonl', [
      { text: 'a', m: [true], trusted: true },
      { text: 'b', m: [true, true, true], trusted: 'perhaps' },
    ]);
    const columns = { text: 'text', measurements: 'm', trusted: 'trusted' };
    expect(await load('a.jsonl', columns)).toMatchObject({ measurementNames: ['m'], rejected: [{ line: 2 }] });
  });

  it('that change while they are read are told of', async () => {
    files.write(
      'a.jsonl',
      Array.from({ length: 1000 }, () => ({ text: 'a', ok: true })),
    );
    const progress = () => appendFileSync(at('a.jsonl'), '\n');
    const { notes } = await load('a.jsonl', { text: 'text', measurements: 'ok' }, { progress });
    expect(notes).toContain('Data changed while they were read (a.jsonl): run again when they are whole.');
  });

  it('of a Parquet file may hold whole numbers of 64 bits and times out of range anywhere', () => {
    expect(shown({ a: 1n })).toBe('{"a":1}');
    const calls = [{ function: { name: 'run', arguments: { line: 3n } } }];
    expect(renderMessages([{ role: 'assistant', tool_calls: calls }])).toBe('assistant calls run: {"line":3}');
    expect(compareCells(new Date(Number.NaN), '==', 'x')).toBeNull();
  });
});

it('ground truth is no group: it would shape what detectors are trained on', () => {
  const columns = { text: 'text', measurements: 'ok', groundTruth: 'right', group: 'right' };
  expect(ownDataConfig.safeParse({ data: 'a.csv', columns }).error?.message).toMatch(/ground truth/);
});

it('chats keep what tools were called with and what they answered, in each vendor’s form', () => {
  const chat = [
    { role: 'user', content: 'fix it' },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'I will' },
        { type: 'tool_use', name: 'edit', input: { path: 'a.py' } },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', content: [{ type: 'text', text: 'done' }] }] },
    { role: 'assistant', content: null, function_call: { name: 'run', arguments: '{"x":1}' } },
  ];
  expect(renderMessages(chat).split('\n')).toEqual([
    'user: fix it',
    'assistant: I will',
    'calls edit: {"path":"a.py"}',
    'user: [tool_result] done',
    'assistant calls run: {"x":1}',
  ]);
});

it('a test that was run again until it passed has passed', () => {
  const line = (outcome: string) => ({ $report_type: 'TestReport', nodeid: 'a.py::t', outcome });
  const passed = (...outcomes: string[]) => readPytestLog(outcomes.map(line), 'log')[0]?.passed;
  expect(passed('passed', 'rerun', 'passed', 'passed')).toBe(true);
  expect(passed('passed', 'rerun', 'passed', 'failed')).toBe(false);
});
