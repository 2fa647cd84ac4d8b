import { type Estimate, isDefined, type MetricId } from '../../core/estimates.ts';
import type { Result, RunRecord, TechniqueSummary } from '../../core/records.ts';
import type { MatrixCell, MatrixColumn, MatrixPart, MatrixRow, MatrixTable, MatrixView } from '../report-view.ts';
import { buildFamilies } from './build-families.ts';
import { distinct } from './distinct.ts';
import { weakSupervisorId } from './weak-supervisor-id.ts';

const metrics: readonly MetricId[] = ['real-vs-fake-auroc', 'ground-truth-auroc', 'pgr-auroc', 'ground-truth-accuracy'];

/** Technique × setting, on every setting's headline split over all its seeds; null for one setting or a sweep. */
export function buildMatrix(record: RunRecord): MatrixView | null {
  const { results, points } = record;
  const settings = distinct(results.map(({ setting }) => setting));
  if (settings.length < 2 || points !== undefined) return null;
  const several = distinct(results.map(({ model }) => model)).length > 1;
  const name = ({ setting, model }: Pick<Result, 'setting' | 'model'>) => (several ? `${setting} · ${model}` : setting);
  const tables = metrics.map((metric) => tableOf(metric, record, name)).filter(({ columns }) => columns.length > 0);
  return { tables, families: buildFamilies(results, name) };
}

/** What stands in one column: estimates by technique, and the ranks of those that are ranked. */
interface Column extends MatrixColumn {
  readonly estimates: ReadonlyMap<string, Estimate>;
  readonly ranks: ReadonlyMap<string, number>;
}

function tableOf(metric: MetricId, record: RunRecord, name: (at: Result) => string): MatrixTable {
  const own = record.results.filter((result) => result.metric === metric);
  const unranked = new Set(record.techniques.filter(({ role }) => role === 'control').map(({ id }) => id));
  const groups = Map.groupBy(own, ({ setting, model }) => JSON.stringify([setting, model]));
  const columns = [...groups.values()].flatMap((results) => columnOf(results, unranked, name));
  const rows = [...record.techniques, supervisor].flatMap((technique) => rowOf(technique, columns, record));
  const levels = columns.flatMap(({ estimates }) =>
    [...estimates.values()].filter(isDefined).map(({ level }) => level),
  );
  return {
    metric,
    columns: columns.map(({ estimates: _, ranks: __, ...column }) => column),
    parts: kinds.flatMap((kind) => {
      const part = rows.filter((row) => row.kind === kind).map(({ kind: _, ...row }) => row);
      return part.length === 0 ? [] : [{ kind, rows: part.toSorted(byRank) }];
    }),
    level: levels[0] ?? null,
  };
}

/** None where no estimate is defined and nothing could be shown but reasons, except of a recovered gap. */
function columnOf(results: readonly Result[], unranked: ReadonlySet<string>, name: (at: Result) => string): Column[] {
  const [{ setting, model, split, metric }] = results as [Result];
  const pooled = results.some(({ seed }) => seed === 'all');
  const shown = results.filter((result) => result.split === split && (!pooled || result.seed === 'all'));
  if (metric === 'real-vs-fake-auroc' && !shown.some(({ estimate }) => isDefined(estimate))) return [];
  const ranked = shown.flatMap(({ technique, ceiling, estimate }) => {
    const counts = !ceiling && technique !== weakSupervisorId && !unranked.has(technique) && isDefined(estimate);
    return counts ? [{ technique, value: estimate.value }] : [];
  });
  const above = (value: number) => ranked.filter((other) => other.value > value).length;
  return [
    {
      ...{ name: name(results[0] as Result), setting, model, split, ranked: ranked.length },
      estimates: new Map(shown.map(({ technique, estimate }) => [technique, estimate])),
      ranks: new Map(ranked.map(({ technique, value }) => [technique, 1 + above(value)])),
    },
  ];
}

const kinds: readonly MatrixPart['kind'][] = ['structural', 'general', 'supervisor', 'control', 'ceiling'];

type Party = Pick<TechniqueSummary, 'id' | 'title' | 'structures'> & {
  readonly role: TechniqueSummary['role'] | 'supervisor';
};

const supervisor: Party = {
  id: weakSupervisorId,
  title: 'The weak labels themselves',
  role: 'supervisor',
  structures: [],
};

function rowOf(party: Party, columns: readonly Column[], { infeasible }: RunRecord) {
  const { id, title, structures } = party;
  const cells = columns.map(({ setting, estimates, ranks }): MatrixCell => {
    const estimate = estimates.get(id);
    if (estimate !== undefined) return { estimate, rank: ranks.get(id) ?? null };
    const cell = infeasible.find((one) => one.setting === setting && one.technique === id);
    return cell === undefined ? null : { missing: cell.missing };
  });
  // What has no number anywhere has no place in this table: a ceiling recovers no gap.
  if (!cells.some((cell) => cell !== null && 'estimate' in cell)) return [];
  const ranks = columns.flatMap((column) => column.ranks.get(id) ?? []);
  const meanRank = ranks.length === 0 ? null : ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
  return [{ kind: kindOf(party), id, title, structures, meanRank, ranks: ranks.length, cells }];
}

/** That training examples are untrusted is what all supervision starts from, so exploiting it is general. */
function kindOf({ role, structures }: Party): MatrixPart['kind'] {
  if (role !== 'baseline' && role !== 'technique') return role;
  return structures.some((structure) => structure !== 'untrusted-examples') ? 'structural' : 'general';
}

function byRank(a: MatrixRow, b: MatrixRow): number {
  const last = Number.MAX_SAFE_INTEGER;
  return (a.meanRank ?? last) - (b.meanRank ?? last);
}
