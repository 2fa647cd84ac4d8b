import { pooledAuroc } from '../../stats/pooled-auroc.ts';
import type { KindsView } from '../report-view.ts';
import { distinct } from './distinct.ts';
import type { JudgedScore } from './judged-scores.ts';

/** Fewer than elsewhere, since a report makes many of these; the ends of an interval shake in the third digit. */
const resamples = 300;

/** AUROC by kind of fake positive, per technique; null where no fake positive has a kind. */
export function buildKinds(scores: ReadonlyMap<string, readonly JudgedScore[]>): KindsView | null {
  const [first = []] = scores.values();
  const fakes = first.flatMap(({ example: { groundTruth, kind } }) =>
    groundTruth || kind === undefined ? [] : [kind],
  );
  if (fakes.length === 0) return null;
  const kinds = distinct(fakes)
    .map((kind) => ({ kind, fakes: fakes.filter((own) => own === kind).length }))
    .toSorted((a, b) => b.fakes - a.fakes);
  return {
    kinds,
    rows: [...scores].map(([technique, own]) => ({
      technique,
      estimates: kinds.map(({ kind }) => aurocAgainst(kind, own)),
    })),
  };
}

function aurocAgainst(kind: string, scores: readonly JudgedScore[]) {
  const compared = scores.filter(({ example }) => example.groundTruth || example.kind === kind);
  const perSeed = [...Map.groupBy(compared, ({ seed }) => seed).values()].map((own) => ({
    scores: own.map(({ score }) => score),
    positives: own.map(({ example }) => example.groundTruth),
  }));
  return pooledAuroc(perSeed, { resamples });
}
