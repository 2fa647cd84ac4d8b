import { expected } from '../../core/errors.ts';
import type { NamedTest } from './example-of-test.ts';
import type { TestReportConfig } from './test-reports-config.ts';

type Outcome = boolean | null;
type Rules = Pick<TestReportConfig, 'tests' | 'name'>;

/** Measurements of examples, as they come from one test after another. */
export interface Outcomes {
  readonly ids: readonly string[];
  /** Tests that named no example. */
  nameless(): number;
  /** Notes that there is an example. */
  see(id: string): void;
  /** @param entry the number of the config's entry; two entries never give measurements of one name. */
  add(test: NamedTest | undefined, entry: number, rules: Rules): void;
  /** What is there once all tests are. */
  measured(): Measured;
}

interface Measured {
  readonly measurementNames: readonly string[];
  /** Tests that neither passed nor failed for any example, which are no measurements. */
  readonly alwaysSkipped: number;
  measurementsOf(id: string): readonly Outcome[];
}

/** More tests than anybody names, and than a model would have heads for. */
const mostMeasurements = 1000;

/** Starts without any. */
export function createOutcomes(): Outcomes {
  const ids: string[] = [];
  const columns = new Map<string, { readonly column: number; readonly entry: number }>();
  const byId = new Map<string, Outcome[]>();
  let nameless = 0;
  const see = (id: string): Outcome[] => {
    const known = byId.get(id);
    if (known) return known;
    const fresh: Outcome[] = [];
    const kept = flat(id);
    byId.set(kept, fresh);
    ids.push(kept);
    return fresh;
  };
  const columnOf = (name: string, entry: number): number => {
    const known = columns.get(name);
    if (known && known.entry !== entry) throw sameMeasurement(name);
    if (known) return known.column;
    if (columns.size === mostMeasurements) throw tooManyTests();
    const column = columns.size;
    columns.set(flat(name), { column, entry });
    return column;
  };
  return {
    ids,
    nameless: () => nameless,
    see,
    add: (test, entry, rules) => {
      if (!test) {
        nameless++;
        return;
      }
      const outcomes = see(test.id);
      const column = columnOf(measurementName(test.name, rules), entry);
      outcomes[column] = combined(outcomes[column], test.passed);
    },
    measured: () => measuredOf([...columns.keys()], byId),
  };
}

function measuredOf(names: readonly string[], byId: ReadonlyMap<string, readonly Outcome[]>): Measured {
  const known = new Set<number>();
  for (const outcomes of byId.values()) {
    outcomes.forEach((outcome, column) => {
      if (outcome !== null) known.add(column);
    });
  }
  const kept = [...names.keys()].filter((column) => known.has(column));
  return {
    measurementNames: kept.map((column) => names[column] as string),
    alwaysSkipped: names.length - kept.length,
    measurementsOf: (id) => {
      const outcomes = byId.get(id) ?? [];
      return kept.map((column) => outcomes[column] ?? null);
    },
  };
}

function measurementName(test: string, { tests, name }: Rules): string {
  if (tests === 'all') return name ?? 'tests';
  return name === undefined ? test : `${name}::${test}`;
}

/** One failure is enough, and what was skipped says nothing. */
function combined(before: Outcome | undefined, now: Outcome): Outcome {
  if (before === undefined || before === null) return now;
  return now === null ? before : before && now;
}

/** A copy that does not keep the whole report in memory, of which a short text may be a part. */
function flat(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

function tooManyTests() {
  const next = `Set "tests: all" in results: one measurement, whether all tests of an example passed.`;
  const wanted = `at most ${mostMeasurements} names`;
  return expected('too-many-tests', 'the tests of the reports', wanted, 'more', next);
}

function sameMeasurement(name: string) {
  const next = 'Give one of them a name in results, which then stands before its measurements.';
  return expected('same-measurement', 'the measurements of two entries of results', 'different', name, next);
}
