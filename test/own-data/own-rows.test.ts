import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OwnExample, RejectedRow } from '../../src/core/own-data.ts';
import { loadOwnData } from '../../src/own-data/load-own-data.ts';
import { ownDataConfig } from '../../src/own-data/own-data-config.ts';
import { isRejected, readOwnRows } from '../../src/own-data/read-own-rows.ts';
import { ownFiles } from '../settings/data-files/files-of-ones-own.ts';

const files = ownFiles();
type Columns = Record<string, unknown>;

function configOf(name: string, columns: Columns, more: object = {}) {
  return ownDataConfig.parse({ data: join(files.directory, name), columns, ...more });
}

function write(name: string, rows: readonly object[]): string {
  writeFileSync(join(files.directory, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return name;
}

async function read(name: string, columns: Columns, options = {}): Promise<(OwnExample | RejectedRow)[]> {
  const all: (OwnExample | RejectedRow)[] = [];
  for await (const row of readOwnRows(configOf(name, columns), options)) all.push(row);
  return all;
}

const load = (name: string, columns: Columns, more: object = {}, options = {}) =>
  loadOwnData(configOf(name, columns, { maxRejected: 1, ...more }), options);

describe('a row becomes an example', () => {
  it('from named columns of CSV, whatever words they use', async () => {
    files.write(
      'a.csv',
      'id,prompt,unit,lint,human,right,task\n1,do it,passed,FAIL,yes,,t1\n2,do that,1,skipped,,0,\n',
    );
    const columns = {
      id: 'id',
      text: 'prompt',
      measurements: ['unit', 'lint'],
      trusted: 'human',
      groundTruth: 'right',
      group: 'task',
    };
    const data = await load('a.csv', columns);
    expect(data).toMatchObject({ name: 'a.csv', rows: 2, rejected: [], measurementNames: ['unit', 'lint'], notes: [] });
    expect(data.examples).toEqual([
      { id: '1', text: 'do it', measurements: [true, false], trusted: true, group: 't1' },
      { id: '2', text: 'do that', measurements: [true, null], trusted: false, groundTruth: false },
    ]);
    expect(data.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('with lists of any length and spelling; shorter ones lack the rest, and that is said', async () => {
    const lists = [[true, false, null], [1], '[True, False]', '1;0;NaN', 'pass fail', [], null, true];
    write(
      'a.jsonl',
      lists.map((tests, i) => ({ text: `t${i}`, tests })),
    );
    const { examples, measurementNames, notes } = await load('a.jsonl', { text: 'text', measurements: 'tests' });
    expect(measurementNames).toEqual(['tests 1', 'tests 2', 'tests 3']);
    expect(examples.map(({ measurements }) => measurements)).toEqual([
      [true, false, null],
      [true, null, null],
      [true, false, null],
      [true, false, null],
      [true, false, null],
      [null, null, null],
      [null, null, null],
      [true, null, null],
    ]);
    expect(notes?.join(' ')).toContain('Rows hold 0 to 3 measurements');
    expect(notes?.join(' ')).toContain('all are untrusted');
    expect(examples.map(({ id }) => id).slice(0, 2)).toEqual(['line-1', 'line-2']);
  });

  it('with measurements by name', async () => {
    write('a.jsonl', [
      { text: 'a', m: { unit: true } },
      { text: 'b', m: { lint: 'fail', unit: 0 } },
    ]);
    const { examples, measurementNames } = await load('a.jsonl', { text: 'text', measurements: 'm' });
    expect(measurementNames).toEqual(['unit', 'lint']);
    expect(examples.map(({ measurements }) => measurements)).toEqual([
      [true, null],
      [false, false],
    ]);
  });

  it('from chat messages, as one text', async () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: {} },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [{ function: { name: 'ls', arguments: '{"d":1}' } }] },
      { role: 'assistant', content: 'Done' },
    ];
    write('a.jsonl', [
      { chat: messages, ok: true },
      { chat: JSON.stringify(messages), ok: true },
      { chat: [{}], ok: 1 },
    ]);
    const [first, second, third] = await read('a.jsonl', { messages: 'chat', measurements: 'ok' });
    const text = 'system: Be brief.\nuser: Look\n[image_url]\nassistant calls ls: {"d":1}\nassistant: Done';
    expect(first).toMatchObject({ text });
    expect(second).toMatchObject({ text });
    expect(third).toMatchObject({ reason: 'message 1 is {}, not {role, content}' });
  });

  it('trusted by a rule, also over nested columns', async () => {
    write('a.jsonl', [
      { text: 'a', ok: true, meta: { source: 'human', score: 3 } },
      { text: 'b', ok: true, meta: { source: 'bot' } },
      { text: 'c', ok: true },
      { text: 'd', ok: true, meta: { source: 'human', score: 'much' } },
    ]);
    const rows = await read('a.jsonl', {
      text: 'text',
      measurements: ['ok'],
      trustedWhere: 'meta.source == "human" and meta.score > 2',
    });
    expect(rows.slice(0, 3).map((row) => 'trusted' in row && row.trusted)).toEqual([true, false, false]);
    expect(rows[3]).toMatchObject({ reason: '"much" is no number to compare' });
  });

  it('from several files, by their names below the directory', async () => {
    files.write('d/one.jsonl', [{ text: 'a', ok: true }]);
    files.write('d/two/three.csv', 'text,ok\nb,0\n\nc,2\n');
    files.write('d/touchstone-out/d/detections.csv', 'id,score\n1,2\n');
    const data = await load('d', { text: 'text', measurements: 'ok' });
    expect(data.examples.map(({ id }) => id)).toEqual(['one.jsonl:1', 'two/three.csv:2']);
    expect(data.rejected).toMatchObject([{ file: 'two/three.csv', line: 4, raw: 'c,2' }]);
  });
});

describe('a row that is no example is kept, with its line and reason:', () => {
  it.each([
    [
      { text: 'a', ok: 0.7 },
      'measurement "ok" is 0.7, not true or false: put true where it is high enough to count, e.g. at least 0.5, else false',
    ],
    [{ text: 'a', ok: 'maybe' }, 'measurement "ok" is "maybe", not true or false'],
    [{ text: '  ', ok: true }, 'no text in "text"'],
    [{ text: 5, ok: true }, '"text" is 5, not text'],
    [
      { text: [{ role: 'user' }], ok: true },
      '"text" is [{"role":"user"}], not text; name the column as messages if they are chat messages',
    ],
    [[1, 2], 'the row is [1,2], not an object of columns'],
    [{ id: '1', text: 'twice', ok: true }, 'id "1" is that of line 1'],
    [{ id: { a: 1 }, text: 'a', ok: true }, '"id" is {"a":1}, not a name'],
    [{ id: null, text: 'a', ok: true }, 'no id in "id"'],
    [{ id: '2', text: 'a', ok: Array(2000).fill(true) }, '"ok" holds 2000 measurements, more than 1000'],
  ])('%#', async (row, reason) => {
    const withId = Array.isArray(row) || 'id' in row ? row : { id: '2', ...row };
    write('a.jsonl', [{ id: '1', text: 'fine', ok: true }, withId, { id: '3', text: 'fine', ok: false }]);
    const { examples, rejected } = await load('a.jsonl', { id: 'id', text: 'text', measurements: 'ok' });
    expect(rejected).toEqual([{ file: 'a.jsonl', line: 2, reason, raw: JSON.stringify(withId).slice(0, 2000) }]);
    expect(examples.map(({ id }) => id)).toEqual(['1', '3']);
  });

  it('too many stop the reading after the file of rejects is written; few do not', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ text: `t${i}`, ok: i % 50 === 7 ? i / 100 : true }));
    write('a.jsonl', rows);
    const rejectFile = join(files.directory, 'rejects.jsonl');
    const columns = { text: 'text', measurements: 'ok' };
    const reading = load('a.jsonl', columns, { maxRejected: 0.01 }, { rejectFile });
    await expect(reading).rejects.toMatchObject({ code: 'too-many-rejects' });
    await expect(reading).rejects.toThrow(
      /got 4 of 200 rejected \(2 %\):\n {2}4 × measurement … is …, not true[\s\S]*a\.jsonl, line 8: [\s\S]*line 108[\s\S]*maxRejected 0\.02\. All are kept in .*rejects\.jsonl/,
    );
    const kept = readFileSync(rejectFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RejectedRow);
    expect(kept.map(({ line }) => line)).toEqual([8, 58, 108, 158]);
    expect(kept[0]?.raw).toBe(JSON.stringify(rows[7]));
    const data = await load('a.jsonl', columns, { maxRejected: 0.02 }, { rejectFile });
    expect(data.examples.length + data.rejected.length).toBe(data.rows);
    write('a.jsonl', rows.slice(0, 5));
    await load('a.jsonl', columns, {}, { rejectFile });
    expect(() => readFileSync(rejectFile)).toThrow(/ENOENT/);
  });

  it('a file of another kind is given up early', async () => {
    writeFileSync(join(files.directory, 'a.jsonl'), 'not json\n'.repeat(50_000));
    const reading = load('a.jsonl', { text: 'text', measurements: 'ok' }, { maxRejected: 0.01 });
    await expect(reading).rejects.toThrow(/got 20000 of 20000 rejected/);
  });
});

describe('columns', () => {
  it('that no row has are told, with those that there are', async () => {
    write('a.jsonl', [{ text: 'a', ok: true, source: 'x' }]);
    const reading = load('a.jsonl', { text: 'text', measurements: ['ok', 'lint'], trustedWhere: 'sauce == "x"' });
    await expect(reading).rejects.toThrow(/to have "lint", "sauce", got nothing .*first row has text, ok, source/);
    const rows = await read('a.jsonl', { text: 'text', measurements: ['ok', 'lint'] }, { partial: true });
    expect(rows).toMatchObject([{ measurements: [true, null] }]);
  });

  it('of measurements that are known keep their order; others are rejected', async () => {
    write('a.jsonl', [
      { text: 'a', m: { b: 1, a: 0 } },
      { text: 'b', m: { c: true } },
    ]);
    const rows = await read('a.jsonl', { text: 'text', measurements: 'm' }, { measurementNames: ['a', 'b', 'd'] });
    expect(rows[0]).toMatchObject({ measurements: [false, true, null] });
    expect(rows[1]).toMatchObject({ reason: '"c" is no measurement that is known' });
  });

  it.each([
    [{ text: 'a', groundTruth: 'ok' }, /ground truth/],
    [{ text: 'a', trustedWhere: 'x = 3', groundTruth: 'y' }, /Write == for/],
    [{ text: 'a', trustedWhere: 'y and x', groundTruth: 'y' }, /ground truth/],
    [{ text: 'a', messages: 'b' }, /got both/],
    [{ measurements: ['ok', 'ok'], text: 'a' }, /one twice/],
    [{ measurements: [], text: 'a' }, /measurements, or test results, got none/],
    [{ truth: 'x', text: 'a' }, /Unrecognized key: ..truth/],
  ])('%j are refused', (columns, message) => {
    const parsed = ownDataConfig.safeParse({ data: 'a.csv', columns: { measurements: 'ok', ...columns } });
    expect(parsed.error?.message).toMatch(message);
  });
});

it('there must be examples, in a file of data', async () => {
  files.write('a.csv', 'text,ok\n');
  await expect(load('a.csv', { text: 'text', measurements: 'ok' })).rejects.toMatchObject({ code: 'no-examples' });
  files.write('a.txt', 'text');
  await expect(load('a.txt', { text: 'text', measurements: 'ok' })).rejects.toMatchObject({ code: 'no-such-data' });
  await expect(load('b.csv', { text: 'text', measurements: 'ok' })).rejects.toMatchObject({ code: 'no-such-data' });
});

it('reads many rows in memory that does not grow with them', async () => {
  const line = (i: number) => `{"id":"example-${i}","text":"${'some text '.repeat(30)}","ok":true}\n`;
  writeFileSync(join(files.directory, 'a.jsonl'), Array.from({ length: 150_000 }, (_, i) => line(i)).join(''));
  const before = process.memoryUsage.rss();
  let [peak, rows] = [0, 0];
  for await (const row of readOwnRows(configOf('a.jsonl', { id: 'id', text: 'text', measurements: 'ok' }))) {
    if (isRejected(row)) throw new Error(row.reason);
    if (++rows % 1000 === 0) peak = Math.max(peak, process.memoryUsage.rss() - before);
  }
  expect(rows).toBe(150_000);
  expect(peak / 2 ** 20).toBeLessThan(200);
}, 30_000);
