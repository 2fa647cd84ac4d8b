import type { Estimate } from '../core/estimates.ts';
import type { GroupView, TechniqueCells } from './report-view.ts';

/** A column of the main table. */
export interface TableColumn {
  readonly kind: 'auroc' | 'difference' | 'surface' | 'pgr' | 'tpr' | 'split';
  readonly title: string;
  /** For narrow terminals. */
  readonly short: string;
  readonly estimate: (cells: TechniqueCells) => Estimate | null;
}

/** The main table's columns for which some of `rows` has a result, from the most telling to the least. */
export function tableColumns(group: GroupView, rows: readonly TechniqueCells[]): TableColumn[] {
  const to = group.baseline === null ? '' : ` to ${group.baseline}`;
  const columns: TableColumn[] = [
    { kind: 'auroc', title: 'AUROC', short: 'AUROC', estimate: ({ auroc }) => auroc },
    { kind: 'difference', title: `Difference${to}`, short: 'difference', estimate: ({ difference }) => difference },
    ...splitColumns(group, (split) => split === group.heldOut?.split),
    { kind: 'pgr', title: 'PGR', short: 'PGR', estimate: ({ pgr }) => pgr },
    { kind: 'tpr', title: 'TPR at 5 % FPR', short: 'TPR@5%', estimate: ({ tprAt5 }) => tprAt5 },
    { kind: 'tpr', title: 'TPR at 1 % FPR', short: 'TPR@1%', estimate: ({ tprAt1 }) => tprAt1 },
    {
      kind: 'surface',
      title: `Difference to ${group.surface ?? 'surface'}`,
      short: 'to surface',
      estimate: ({ surface }) => surface,
    },
    ...splitColumns(group, (split) => split !== group.heldOut?.split),
  ];
  return columns.filter(({ estimate }) => rows.some((cells) => estimate(cells) !== null));
}

/** AUROC on those of the other splits that `isShown`; the held-out one has a short name of its own. */
function splitColumns({ otherSplits, heldOut }: GroupView, isShown: (split: string) => boolean): TableColumn[] {
  return otherSplits.flatMap((split, i) => {
    if (!isShown(split)) return [];
    const isHeldOut = split === heldOut?.split;
    const title = isHeldOut ? `AUROC on ${split} (${heldOut.what} held out)` : `AUROC on ${split}`;
    const estimate = ({ otherSplits: own }: TechniqueCells) => own[i] ?? null;
    return [{ kind: 'split' as const, title, short: isHeldOut ? 'held-out' : split, estimate }];
  });
}
