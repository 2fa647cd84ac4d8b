import type { MetricId } from '../../core/estimates.ts';
import type { Result, TechniqueSummary } from '../../core/records.ts';
import type { GroupView, TechniqueCells, TechniqueView } from '../report-view.ts';
import { weakMetrics } from '../weak-columns.ts';
import { standingOf } from './standing-of.ts';

/** What every row of a group has in common. */
export type Shown = Pick<
  GroupView,
  'seeds' | 'shownSeed' | 'headlineSplit' | 'otherSplits' | 'level' | 'baseline' | 'surface'
>;

/** Metrics that stand in a table of their own. */
const elsewhere: readonly MetricId[] = [
  'real-vs-fake-auroc',
  'difference-to-baseline',
  'difference-to-surface',
  'pgr',
  'tpr-at-fpr-0.01',
  'tpr-at-fpr-0.05',
  'structure-advantage',
  ...weakMetrics,
];

/** One technique's row from its group's results. */
export function buildTechnique(summary: TechniqueSummary, results: readonly Result[], shown: Shown): TechniqueView {
  const own = results.filter(({ technique }) => technique === summary.id);
  const cells = cellsOf(own, shown.shownSeed, shown);
  const isBaseline = summary.id === shown.baseline;
  return {
    id: summary.id,
    title: summary.title,
    role: summary.role,
    shown: cells,
    perSeed: shown.seeds.length > 1 ? shown.seeds.map((seed) => ({ seed, ...cellsOf(own, seed, shown) })) : [],
    isBaseline,
    standing: isBaseline ? 'unknown' : standingOf(cells.difference, cells.adjustedPValue),
  };
}

function cellsOf(own: readonly Result[], seed: number | 'all', shown: Shown): TechniqueCells {
  const ofSeed = own.filter((result) => result.seed === seed);
  const find = (metric: MetricId, split: string | null) =>
    ofSeed.find((result) => result.metric === metric && result.split === split);
  const headline = (metric: MetricId) => find(metric, shown.headlineSplit)?.estimate ?? null;
  return {
    auroc: headline('real-vs-fake-auroc'),
    difference: headline('difference-to-baseline'),
    adjustedPValue: find('difference-to-baseline', shown.headlineSplit)?.adjustedPValue ?? null,
    surface: headline('difference-to-surface'),
    surfacePValue: find('difference-to-surface', shown.headlineSplit)?.adjustedPValue ?? null,
    pgr: headline('pgr'),
    tprAt1: headline('tpr-at-fpr-0.01'),
    tprAt5: headline('tpr-at-fpr-0.05'),
    otherSplits: shown.otherSplits.map((split) => find('real-vs-fake-auroc', split)?.estimate ?? null),
    others: ofSeed
      .filter(({ metric, split }) => split === shown.headlineSplit && !elsewhere.includes(metric))
      .map(({ metric, estimate }) => ({ metric, estimate })),
  };
}
