import type { TechniqueRole } from '../../core/techniques.ts';
import { histogram } from '../../stats/histogram.ts';
import { rocCurve } from '../../stats/roc-curve.ts';
import type { HistogramBin, RocPoint, ScoreChart } from '../report-view.ts';
import { distinct } from './distinct.ts';
import type { JudgedScore } from './judged-scores.ts';

/** False-positive rates at which curves are drawn: fine up to 0.1, where TPR at 1 % and 5 % is read, coarse beyond. */
const rates = [
  ...Array.from({ length: 50 }, (_, i) => i / 500),
  ...Array.from({ length: 61 }, (_, i) => 0.1 + (0.9 * i) / 60),
];

/** Bins of a histogram, and where standardised scores are cut so that an outlier does not flatten it. */
const [binCount, scoreEnd] = [32, 3];

/** Curves of one technique, as a list of one; of none when it has no scores. */
export function buildScoreChart(technique: string, role: TechniqueRole, scores: readonly JudgedScore[]): ScoreChart[] {
  if (scores.length === 0) return [];
  const seeds = distinct(scores.map(({ seed }) => seed));
  const perSeed = seeds.map((seed) => scores.filter((score) => score.seed === seed));
  const reals = scores.filter(isReal).length;
  const counts = { reals, fakes: scores.length - reals };
  return [{ technique, role, roc: meanRoc(perSeed), histogram: binned(perSeed.flatMap(standardised)), ...counts }];
}

/** Mean over seeds of the curves at equal rates (vertical averaging); empty when some seed lacks a class. */
function meanRoc(perSeed: readonly (readonly JudgedScore[])[]): RocPoint[] {
  const curves = perSeed.map((scores) => rocCurve(scores.map(scoreOf), scores.map(isReal)));
  if (curves.some((curve) => curve.length === 0)) return [];
  const tprs = curves.map((curve) => tprsAtRates(curve));
  const mean = (i: number) => tprs.reduce((sum, own) => sum + (own[i] as number), 0) / tprs.length;
  return [{ fpr: 0, tpr: 0 }, ...rates.map((fpr, i) => ({ fpr, tpr: mean(i) }))];
}

/** (rates) TPR of a curve at each rate, linear between its points as ties are. */
function tprsAtRates(curve: readonly RocPoint[]): number[] {
  let at = 0;
  return rates.map((rate) => {
    while (at + 1 < curve.length && (curve[at + 1] as RocPoint).fpr <= rate) at++;
    const from = curve[at] as RocPoint;
    const to = curve[at + 1] ?? from;
    return to.fpr === from.fpr ? from.tpr : from.tpr + ((rate - from.fpr) / (to.fpr - from.fpr)) * (to.tpr - from.tpr);
  });
}

/** Scores with mean 0 and standard deviation 1 within their seed, cut at ±3; constant scores become 0. */
function standardised(scores: readonly JudgedScore[]): JudgedScore[] {
  const mean = scores.reduce((sum, { score }) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, { score }) => sum + (score - mean) ** 2, 0) / scores.length;
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  const cut = (score: number) => Math.max(-scoreEnd, Math.min(scoreEnd, score));
  return scores.map((judged) => ({ ...judged, score: cut((judged.score - mean) * scale) }));
}

function binned(scores: readonly JudgedScore[]): HistogramBin[] {
  const [reals, fakes] = [scores.filter(isReal), scores.filter((judged) => !isReal(judged))];
  const { edges, counts } = histogram([reals.map(scoreOf), fakes.map(scoreOf)], binCount);
  return edges.slice(1).map((to, i) => ({
    from: edges[i] as number,
    to,
    real: (counts[0]?.[i] ?? 0) / Math.max(1, reals.length),
    fake: (counts[1]?.[i] ?? 0) / Math.max(1, fakes.length),
  }));
}

function scoreOf({ score }: JudgedScore): number {
  return score;
}

function isReal({ example }: JudgedScore): boolean {
  return example.groundTruth;
}
