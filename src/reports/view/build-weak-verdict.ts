import { type DefinedEstimate, type Estimate, isDefined, type MetricId } from '../../core/estimates.ts';
import { formatEstimate, formatInterval, formatLevel, formatSeeds, formatValue } from '../format.ts';
import type { WeakRow, WeakSplitView, WeakToStrongView } from '../report-view.ts';
import type { Shown } from './build-technique.ts';

type Ends = Pick<Shown, 'seeds' | 'shownSeed'> & Pick<WeakToStrongView, 'naive' | 'ceiling'>;

/**
 * What the headline split says in words: the gap between weak labels and ceiling, who beats the naive student, and how
 * much of the gap is recovered or why that is undefined; of a generalization analogy, what the target split says.
 */
export function buildWeakVerdict(splits: readonly WeakSplitView[], ends: Ends): string {
  const rows = splits[0]?.rows ?? [];
  const { seeds, shownSeed } = ends;
  const opening = shownSeed === 'all' ? `Over ${formatSeeds(seeds, 'all')}` : `With one seed (${shownSeed})`;
  const parts = [
    gap(rows, ends),
    comparison(rows, ends),
    best(rows),
    recovered(rows, ends),
    elicitation(splits),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'No technique was judged, so nothing can be said.' : `${opening}, ${parts.join('; ')}.`;
}

function gap(rows: readonly WeakRow[], { ceiling }: Ends): string | null {
  const weak = rows.find(({ part }) => part === 'supervisor');
  if (weak === undefined) return null;
  const opening = `the weak labels reach a ground-truth AUROC of ${valueIn(weak, 'ground-truth-auroc')}`;
  const top = rows.find(({ id }) => id === ceiling);
  if (top === undefined) return opening;
  const difference = estimateIn(top, 'difference-to-weak');
  const reach = `the ceiling ${top.id} ${valueIn(top, 'ground-truth-auroc')}`;
  if (difference === null || !isDefined(difference)) return `${opening} and ${reach}`;
  const excludes = difference.lower > 0 ? '' : ', not shown to be above zero';
  return `${opening} and ${reach}, a gap of ${formatEstimate(difference, { signed: true })}${excludes}`;
}

function comparison(rows: readonly WeakRow[], { naive }: Ends): string | null {
  const own = rows.find(({ isNaive }) => isNaive);
  const compared = rows.filter(
    ({ part, isNaive, standing }) => part === 'student' && !isNaive && standing !== 'unknown',
  );
  if (naive === null || own === undefined || compared.length === 0) return null;
  const above = compared.filter(({ standing }) => standing === 'above');
  const name = `the naive student ${naive} (${valueIn(own, 'ground-truth-auroc')})`;
  const { level } = estimateIn(compared[0] as WeakRow, 'difference-to-naive') as DefinedEstimate;
  const corrected = compared.some(({ cells }) => cells.get('difference-to-naive')?.adjustedPValue !== null);
  const rule = `paired ${formatLevel(level)} interval above 0${corrected ? ', with Holm’s correction' : ''}`;
  if (above.length === 0) return `no technique is shown to beat ${name} (${rule})`;
  const who = above.length === 1 ? `${above[0]?.id} alone of` : `${above.length} of`;
  return `${who} ${compared.length} techniques ${above.length === 1 ? 'beats' : 'beat'} ${name} (${rule})`;
}

function best(rows: readonly WeakRow[]): string | null {
  const students = rows.filter(({ part }) => part === 'student');
  const [first] = students.toSorted((a, b) => aurocOf(b) - aurocOf(a));
  const auroc = first === undefined ? null : estimateIn(first, 'ground-truth-auroc');
  if (first === undefined || auroc === null) return null;
  if (!isDefined(auroc)) return `no technique could be judged: ${auroc.undefined}`;
  const chance = auroc.lower <= 0.5 ? ', not shown to be above chance' : '';
  const whose = first.isNaive ? 'the naive student’s own' : `${first.id}’s`;
  const pgr = estimateIn(first, 'pgr-auroc');
  const share = pgr !== null && isDefined(pgr) ? ` (PGR ${formatEstimate(pgr)})` : '';
  return `the highest AUROC of a technique is ${whose}, ${formatValue(auroc.value)} ${formatInterval(auroc)}${chance}${share}`;
}

function recovered(rows: readonly WeakRow[], { naive }: Ends): string | null {
  const asked = rows.find(({ isNaive }) => isNaive) ?? rows.find(({ cells }) => cells.has('pgr-auroc'));
  const pgr = asked === undefined ? null : estimateIn(asked, 'pgr-auroc');
  if (pgr === null) return null;
  if (!isDefined(pgr)) return `PGR is undefined: ${pgr.undefined}`;
  return asked?.id === naive ? `the naive student recovers a PGR of ${formatEstimate(pgr)}` : null;
}

/** The techniques whose differential elicitation is above zero, on the first split that has it. */
function elicitation(splits: readonly WeakSplitView[]): string | null {
  const metric = 'differential-elicitation';
  const target = splits.find(({ rows }) => rows.some(({ cells }) => cells.has(metric)));
  if (target === undefined) return null;
  const students = target.rows.filter(({ part, cells }) => part === 'student' && cells.has(metric));
  const known = students.flatMap((row) => {
    const estimate = estimateIn(row, metric);
    return estimate !== null && isDefined(estimate) ? [{ id: row.id, estimate }] : [];
  });
  const [first] = known.toSorted((a, b) => b.estimate.value - a.estimate.value);
  if (first === undefined) {
    const reason = students.map((row) => estimateIn(row, metric)).find((estimate) => estimate !== null);
    return reason === undefined || isDefined(reason)
      ? null
      : `differential elicitation is undefined: ${reason.undefined}`;
  }
  const above = known.filter(({ estimate }) => estimate.lower > 0).length;
  const most = `most by ${first.id}, ${formatEstimate(first.estimate)}`;
  return `on ${target.split} ${above} of ${known.length} techniques elicit more than training nothing does, ${most}`;
}

function estimateIn({ cells }: WeakRow, metric: MetricId): Estimate | null {
  return cells.get(metric)?.estimate ?? null;
}

function valueIn(row: WeakRow, metric: MetricId): string {
  const estimate = estimateIn(row, metric);
  return estimate !== null && isDefined(estimate) ? formatValue(estimate.value) : 'undefined';
}

function aurocOf(row: WeakRow): number {
  const auroc = estimateIn(row, 'ground-truth-auroc');
  return auroc !== null && isDefined(auroc) ? auroc.value : Number.NEGATIVE_INFINITY;
}
