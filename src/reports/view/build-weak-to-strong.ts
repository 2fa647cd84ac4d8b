import { isDefined } from '../../core/estimates.ts';
import type { Result, TechniqueSummary } from '../../core/records.ts';
import type { WeakRow, WeakSplitView, WeakToStrongView } from '../report-view.ts';
import { weakMetrics } from '../weak-columns.ts';
import type { Shown } from './build-technique.ts';
import { buildWeakVerdict } from './build-weak-verdict.ts';
import { distinct } from './distinct.ts';
import { standingOf } from './standing-of.ts';
import { weakSupervisorId } from './weak-supervisor-id.ts';

/** What of a group's results is over all untrusted examples; null where there is none. */
export function buildWeakToStrong(
  summaries: readonly TechniqueSummary[],
  results: readonly Result[],
  shown: Pick<Shown, 'seeds' | 'shownSeed'>,
  leads: boolean,
): WeakToStrongView | null {
  const own = results.filter(({ metric }) => weakMetrics.includes(metric));
  if (own.length === 0) return null;
  const naive = own.find(({ metric, floor }) => metric === 'difference-to-naive' && floor !== undefined)?.floor ?? null;
  const ceiling = own.find(({ metric, top }) => metric === 'pgr-auroc' && top !== undefined)?.top ?? null;
  const parties = [supervisor, ...summaries];
  const splits = distinct(own.map(({ split }) => split)).map((split) =>
    splitOf(split, parties, own, { ...shown, naive }),
  );
  return { sentence: buildWeakVerdict(splits, { ...shown, naive, ceiling }), leads, naive, ceiling, splits };
}

type Party = Pick<TechniqueSummary, 'id' | 'title'> & { readonly role: TechniqueSummary['role'] | 'supervisor' };

const supervisor: Party = { id: weakSupervisorId, title: 'The weak labels themselves', role: 'supervisor' };

function splitOf(
  split: string,
  parties: readonly Party[],
  results: readonly Result[],
  { seeds, shownSeed, naive }: Pick<Shown, 'seeds' | 'shownSeed'> & { readonly naive: string | null },
): WeakSplitView {
  const rowsOf = (seed: Result['seed']) => {
    const own = Map.groupBy(
      results.filter((result) => result.split === split && result.seed === seed),
      ({ technique }) => technique,
    );
    const rows = parties.flatMap((party) => (own.has(party.id) ? [rowOf(party, own.get(party.id) ?? [], naive)] : []));
    return rows.toSorted((a, b) => place(b) - place(a));
  };
  const rows = rowsOf(shownSeed);
  const aurocs = rows.map(({ cells }) => cells.get('ground-truth-auroc')?.estimate);
  return {
    split,
    level: aurocs.find((estimate) => estimate !== undefined && isDefined(estimate))?.level ?? null,
    rows,
    perSeed: seeds.length > 1 ? seeds.map((seed) => ({ seed, rows: rowsOf(seed) })) : [],
  };
}

function rowOf({ id, title, role }: Party, results: readonly Result[], naive: string | null): WeakRow {
  const cells = results.map(
    ({ metric, estimate, adjustedPValue = null }) => [metric, { estimate, adjustedPValue }] as const,
  );
  const toNaive = new Map(cells).get('difference-to-naive');
  const part = role === 'baseline' || role === 'technique' ? 'student' : role;
  const standing = standingOf(toNaive?.estimate ?? null, toNaive?.adjustedPValue ?? null);
  return { id, title, part, isNaive: id === naive, standing, cells: new Map(cells) };
}

/** The weak supervisor first, the naive student next, then by AUROC. */
function place({ part, isNaive, cells }: WeakRow): number {
  if (part === 'supervisor') return 3;
  if (isNaive) return 2;
  const auroc = cells.get('ground-truth-auroc')?.estimate;
  return auroc !== undefined && isDefined(auroc) ? auroc.value : -1;
}
