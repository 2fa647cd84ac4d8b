import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinMeasurements } from '../../src/own-data/test-reports/join-measurements.ts';
import { readReport } from '../../src/own-data/test-reports/read-report.ts';
import { readTestReports } from '../../src/own-data/test-reports/read-test-reports.ts';
import { testReports } from '../../src/own-data/test-reports/test-reports-config.ts';

const fixtures = fileURLToPath(new URL('../fixtures/test-reports', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-reports-'));
});
afterAll(() => rm(folder, { recursive: true }));

const configOf = (...entries: readonly Record<string, unknown>[]) => testReports.parse(entries);
const read = (...entries: readonly Record<string, unknown>[]) => readTestReports(configOf(...entries), folder);
const put = async (path: string, content: string | Uint8Array) => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
};
const outcomesIn = async (file: string, format: Parameters<typeof readReport>[1] = 'auto') =>
  (await readReport(join(fixtures, file), format)).map(({ parts, passed }) => [parts.join('::'), passed]);
const suite = (name: string, ...cases: readonly string[]) => `<testsuite name="${name}">${cases.join('')}</testsuite>`;
const passing = (name: string) => `<testcase name="${name}"/>`;
const failing = (name: string) => `<testcase name="${name}"><failure/></testcase>`;
const skipped = (name: string) => `<testcase name="${name}"><skipped/></testcase>`;

describe('reports as tools write them', () => {
  it('pytest says the same as JUnit XML, JSON and log', async () => {
    const outcomes = [
      ['test_broken', false],
      ['test_a::test_ok', true],
      ['test_a::test_param[1]', true],
      ['test_a::test_param[a<b]', false],
      ['test_a.TestIn::test_skip', null],
      ['test_a::test_xfail', null],
      ['test_a::test_xpass', true],
      ['test_a::test_teardown', false],
      ['test_a::test_setup', false],
    ];
    expect(await outcomesIn('pytest.xml')).toEqual(outcomes);
    const ids = outcomes.map(([name, passed]) => [
      String(name)
        .replace(/^test_(a|broken)/, 'test_$1.py')
        .replace('.TestIn', '::TestIn'),
      passed,
    ]);
    expect(await outcomesIn('pytest.json')).toEqual(ids);
    expect(await outcomesIn('pytest.jsonl')).toEqual(ids);
    expect(await outcomesIn('pytest.json', 'pytest')).toEqual(ids);
  });

  it('Vitest says the same as JSON and JUnit XML, and a file that does not load is a failed test', async () => {
    const outcomes = [
      ['a.test.ts::task-1::adds numbers', true],
      ['a.test.ts::task-1::edge::fails <b>"here"</b> & there', false],
      ['a.test.ts::task-1::is skipped', null],
      ['a.test.ts::task-1::is to do', null],
      ['a.test.ts::at the top', true],
      ['broken.test.ts', false],
    ];
    expect(await outcomesIn('vitest.json')).toEqual(outcomes);
    expect(await outcomesIn('vitest.json', 'jest')).toEqual(outcomes);
    expect(await outcomesIn('vitest.xml')).toEqual(
      outcomes.map(([name, passed]) => [`test/${String(name).replaceAll('::', ' > ').replace(' > ', '::')}`, passed]),
    );
  });

  it('Surefire: reruns fail, flakes pass, and output that looks like a failure is none', async () => {
    expect(await outcomesIn('surefire.xml')).toEqual([
      ['com.example.BasketTest::adds', true],
      ['com.example.BasketTest::removes', false],
      ['com.example.BasketTest::flaky', true],
      ['com.example.BasketTest::empties', null],
      ['com.example.BasketTest::breaks', false],
    ]);
  });

  it('gotestsum: a package that did not build is a failed test', async () => {
    expect(await outcomesIn('gotestsum.xml', 'junit')).toEqual([
      ['example.com/basket::TestAdd', true],
      ['example.com/basket::TestAdd/task-1', true],
      ['example.com/basket::TestAgain', false],
      ['example.com/basket::TestAgain', true],
      ['example.com/broken', false],
    ]);
  });

  it('jest-junit, whose class is the name once more, and CTRF', async () => {
    expect(await outcomesIn('jest-junit.xml')).toEqual([
      ['task-1 adds', true],
      ['task-1 removes', false],
      ['task-1 empties', null],
    ]);
    expect(await outcomesIn('ctrf.json')).toEqual([
      ['basket.spec.ts::task-1::adds', true],
      ['task-1::removes', false],
      ['basket.spec.ts::task-2::empties', null],
      ['times out', null],
    ]);
  });

  it('nested suites name tests without a class, and GoogleTest says what was not run', async () => {
    const inner = suite('inner', passing('a'), '<testcase name="b" classname="k" status="notrun"/>');
    await put('nested.xml', `<testsuites name="all">${suite('outer', inner, failing('c'))}</testsuites>`);
    const tests = await readReport(join(folder, 'nested.xml'), 'auto');
    expect(tests.map(({ parts, suite, passed }) => [...parts, suite, passed])).toEqual([
      ['outer', 'inner', 'a', 'inner', true],
      ['k', 'b', 'inner', null],
      ['outer', 'c', 'outer', false],
    ]);
  });

  it('calls files of one name by as many folders as tell them apart', async () => {
    const file = (name: string) => ({ name, status: 'passed', assertionResults: [{ title: 't', status: 'passed' }] });
    await put('files.json', JSON.stringify({ testResults: ['/x/a/i.ts', '/x/b/i.ts', 'C:\\x\\j.ts'].map(file) }));
    const tests = await readReport(join(folder, 'files.json'), 'vitest');
    expect(tests.map(({ parts }) => parts[0])).toEqual(['a/i.ts', 'b/i.ts', 'j.ts']);
  });
});

describe('which example a test is about', () => {
  const only = async (entry: Record<string, unknown>) => {
    const reports = await readTestReports(configOf(entry), fixtures);
    const { measurementNames, ids, nameless } = reports;
    return { measurementNames, ids, nameless, rows: ids.map(reports.measurementsOf) };
  };

  it('by the folder or file that {id} stands for, several files each', async () => {
    await put('runs/task-2/one.xml', suite('task-2', passing('adds'), failing('removes')));
    await put('runs/task-2/two.xml', suite('task-2', skipped('empties')));
    await put('runs/task-10/one.xml', suite('task-10', skipped('adds'), passing('removes')));
    await put('runs/notes.txt', 'no report');
    const reports = await read({ path: 'runs/{id}/*.xml' });
    expect(reports.ids).toEqual(['task-10', 'task-2']);
    expect(reports.measurementNames).toEqual(['adds', 'removes']);
    expect(reports.alwaysSkipped).toBe(1);
    expect(reports.measurementsOf('task-2')).toEqual([true, false]);
    expect(reports.measurementsOf('task-10')).toEqual([null, true]);
    expect(reports.measurementsOf('task-99')).toEqual([null, null]);
    expect(reports.files).toBe(3);
    const twice = await read({ path: join(folder, 'runs/{id}/{id}.xml') }).catch((error) => error.message);
    expect(twice).toMatch(/at least one file/);
  });

  it('by the suite around it', async () => {
    const { ids, rows, measurementNames } = await only({ path: 'ctrf.json', id: 'suite' });
    expect(ids).toEqual(['task-1', 'task-2']);
    expect(measurementNames).toEqual(['basket.spec.ts::adds', 'removes']);
    expect(rows).toEqual([
      [true, false],
      [null, null],
    ]);
  });

  it('by a property of it or of its suite', async () => {
    expect(await only({ path: 'pytest.xml', id: 'property:example' })).toMatchObject({ ids: ['task-1'], nameless: 8 });
    expect(await only({ path: 'pytest.json', id: 'property:example' })).toMatchObject({ ids: ['task-1'], nameless: 8 });
    expect(await only({ path: 'pytest.jsonl', id: 'property:example' })).toMatchObject({ ids: ['task-1'] });
    expect(await only({ path: 'surefire.xml', id: 'property:example' })).toMatchObject({
      ids: ['task-3'],
      nameless: 0,
    });
    expect(await only({ path: 'ctrf.json', id: 'property:example' })).toMatchObject({ ids: ['task-9', '7'] });
  });

  it('by the beginning of its name, which is taken out of it', async () => {
    const { ids, measurementNames, rows } = await only({ path: 'jest-junit.xml', id: 'name-prefix' });
    expect([ids, measurementNames, rows]).toEqual([['task-1'], ['adds', 'removes'], [[true, false]]]);
  });

  it('by a regular expression, so that tests of different examples are one measurement', async () => {
    const cases = ['solves[task-1]', 'solves[task-2]'].map((name) => `<testcase classname="t" name="${name}"/>`);
    await put('many.xml', suite('all', ...cases, passing('setup')));
    const reports = await read({ path: 'many.xml', id: '\\[(?<id>[^\\]]+)\\]$' });
    expect(reports.measurementNames).toEqual(['t::solves[{id}]']);
    expect(reports.ids).toEqual(['task-1', 'task-2']);
    expect(reports.nameless).toBe(1);
  });

  it('refuses neither, both, or an expression without the group', () => {
    const message = (entry: Record<string, unknown>) => testReports.safeParse([entry]).error?.issues[0]?.message;
    expect(message({ path: 'a.xml' })).toMatch(/got neither/);
    expect(message({ path: '{id}.xml', id: 'suite' })).toMatch(/got both/);
    expect(message({ path: 'a.xml', id: '(\\w+)' })).toMatch(/group \(\?<id>…\)/);
    expect(message({ path: 'a.xml', id: '(?<id>' })).toMatch(/regular expression/);
    expect(message({ path: 'a.xml', id: 'property:x' })).toBeUndefined();
  });

  it('stops an expression that takes for ever', async () => {
    await put('slow.xml', suite('all', passing(`${'a'.repeat(60)}!`)));
    await expect(read({ path: 'slow.xml', id: '^(?<id>(a+)+)$' })).rejects.toThrow(/done within 2 seconds/);
  }, 15_000);
});

describe('measurements', () => {
  it('all tests of an example as one', async () => {
    await put('all/a.xml', suite('s', passing('x'), skipped('y')));
    await put('all/b.xml', suite('s', passing('x'), failing('z'), passing('z')));
    await put('all/c.xml', suite('s', skipped('x')));
    await put('all/d.xml', '<testsuites/>');
    const reports = await read({ path: 'all/{id}.xml', tests: 'all' });
    expect(reports.measurementNames).toEqual(['tests']);
    expect(['a', 'b', 'c', 'd'].map((id) => reports.measurementsOf(id)[0])).toEqual([true, false, null, null]);
    expect(reports.ids).toEqual(['a', 'b', 'c', 'd']);
    const last = await read({ path: 'all/{id}.xml', tests: 'all', repeated: 'last' });
    expect(last.measurementsOf('b')).toEqual([true]);
  });

  it('a test that occurs twice passed if it did both times, or with repeated: last the last time', async () => {
    await put('again/a.xml', suite('s', failing('x'), passing('x'), passing('y'), skipped('y')));
    expect((await read({ path: 'again/{id}.xml' })).measurementsOf('a')).toEqual([false, true]);
    expect((await read({ path: 'again/{id}.xml', repeated: 'last' })).measurementsOf('a')).toEqual([true]);
  });

  it('of several entries stand side by side under different names', async () => {
    await put('unit/a.xml', suite('s', passing('x')));
    await put('e2e/a.xml', suite('s', failing('x')));
    const entries = [{ path: 'unit/{id}.xml' }, { path: 'e2e/{id}.xml' }];
    await expect(read(...entries)).rejects.toThrow(/two entries of results to be different, got "x"/);
    const named = await read(...entries.map((entry, i) => ({ ...entry, name: ['unit', 'e2e'][i] })));
    expect(named.measurementNames).toEqual(['unit::x', 'e2e::x']);
    expect(named.measurementsOf('a')).toEqual([true, false]);
  });

  it('are at most 1,000', async () => {
    const cases = (n: number) => Array.from({ length: n }, (_, i) => passing(`t${i}`));
    await put('wide/a.xml', suite('s', ...cases(1000)));
    expect((await read({ path: 'wide/{id}.xml' })).measurementNames).toHaveLength(1000);
    await put('wide/b.xml', suite('s', passing('one more')));
    await expect(read({ path: 'wide/{id}.xml' })).rejects.toThrow(/at most 1000 names.*tests: all/);
    expect((await read({ path: 'wide/{id}.xml', tests: 'all' })).measurementsOf('a')).toEqual([true]);
  });

  it('join examples, and what does not fit is counted and named', async () => {
    await put('join/a.xml', suite('s', passing('x')));
    await put('join/b.xml', suite('s', passing('y')));
    const reports = await read({ path: 'join/{id}.xml' });
    const joined = joinMeasurements(['a', 'c', 'd'], reports);
    expect(joined.measurements.get('a')).toEqual([true, null]);
    expect(joined.measurements.get('c')).toEqual([null, null]);
    expect(joined.withoutReport).toEqual(['c', 'd']);
    expect(joined.withoutExample).toEqual(['b']);
    expect(joinMeasurements(['a'], { ...reports, alwaysSkipped: 2, nameless: 3 }).notes.slice(1)).toEqual([
      '3 tests in the reports name no example and are left out.',
      '2 tests neither passed nor failed for any example and are no measurements.',
    ]);
    expect(joined.notes).toEqual([
      '2 examples have no test report, so all their measurements are absent ("c", "d").',
      '1 test report is of no example and left out ("b").',
      expect.stringMatching(/^83 % of the measurements are absent/),
    ]);
    expect(() => joinMeasurements(['q'], reports)).toThrow(/such as "q", got none of them \(the first is "a"\)/);
  });
});

describe('hostile reports', () => {
  const refusal = async (content: string | Uint8Array, format: Parameters<typeof readReport>[1] = 'auto') => {
    await put('hostile.xml', content);
    return readReport(join(folder, 'hostile.xml'), format).then(
      () => 'read',
      (error) => `${error.code}: ${error.message}`,
    );
  };

  it('expand no entity: not a billion laughs, not a file', async () => {
    const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    const bomb = `<?xml version="1.0"?><!DOCTYPE t [<!ENTITY l0 "ha">${laughs}]>`;
    expect(await refusal(`${bomb}<testsuite name="&l10;"/>`)).toMatch(/line 1 of .*hostile.xml.*undefined entity/s);
    const external = '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
    const refused = await refusal(`${external}<testsuite><testcase name="a">&x;</testcase></testsuite>`);
    expect(refused).toMatch(/^invalid-report: .*undefined entity/);
    expect(refused).not.toContain('root:');
    expect(await refusal(`${external}<testsuite name="s"/>`)).toBe('read');
    expect(await refusal('<!DOCTYPE t SYSTEM "http://example.com/t.dtd"><testsuite name="s"/>')).toBe('read');
  });

  it('nest too deep, end too early or are something else', async () => {
    const deep = `${'<testsuite>'.repeat(100_000)}${'</testsuite>'.repeat(100_000)}`;
    expect(await refusal(deep)).toMatch(/nested at most 100 deep/);
    expect(await refusal('<testsuites>\n<testsuite name="s">\n<testcase name="a"')).toMatch(
      /line 3 of .*well-formed XML/,
    );
    expect(await refusal('<testsuite><testcase/></testsuite>')).toMatch(/a test with a name/);
    expect(await refusal('<assemblies/>')).toMatch(/root element .* <testsuites> or <testsuite>, got "<assemblies>"/);
    expect(await refusal('{"tests": 1}', 'junit')).toMatch(/well-formed XML/);
    expect(await refusal('plain words')).toMatch(/to be JSON/);
    expect(await refusal('{"results": {"tests": [{"name": "a"')).toMatch(/to be JSON.*may have been cut off/s);
    expect(await refusal('{"results": {"tests": [{"name": "a"}]}}')).toMatch(/"results.tests.0.status"/);
    expect(await refusal('{"something": []}')).toMatch(/a report of a known format/);
    expect(await refusal('[]', 'ctrf')).toMatch(/as the format has it/);
    expect(await refusal(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)).toMatch(/^invalid-report/);
    expect(await refusal('')).toMatch(/an empty file/);
  });

  it('are no text, in an unknown encoding, or too large', async () => {
    const latin = Uint8Array.from(Buffer.from('<testsuite name="caf\u00e9"/>', 'latin1'));
    expect(await refusal(latin)).toMatch(/text in utf-8, got other bytes/);
    const declared = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><testsuite name="caf\u00e9"/>', 'latin1');
    expect(await refusal(Uint8Array.from(declared))).toBe('read');
    expect(await refusal('<?xml version="1.0" encoding="klingon"?><testsuite/>')).toMatch(/text in klingon/);
    const wide = Buffer.from('\ufeff<?xml version="1.0" encoding="utf-16"?><testsuite name="s"/>', 'utf16le');
    expect(await refusal(Uint8Array.from(wide))).toBe('read');
    expect(await refusal('\ufeff<testsuite name="s"/>')).toBe('read');
    const long = `<testsuite><testcase name="${'a'.repeat(2 ** 25)}"/></testsuite>`;
    expect(await refusal(long)).toMatch(/at most 33554432 bytes long/);
  });

  it('beside good ones are rejected with line and reason; alone they stop the reading', async () => {
    await put('some/a.xml', suite('s', passing('x')));
    await put('some/b.xml', '<testsuite>\n<testcase');
    const { rejected, files, ids } = await read({ path: 'some/{id}.xml' });
    expect(rejected).toEqual([
      { file: join('some', 'b.xml'), line: 2, reason: expect.stringContaining('XML'), raw: '' },
    ]);
    expect([files, ids]).toEqual([2, ['a']]);
    await expect(read({ path: 'some/b.xml', id: 'suite' })).rejects.toThrow(/line 2 of .*b\.xml/);
    await expect(read({ path: 'nowhere.xml', id: 'suite' })).rejects.toThrow(/nowhere\.xml/);
    await expect(read({ path: 'nowhere/{id}.xml' })).rejects.toThrow(/at least one file/);
  });

  it('have names that are keys of objects, and very long ones', async () => {
    await put(
      'keys/__proto__.xml',
      suite('s', failing('__proto__'), passing('constructor'), passing('n'.repeat(5000))),
    );
    const reports = await read({ path: 'keys/{id}.xml' });
    expect(reports.measurementNames).toEqual(['__proto__', 'constructor', 'n'.repeat(1000)]);
    expect(reports.measurementsOf('__proto__')).toEqual([false, true, true]);
  });
});
