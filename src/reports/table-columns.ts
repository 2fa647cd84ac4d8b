import type { Estimate } from '../core/estimates.ts';
import type { GroupView, TechniqueCells } from './report-view.ts';

/** A column of the main table. */
export interface TableColumn {
  readonly kind: 'auroc' | 'difference' | 'pgr' | 'tpr' | 'split';
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
    { kind: 'pgr', title: 'PGR', short: 'PGR', estimate: ({ pgr }) => pgr },
    { kind: 'tpr', title: 'TPR at 5 % FPR', short: 'TPR@5%', estimate: ({ tprAt5 }) => tprAt5 },
    { kind: 'tpr', title: 'TPR at 1 % FPR', short: 'TPR@1%', estimate: ({ tprAt1 }) => tprAt1 },
    ...group.otherSplits.map((split, i) => ({
      kind: 'split' as const,
      title: `AUROC on ${split}`,
      short: split,
      estimate: ({ otherSplits }: TechniqueCells) => otherSplits[i] ?? null,
    })),
  ];
  return columns.filter(({ estimate }) => rows.some((cells) => estimate(cells) !== null));
}
