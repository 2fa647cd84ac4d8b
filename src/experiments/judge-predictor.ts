import { aggregateMeasurement, type Example } from '../core/examples.ts';
import type { HeadId, Matrix } from '../core/models.ts';
import type { Result } from '../core/records.ts';
import { auroc } from '../stats/auroc.ts';
import { pooledAuroc, pooledMeanAuroc, type SeedAurocs } from '../stats/pooled-auroc.ts';
import type { Place } from './judge.ts';

/** What the predictor said on one seed's split. */
export interface PredictorReadout {
  readonly seed: number;
  readonly examples: readonly Example[];
  /** (examples × heads) */
  readonly logits: Matrix;
  readonly heads: readonly HeadId[];
}

/**
 * How well the predictor tells each measurement and their aggregate on a split, over all its examples, per seed and
 * over all seeds; a result without `head` is the mean over the measurements.
 */
export function judgePredictor(perSeed: readonly PredictorReadout[], place: Place): Result[] {
  const common = { ...place, technique: 'measurement-predictor', ceiling: false, metric: 'measurement-auroc' as const };
  const groups = [
    ...perSeed.map((readout) => ({ seed: readout.seed as Result['seed'], readouts: [readout] })),
    ...(perSeed.length > 1 ? [{ seed: 'all' as const, readouts: perSeed }] : []),
  ];
  const heads = (perSeed[0] as PredictorReadout).heads.filter((head) => head !== 'ground-truth');
  const measurements = heads.filter((head) => head !== 'aggregate');
  return groups.flatMap(({ seed, readouts }) => [
    { ...common, seed, estimate: pooledMeanAuroc(readouts.map((readout) => casesOf(readout, measurements))) },
    ...heads.map((head) => ({ ...common, seed, head, estimate: aurocOf(readouts.map((r) => caseOf(r, head))) })),
  ]);
}

type MeasurementCase = SeedAurocs['cases'][number];

function aurocOf(cases: readonly MeasurementCase[]) {
  const [only] = cases as [MeasurementCase];
  return cases.length === 1 ? auroc(only.scores, only.positives) : pooledAuroc(cases);
}

function casesOf(readout: PredictorReadout, heads: readonly HeadId[]): SeedAurocs {
  return { n: readout.examples.length, cases: heads.map((head) => caseOf(readout, head)) };
}

/** Logits of a head and what it should have said, over the examples where its measurement is present. */
function caseOf({ examples, logits, heads }: PredictorReadout, head: HeadId): MeasurementCase {
  const column = heads.indexOf(head);
  const present = examples.flatMap((example, row) => {
    const positive = truthOf(example, head);
    return positive === null ? [] : [{ row, score: logits.data[row * logits.columns + column] as number, positive }];
  });
  return {
    rows: present.map(({ row }) => row),
    scores: Float64Array.from(present, ({ score }) => score),
    positives: present.map(({ positive }) => positive),
  };
}

function truthOf(example: Example, head: HeadId): boolean | null {
  if (head === 'aggregate') return aggregateMeasurement(example);
  return example.measurements[Number(head.slice('measurement-'.length)) - 1] ?? null;
}
