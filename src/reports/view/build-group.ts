import { isDefined } from '../../core/estimates.ts';
import type { Result, RunRecord, TechniqueSummary } from '../../core/records.ts';
import type { ReportInput } from '../report-input.ts';
import type { GroupView, PredictorMetric, TechniqueView } from '../report-view.ts';
import { buildDataset } from './build-dataset.ts';
import { buildKinds } from './build-kinds.ts';
import { buildMistakes } from './build-mistakes.ts';
import { buildScoreChart } from './build-score-chart.ts';
import { buildTechnique, type Shown } from './build-technique.ts';
import { buildVerdict } from './build-verdict.ts';
import { buildWeakToStrong } from './build-weak-to-strong.ts';
import { distinct } from './distinct.ts';
import { isWeaklySupervised } from './is-weakly-supervised.ts';
import { judgedScores } from './judged-scores.ts';
import { measurementPredictorId } from './measurement-predictor-id.ts';
import { weakSupervisorId } from './weak-supervisor-id.ts';

/** One setting and model's part of the report. */
export function buildGroup(input: ReportInput, setting: string, model: string): GroupView {
  const { record } = input;
  const results = record.results.filter((result) => result.setting === setting && result.model === model);
  const shown = shownPart(results, record);
  const summaries = techniquesOf(record, results);
  const general = buildWeakToStrong(summaries, results, shown, isWeaklySupervised(record, setting));
  const hasRealVsFake = general === null || results.some(isRealVsFake);
  const weakToStrong = general === null || hasRealVsFake ? general : { ...general, leads: true };
  const judged = hasRealVsFake ? summaries : [];
  const views = judged.map((technique) => buildTechnique(technique, results, shown));
  const ordered = views.toSorted((a, b) => rank(b) - rank(a));
  const techniques = ordered.filter(({ role }) => role === 'baseline' || role === 'technique');
  const controls = ordered.filter(({ role }) => role === 'control');
  const ceilings = ordered.filter(({ role }) => role === 'ceiling');
  const pgr = results.find(({ metric, floor }) => metric === 'pgr' && floor !== undefined);
  const top = pgr?.top ?? null;
  const surface = ordered.find(({ id }) => id === shown.surface) ?? null;
  const verdict = buildVerdict(
    techniques,
    surface,
    ceilings.find(({ id }) => id === top) ?? ceilings[0] ?? null,
    shown,
  );
  const scores = hasRealVsFake ? judgedScores(input, { setting, model, split: shown.headlineSplit }) : new Map();
  const datasets = buildDataset(record.datasets.filter((dataset) => dataset.setting === setting));
  return {
    setting,
    model,
    ...shown,
    heldOut: datasets?.heldOut.find(({ split }) => shown.otherSplits.includes(split)) ?? null,
    pgrFloor: pgr?.floor ?? null,
    pgrTop: top,
    verdict: hasRealVsFake || weakToStrong === null ? verdict : { ...verdict, sentence: weakToStrong.sentence },
    hasRealVsFake,
    weakToStrong,
    techniques,
    controls,
    ceilings,
    bands: record.controls.filter(
      (band) => band.setting === setting && band.model === model && band.split === shown.headlineSplit,
    ),
    predictor: predictorMetrics(results, shown.shownSeed),
    charts: [...techniques, ...controls, ...ceilings].flatMap(({ id, role }) =>
      buildScoreChart(id, role, scores.get(id) ?? []),
    ),
    mistakes: verdict.best === null ? null : buildMistakes(verdict.best, scores.get(verdict.best) ?? []),
    datasets,
    kinds: buildKinds(scores),
  };
}

function shownPart(results: readonly Result[], record: RunRecord): Shown {
  const seeds = distinct(results.flatMap(({ seed }) => (seed === 'all' ? [] : [seed]))).toSorted((a, b) => a - b);
  const judged = results.filter(({ metric }) => metric === 'real-vs-fake-auroc');
  const everything = judged.length > 0 ? judged : results.filter(({ metric }) => metric === 'ground-truth-auroc');
  const [headlineSplit = null, ...otherSplits] = distinct(everything.map(({ split }) => split));
  const pooled = results.some(({ seed }) => seed === 'all');
  return {
    seeds,
    shownSeed: pooled ? 'all' : (seeds[0] ?? 'all'),
    headlineSplit,
    otherSplits,
    level: judged.map(({ estimate }) => estimate).find(isDefined)?.level ?? null,
    baseline: baselineOf(results, record),
    surface: results.find(({ metric }) => metric === 'difference-to-surface')?.floor ?? null,
  };
}

/**
 * The technique that the record's differences are to (none when they are undefined for want of it); in a record
 * without differences its first baseline that was judged.
 */
function baselineOf(results: readonly Result[], { techniques }: RunRecord): string | null {
  const differences = results.filter(({ metric }) => metric === 'difference-to-baseline');
  if (differences.length > 0) return differences.find(({ floor }) => floor !== undefined)?.floor ?? null;
  const judged = new Set(results.map(({ technique }) => technique));
  return techniques.find(({ id, role }) => role === 'baseline' && judged.has(id))?.id ?? null;
}

/** Techniques with a result here; one that the record's list lacks is told apart by its `ceiling` mark alone. */
function techniquesOf({ techniques }: RunRecord, results: readonly Result[]) {
  const known = new Map(techniques.map((technique) => [technique.id, technique]));
  const own = results.filter(({ metric }) => metric !== 'structure-advantage');
  const ceilings = new Map(own.map(({ technique, ceiling }) => [technique, ceiling]));
  return [...ceilings]
    .filter(([id]) => id !== measurementPredictorId && id !== weakSupervisorId)
    .map(([id, ceiling]): TechniqueSummary => {
      const role = ceiling ? 'ceiling' : 'technique';
      return known.get(id) ?? { id, title: id, role, structures: [], source: '' };
    });
}

function isRealVsFake({ metric, estimate }: Result): boolean {
  return metric === 'real-vs-fake-auroc' && isDefined(estimate);
}

function predictorMetrics(results: readonly Result[], shownSeed: number | 'all'): PredictorMetric[] {
  return results
    .filter(({ technique, seed }) => technique === measurementPredictorId && seed === shownSeed)
    .map(({ split, metric, head, estimate }) => ({ split, metric, head: head ?? null, estimate }));
}

function rank({ shown }: TechniqueView): number {
  return shown.auroc !== null && isDefined(shown.auroc) ? shown.auroc.value : Number.NEGATIVE_INFINITY;
}
