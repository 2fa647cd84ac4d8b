import { SaxesParser } from 'saxes';
import { reportFault as fault, type ReportedTest, requireFewTests } from './reported-test.ts';

type Attributes = Readonly<Record<string, string>>;

/** An element that is open. */
interface Element {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly around: Element | undefined;
  readonly depth: number;
  properties?: Map<string, string>;
  /** What the children of a test say, the worst of it. */
  verdict: 'failed' | 'skipped' | undefined;
  /** Failing tests in it. */
  failures: number;
}

/** Far more than any tool nests. */
const deepest = 100;
const roots = ['testsuites', 'testsuite'];
const notRun = ['notrun', 'skipped', 'disabled', 'ignored', 'pending', 'suppressed'];

/**
 * Tests of a JUnit XML report, as pytest, Maven Surefire, Jest, Vitest, gotestsum and others write it: `testcase` in any
 * nesting of `testsuite`. A `failure` or `error` in a test fails it, also beside reruns (`rerunFailure`), while
 * `flakyFailure` alone passed in the end. A suite that counts failures or errors of which no test tells is a failed test of
 * the suite's name, so that what crashed is not lost.
 *
 * Entities beyond XML's own five are an error wherever they are used: a document type is neither read nor expanded.
 * @throws UserError (`invalid-report`) naming file and line.
 */
export function readJunit(text: string, path: string): readonly ReportedTest[] {
  const tests: ReportedTest[] = [];
  let open: Element | undefined;
  const parser = new SaxesParser<{ xmlns: false; fileName: string }>({ xmlns: false, fileName: path });
  const place = () => `line ${parser.line} of ${path}`;
  parser.on('error', (error) => {
    throw fault(place(), 'well-formed XML', new Error(withoutPlace(error.message)));
  });
  parser.on('opentag', ({ name: tag, attributes }) => {
    const depth = open ? open.depth + 1 : 1;
    if (!open && !roots.includes(tag)) throw wrongRoot(tag, path);
    if (depth > deepest) throw fault(place(), `nested at most ${deepest} deep`, `<${tag}> below that`);
    if (tag === 'testcase' && attributes.name === undefined) throw fault(place(), 'a test with a name', 'none');
    open = { tag, attributes, around: open, depth, verdict: undefined, failures: 0 };
  });
  parser.on('closetag', () => {
    const test = testOf(open as Element);
    open = open?.around;
    if (test) requireFewTests(tests.push(test), path);
  });
  parser.write(text).close();
  return tests;
}

/** The test that an element is, if it is one; what else it says goes to what is around it. */
function testOf(closed: Element): ReportedTest | undefined {
  const { tag, attributes, around } = closed;
  if (tag === 'testcase') return testCase(closed);
  if (roots.includes(tag)) return lostTest(closed);
  if (!around) return undefined;
  if (tag === 'failure' || tag === 'error') around.verdict = 'failed';
  if (tag === 'skipped') around.verdict ??= 'skipped';
  if (tag === 'property') addProperty(attributes, around.tag === 'properties' ? around.around : around);
  return undefined;
}

function addProperty({ name, value }: Attributes, owner: Element | undefined): void {
  if (!owner || name === undefined || value === undefined) return;
  owner.properties ??= new Map();
  owner.properties.set(name, value);
}

function testCase(test: Element): ReportedTest {
  const { attributes, verdict, around } = test;
  const passed = verdict === 'failed' ? false : verdict === 'skipped' || wasNotRun(attributes) ? null : true;
  if (around && passed === false) around.failures++;
  return reported(partsOf(test), passed, test);
}

/** What a suite counts as failed without a test that tells of it. */
function lostTest(suite: Element): ReportedTest | undefined {
  const { tag, attributes, around, failures } = suite;
  const lost = declaredFailures(attributes) > 0 && failures === 0;
  if (around) around.failures += failures + Number(lost);
  return lost ? reported([attributes.name ?? tag], false, suite) : undefined;
}

function wasNotRun({ status = '', result = '' }: Attributes): boolean {
  return notRun.includes(status.toLowerCase()) || notRun.includes(result.toLowerCase());
}

/** Class and name; where there is no class, the suites below the root; equal neighbours, as of jest-junit, once. */
function partsOf({ attributes: { classname, name = '' }, around }: Element): string[] {
  const above = classname === undefined ? suiteNames(around) : classname === '' ? [] : [classname];
  return above.at(-1) === name ? above : [...above, name];
}

/** From the outermost, without the root. */
function suiteNames(element: Element | undefined): string[] {
  const names: string[] = [];
  for (let at = element; at?.around; at = at.around) {
    if (at.tag === 'testsuite' && at.attributes.name !== undefined) names.unshift(at.attributes.name);
  }
  return names;
}

function reported(parts: readonly string[], passed: boolean | null, element: Element): ReportedTest {
  return {
    parts,
    passed,
    suite: nearest(element, ({ tag, attributes }) => (tag === 'testsuite' ? attributes.name : undefined)),
    property: (name) => nearest(element, ({ properties }) => properties?.get(name)),
  };
}

/** What the element or the next one around it has of something. */
function nearest(element: Element, get: (element: Element) => string | undefined): string | undefined {
  for (let at: Element | undefined = element; at; at = at.around) {
    const found = get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function declaredFailures({ failures = '', errors = '' }: Attributes): number {
  return (Number.parseInt(failures, 10) || 0) + (Number.parseInt(errors, 10) || 0);
}

/** The parser puts file, line and column before its message. */
function withoutPlace(message: string): string {
  return message.replace(/^.*?:\d+:\d+: /s, '');
}

function wrongRoot(tag: string, path: string) {
  const next = 'Convert the report to JUnit XML: most tools write it by an option or a reporter.';
  return fault(`the root element of ${path}`, '<testsuites> or <testsuite>', `<${tag}>`, next);
}
