import { expected } from '../../core/errors.ts';
import type { TestReports } from './read-test-reports.ts';

/** How test reports and examples fit together. */
export interface JoinedMeasurements {
  readonly measurementNames: readonly string[];
  /** By example id, one value per measurement; all null for an example that no report speaks of. */
  readonly measurements: ReadonlyMap<string, readonly (boolean | null)[]>;
  readonly withoutReport: readonly string[];
  /** Ids that reports speak of and no example has. */
  readonly withoutExample: readonly string[];
  /** What a user should know of it, in whole sentences; nothing is dropped in silence. */
  readonly notes: readonly string[];
}

/**
 * Measurements of these examples from test reports.
 * @throws UserError (`unmatched-reports`) when no report speaks of any of them.
 */
export function joinMeasurements(ids: readonly string[], reports: TestReports): JoinedMeasurements {
  const { measurementNames } = reports;
  const [examples, reported] = [new Set(ids), new Set(reports.ids)];
  const withoutReport = [...examples].filter((id) => !reported.has(id));
  const withoutExample = reports.ids.filter((id) => !examples.has(id));
  if (withoutReport.length === examples.size && examples.size > 0) throw unmatched(ids, reports);
  const measurements = new Map([...examples].map((id) => [id, reports.measurementsOf(id)]));
  const notes = [
    counted(
      withoutReport,
      (n) => `${n} no test report, so all their measurements are absent`,
      'example has',
      'examples have',
    ),
    counted(withoutExample, (n) => `${n} of no example and left out`, 'test report is', 'test reports are'),
    reports.nameless > 0 ? `${reports.nameless} tests in the reports name no example and are left out.` : '',
    reports.alwaysSkipped > 0
      ? `${reports.alwaysSkipped} tests neither passed nor failed for any example and are no measurements.`
      : '',
    sparse(measurements, measurementNames.length),
  ].filter((note) => note !== '');
  return { measurementNames, measurements, withoutReport, withoutExample, notes };
}

/** `3 examples have … ("a", "b", …).`, or nothing. */
function counted(ids: readonly string[], say: (subject: string) => string, one: string, several: string): string {
  if (ids.length === 0) return '';
  const named = ids.slice(0, 3).map((id) => `"${id}"`);
  const more = ids.length > named.length ? ', …' : '';
  return `${say(`${ids.length} ${ids.length === 1 ? one : several}`)} (${named.join(', ')}${more}).`;
}

function sparse(measurements: JoinedMeasurements['measurements'], columns: number): string {
  const values = [...measurements.values()].flat();
  const absent = values.filter((value) => value === null).length;
  if (columns < 2 || absent * 2 <= values.length) return '';
  const share = Math.round((100 * absent) / values.length);
  return `${share} % of the measurements are absent: where examples have different tests, "tests: all" makes them one measurement.`;
}

function unmatched(ids: readonly string[], reports: TestReports) {
  const thing = 'the example ids of the test reports';
  const [one = '', other = ''] = [ids[0], reports.ids[0]];
  const got = new Error(other === '' ? 'none at all' : `none of them (the first is "${other}")`);
  const next = 'Check id and path in results.';
  return expected('unmatched-reports', thing, `those of examples, such as "${one}"`, got, next);
}
