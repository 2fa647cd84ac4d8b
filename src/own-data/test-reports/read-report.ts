import { type ByteSource, openFile } from '../../activations/byte-source.ts';
import { readCtrf } from './read-ctrf.ts';
import { readJest } from './read-jest.ts';
import { readJunit } from './read-junit.ts';
import { readPytest, readPytestLog } from './read-pytest.ts';
import { reportFault as fault, type ReportedTest } from './reported-test.ts';
import type { TestReportConfig } from './test-reports-config.ts';

/** 32 MiB: a report of a hundred thousand tests; it is read whole. */
const largestReport = 2 ** 25;

/**
 * The tests of one report; `auto` tells the format by what stands in the file.
 * @throws UserError (`invalid-report`, `unreadable-file`) naming the file: it is larger than 32 MiB, not text, damaged, or of
 *   another format.
 */
export async function readReport(path: string, format: TestReportConfig['format']): Promise<readonly ReportedTest[]> {
  const text = await readText(path);
  if (format === 'junit' || (format === 'auto' && text.startsWith('<'))) return readJunit(text, path);
  const content = parseJson(text);
  if (!(content instanceof SyntaxError)) return readJson(content, format, path);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  // JSON on one line after another is a log; anything else was meant to be one document.
  if (lines.length < 2 || parseJson(lines[0] as string) instanceof SyntaxError) throw notJson(path, content);
  const parsed = lines.map((line, i) => {
    const one = parseJson(line);
    if (one instanceof SyntaxError) throw notJson(`line ${i + 1} of ${path}`, one);
    return one;
  });
  return readPytestLog(parsed, path);
}

function readJson(content: unknown, format: TestReportConfig['format'], path: string): readonly ReportedTest[] {
  const found = format === 'auto' ? formatOf(content) : format;
  switch (found) {
    case 'ctrf':
      return readCtrf(content, path);
    case 'vitest':
    case 'jest':
      return readJest(content, path);
    case 'pytest':
      // A log of a single line is JSON as it stands.
      return has(content, '$report_type') ? readPytestLog([content], path) : readPytest(content, path);
    default:
      throw fault(path, 'a report of a known format', new Error('JSON of another shape'), 'Say its format in results.');
  }
}

function formatOf(content: unknown): TestReportConfig['format'] | undefined {
  if (has(content, 'testResults')) return 'jest';
  if (has(content, 'results')) return 'ctrf';
  return has(content, 'tests') || has(content, '$report_type') ? 'pytest' : undefined;
}

function has(content: unknown, key: string): boolean {
  return typeof content === 'object' && content !== null && Object.hasOwn(content, key);
}

async function readText(path: string): Promise<string> {
  const file = await openFile(path);
  try {
    return decode(await readBytes(file, path), path).trimStart();
  } finally {
    await file.close();
  }
}

async function readBytes(file: ByteSource, path: string): Promise<Uint8Array> {
  if (file.size === 0) throw fault(path, 'a report', new Error('an empty file'));
  if (file.size <= largestReport) return file.read(0, file.size);
  const next = 'Write reports without the output of tests, or one for each example.';
  throw fault(path, `at most ${largestReport} bytes long`, `${file.size} bytes`, next);
}

/** Text in the encoding of its byte order mark, else the one that an XML declaration names, else UTF-8. */
function decode(bytes: Uint8Array, path: string): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw fault(path, `text in ${encoding}`, new Error('other bytes'), 'Write the report as UTF-8.');
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const start = String.fromCharCode(...bytes.subarray(0, 200));
  const named = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?\bencoding=["']([\w.:-]+)["']/.exec(start)?.[1];
  // A declaration that could be read as ASCII is not in UTF-16, whatever it says.
  return named === undefined || /^utf-?16/i.test(named) ? 'utf-8' : named;
}

/** What `text` says, or why it is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

function notJson(thing: string, error: SyntaxError) {
  return fault(thing, 'JSON', error, 'Make the report again: it may have been cut off.');
}
