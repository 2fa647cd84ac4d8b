import { UserError } from '../core/errors.ts';
import type { MeasurementReader } from './create-measurement-reader.ts';
import type { TestReports } from './test-reports/read-test-reports.ts';

/** Measurements of rows and of test reports, one after the other, or in the order of names that are known. */
export interface Arrangement {
  /** @throws UserError `same-measurement` when two are one. */
  names(): readonly string[];
  /** All measurements of an example, from those of its row; what is not told is null. */
  arrange(id: string, ofRow: readonly (boolean | null)[]): (boolean | null)[];
}

/** Names of the measurements in rows, when all are known. */
export function knownInRows(
  known: readonly string[] | undefined,
  reports: TestReports | undefined,
): readonly string[] | undefined {
  return known?.filter((name) => !reports?.measurementNames.includes(name));
}

/** @throws UserError `unknown-measurement` when a name is none that is known; as `names` does. */
export function arrangeMeasurements(
  reader: MeasurementReader,
  reports: TestReports | undefined,
  known: readonly string[] | undefined,
): Arrangement {
  const reported = reports?.measurementNames ?? [];
  const names = () => requireDistinct([...reader.names(), ...reported]);
  const appended: Arrangement['arrange'] = (id, ofRow) => {
    const lacking = new Array<null>(Math.max(0, reader.names().length - ofRow.length)).fill(null);
    return [...ofRow, ...lacking, ...(reports?.measurementsOf(id) ?? [])];
  };
  if (known === undefined) return { names, arrange: appended };
  const told = names();
  const unknown = told.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownName(unknown, known);
  const places = known.map((name) => told.indexOf(name));
  return {
    names: () => known,
    arrange: (id, ofRow) => {
      const all = appended(id, ofRow);
      return places.map((place) => all[place] ?? null);
    },
  };
}

function requireDistinct(names: readonly string[]): readonly string[] {
  if (new Set(names).size === names.length) return names;
  const twice = names.find((name, i) => names.indexOf(name) < i);
  const next = 'Give the test report a name, which stands before the names of its tests.';
  throw new UserError(
    'same-measurement',
    `Expected measurements of different names, got two called "${twice}". ${next}`,
  );
}

function unknownName(name: string, known: readonly string[]): UserError {
  const wanted = known.map((one) => `"${one}"`).join(', ');
  const next = 'Leave it out, or begin anew with all of the data.';
  return new UserError('unknown-measurement', `Expected the measurements to be ${wanted}, got "${name}". ${next}`);
}
