import { expected } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';
import type { Feeds } from '../graph/session.ts';
import type { Trainer } from '../graph/trainer.ts';
import type { Batch } from './batching.ts';
import { logitsSession, trainingSession } from './compiled.ts';
import { countedNextTokens, nextTokenFeeds, targetFeeds, textFeeds } from './feeds.ts';
import type { BatchShape } from './network.ts';
import type { LabelledExamples, TrainingRun } from './training-run.ts';

/** How far a training is: steps taken, and all of them. */
interface Position {
  readonly step: number;
  readonly steps: number;
}

/** What a part of a batch is weighed by: examples and next tokens of the whole. */
interface Whole {
  readonly examples: number;
  readonly nextTokens: number;
}

/** Targets and loss weights of a batch's rows, (rows × heads). */
type Labels = Pick<LabelledExamples, 'targets' | 'lossWeights'>;

interface Work {
  readonly run: TrainingRun;
  readonly trainer: Trainer;
  readonly encoded: readonly Int32Array[];
  /** What the loss is differentiated by; nothing for the loss alone. */
  readonly trainable: readonly string[];
  readonly whole: Whole;
}

/**
 * A batch's loss, its gradients left waiting in the trainer: computed in `config.accumulate` parts of equal shape whose
 * gradients add up, up to rounding, to those of the whole batch. `run.retarget` sees the whole batch.
 */
export async function accumulateBatch(
  run: TrainingRun,
  trainer: Trainer,
  batch: Batch,
  position: Position,
): Promise<number> {
  const { encoded, trainable } = run;
  const work = { run, trainer, encoded, trainable, whole: wholeOf(run, encoded, batch.rows) };
  const labels = labelsOf(run, batch.rows);
  return computeBatch(work, batch, run.retarget ? await retargeted(run, trainer, batch, labels, position) : labels);
}

/** Loss over all of some batches, as the examples' own labels have it, without training. */
export async function meanLoss(
  run: TrainingRun,
  trainer: Trainer,
  examples: LabelledExamples,
  batches: readonly Batch[],
): Promise<number> {
  const { encoded } = examples;
  const rows = batches.flatMap((batch) => batch.rows);
  const work = { run, trainer, encoded, trainable: [], whole: wholeOf(run, encoded, rows) };
  let loss = 0;
  for (const batch of batches) {
    run.runtime.signal?.throwIfAborted();
    loss += await computeBatch(work, batch, labelsOf(examples, batch.rows));
  }
  return loss;
}

async function computeBatch(work: Work, { bucket, rows }: Batch, labels: Labels): Promise<number> {
  const { run, trainer, trainable } = work;
  const { model, config, runtime } = run;
  const shape = partShape(run, bucket);
  const session = await trainingSession({ model, trainable, nextTokens: config.nextTokenWeight > 0 }, shape, runtime);
  let loss = 0;
  for (let at = 0; at < rows.length; at += shape.batch) {
    loss += await trainer.accumulate(session, feedsOf(work, rows, at, labels, shape));
  }
  return loss;
}

/** The shape that parts of a batch are computed at. */
function partShape({ config }: TrainingRun, tokens: number): BatchShape {
  return { batch: Math.ceil(config.batchSize / config.accumulate), tokens };
}

/** Feeds of the part of a batch that begins at row `at`. */
function feedsOf(work: Work, rows: readonly number[], at: number, labels: Labels, shape: BatchShape): Feeds {
  const { run, encoded, whole } = work;
  const { config, readMask, nextTokenMask } = run;
  const part = { rows: rows.slice(at, at + shape.batch) };
  const places = { rows: part.rows.map((_, i) => at + i) };
  const weight = config.nextTokenWeight / Math.max(1, whole.nextTokens);
  return {
    ...textFeeds(encoded, part, shape, readMask),
    ...targetFeeds(labels.targets, labels.lossWeights, places, shape, whole.examples),
    ...(config.nextTokenWeight > 0 && nextTokenFeeds(encoded, part, shape, weight, nextTokenMask)),
  };
}

/** The labels that `run.retarget` makes of a batch's own and of the logits at the present weights. */
async function retargeted(
  run: TrainingRun,
  trainer: Trainer,
  batch: Batch,
  { targets, lossWeights: weights }: Labels,
  position: Position,
): Promise<Labels> {
  const logits = await presentLogits(run, trainer, batch);
  const given = run.retarget?.({ rows: batch.rows, logits, targets, weights, ...position }) ?? { targets, weights };
  for (const [name, matrix] of [['targets', given.targets] as const, ['weights', given.weights] as const]) {
    requireShape(name, matrix, logits);
  }
  return { targets: given.targets, lossWeights: given.weights };
}

/** Head logits of a batch, (rows × heads), by one forward pass with what the trainer holds. */
async function presentLogits(run: TrainingRun, trainer: Trainer, { bucket, rows }: Batch): Promise<Matrix> {
  const { model, encoded, runtime, readMask } = run;
  const columns = model.heads;
  const shape = partShape(run, bucket);
  const session = await logitsSession(model, shape, runtime);
  const data = new Float32Array(rows.length * columns);
  for (let at = 0; at < rows.length; at += shape.batch) {
    const part = rows.slice(at, at + shape.batch);
    const { logits } = await trainer.read(session, textFeeds(encoded, { rows: part }, shape, readMask));
    data.set((logits as Float32Array).subarray(0, part.length * columns), at * columns);
  }
  return { rows: rows.length, columns, data };
}

function labelsOf({ targets, lossWeights }: LabelledExamples, rows: readonly number[]): Labels {
  return { targets: rowsFrom(targets, rows), lossWeights: rowsFrom(lossWeights, rows) };
}

function rowsFrom({ columns, data }: Matrix, rows: readonly number[]): Matrix {
  const taken = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) taken.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  return { rows: rows.length, columns, data: taken };
}

function wholeOf(
  { config, nextTokenMask }: TrainingRun,
  encoded: readonly Int32Array[],
  rows: readonly number[],
): Whole {
  const nextTokens = config.nextTokenWeight > 0 ? countedNextTokens(encoded, rows, nextTokenMask) : 0;
  return { examples: rows.length, nextTokens };
}

function requireShape(name: string, { rows, columns, data }: Matrix, logits: Matrix): void {
  if (rows === logits.rows && columns === logits.columns && data.length === logits.data.length) return;
  const wanted = `${logits.rows} × ${logits.columns}, as the batch's logits`;
  const next = 'Return one row per row of the batch.';
  throw expected('wrong-targets', `the ${name} that retarget returned`, wanted, `${rows} × ${columns}`, next);
}
