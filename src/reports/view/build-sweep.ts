import { isDefined } from '../../core/estimates.ts';
import type { Result, RunRecord, SweepPoint } from '../../core/records.ts';
import type { TechniqueRole } from '../../core/techniques.ts';
import type { SweepRow, SweepTable, SweepView } from '../report-view.ts';
import { distinct } from './distinct.ts';

/** The part of a report on a run that swept keys, for one setting. */
export function buildSweep(record: RunRecord, setting: string): SweepView {
  const judged = record.results.filter(
    (result) => result.setting === setting && result.metric === 'real-vs-fake-auroc',
  );
  const seeds = distinct(judged.flatMap(({ seed }) => (seed === 'all' ? [] : [seed]))).toSorted((a, b) => a - b);
  const shownSeed = judged.some(({ seed }) => seed === 'all') ? 'all' : (seeds[0] ?? 'all');
  const split = judged[0]?.split ?? '';
  const shown = judged.filter((result) => result.split === split && result.seed === shownSeed);
  const points = record.points ?? [];
  const paths = distinct(points.flatMap(({ values }) => Object.keys(values)));
  return {
    setting,
    split,
    seeds,
    shownSeed,
    level: shown.map(({ estimate }) => estimate).find(isDefined)?.level ?? null,
    points: points.length,
    tables: paths.flatMap((path, at) => tablesOf(path, at, points, shown, record)),
  };
}

/** A table for each combination of the other keys' values; `at` is the place of the key's part in a point's name. */
function tablesOf(
  path: string,
  at: number,
  points: readonly SweepPoint[],
  shown: readonly Result[],
  record: RunRecord,
): SweepTable[] {
  const others = Map.groupBy(points, ({ name }) => partsOf(name).toSpliced(at, 1).join(', '));
  const baseline = record.results.find(({ metric, floor }) => metric === 'difference-to-baseline' && floor)?.floor;
  return [...others].map(([fixed, own]) => ({
    path,
    key: partsOf(own[0]?.name ?? '')[at]?.split('=')[0] ?? path,
    fixed,
    values: own.map(({ values }) => values[path]),
    rows: rowsOf(own, shown, record, baseline),
  }));
}

/** Parts of a point's name, one per swept key; a value that is an object holds commas without a space after them. */
function partsOf(name: string): string[] {
  return name.split(', ');
}

const order: Readonly<Record<TechniqueRole, number>> = { baseline: 0, technique: 0, control: 1, ceiling: 2 };

function rowsOf(
  points: readonly SweepPoint[],
  shown: readonly Result[],
  { techniques }: RunRecord,
  baseline: string | undefined,
): SweepRow[] {
  const found = new Map(shown.map(({ technique, point, estimate }) => [JSON.stringify([technique, point]), estimate]));
  const rows = techniques.map(({ id, role }) => ({
    id,
    role,
    isBaseline: id === baseline,
    estimates: points.map(({ name }) => found.get(JSON.stringify([id, name])) ?? null),
  }));
  return rows.toSorted((a, b) => order[a.role] - order[b.role] || meanOf(b) - meanOf(a));
}

function meanOf({ estimates }: SweepRow): number {
  const values = estimates.flatMap((one) => (one !== null && isDefined(one) ? [one.value] : []));
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
