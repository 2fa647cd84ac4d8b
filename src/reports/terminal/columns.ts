import { type Estimate, isDefined } from '../../core/estimates.ts';
import { absent, formatEstimate, formatValue } from '../format.ts';
import type { GroupView, Standing, TechniqueView } from '../report-view.ts';

export interface Column {
  readonly header: string;
  readonly cell: (technique: TechniqueView) => string;
}

/** Says on which side of 0 a paired interval lies without needing colour. */
const marks: Record<Standing, string> = { above: '▲ ', below: '▼ ', unclear: '  ', unknown: '  ' };

/** Stands in a cell for an undefined estimate; `explain` gives the key of the note with its reason. */
export type Explain = (reason: string) => string;

/** Sets of columns from the most telling to the most terse; a narrow terminal takes the first that fits. */
export function columnSets(group: GroupView, explain: Explain): Column[][] {
  const value = (estimate: Estimate | null, signed = false) => terse(estimate, explain, signed);
  const full = (estimate: Estimate | null, signed = false) =>
    estimate !== null && isDefined(estimate) ? formatEstimate(estimate, { signed }) : value(estimate);
  const auroc = { header: 'AUROC', cell: ({ shown }: TechniqueView) => full(shown.auroc) };
  const shortAuroc = { header: 'AUROC', cell: ({ shown }: TechniqueView) => value(shown.auroc) };
  const differenceCell = (format: typeof full) => (view: TechniqueView) =>
    view.isBaseline ? '  baseline' : `${marks[view.standing]}${format(view.shown.difference, true)}`;
  const difference = { header: '  difference', cell: differenceCell(full) };
  const shortDifference = { header: '  diff.', cell: differenceCell(value) };
  const pgr = { header: 'PGR', cell: ({ shown }: TechniqueView) => value(shown.pgr) };
  const tprAt5 = { header: 'TPR@5%', cell: ({ shown }: TechniqueView) => value(shown.tprAt5) };
  const tprAt1 = { header: 'TPR@1%', cell: ({ shown }: TechniqueView) => value(shown.tprAt1) };
  const splits = group.otherSplits.map((header, i) => {
    return { header, cell: ({ shown }: TechniqueView) => value(shown.otherSplits[i] ?? null) };
  });
  const main = [auroc, difference, pgr, tprAt5, tprAt1];
  const withSplits = splits.map((_, i) => [...main, ...splits.slice(0, splits.length - i)]);
  const withoutSplits = [main, main.slice(0, 4), main.slice(0, 3), main.slice(0, 2)];
  return [...withSplits, ...withoutSplits, [auroc, shortDifference], [shortAuroc, shortDifference], [shortAuroc]];
}

function terse(estimate: Estimate | null, explain: Explain, signed: boolean): string {
  if (estimate === null) return absent;
  return isDefined(estimate) ? formatValue(estimate.value, { signed }) : explain(estimate.undefined);
}
