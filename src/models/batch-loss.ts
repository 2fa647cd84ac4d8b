import type { Feeds } from '../graph/session.ts';
import type { Trainer } from '../graph/trainer.ts';
import type { Batch } from './batching.ts';
import { trainingSession } from './compiled.ts';
import { countedNextTokens, nextTokenFeeds, targetFeeds, textFeeds } from './feeds.ts';
import type { BatchShape } from './network.ts';
import type { TrainingRun } from './training-run.ts';

/** What a part of a batch is weighed by: examples and next tokens of the whole. */
interface Whole {
  readonly examples: number;
  readonly nextTokens: number;
}

/**
 * A batch's loss, its gradients left waiting in the trainer: computed in `config.accumulate` parts of equal shape whose
 * gradients add up, up to rounding, to those of the whole batch.
 */
export function accumulateBatch(run: TrainingRun, trainer: Trainer, batch: Batch): Promise<number> {
  return computeBatch(run, trainer, batch, run.trainable, wholeOf(run, batch.rows));
}

/** Loss over all of some batches, without training. */
export async function meanLoss(run: TrainingRun, trainer: Trainer, batches: readonly Batch[]): Promise<number> {
  const rows = batches.flatMap((batch) => batch.rows);
  const whole = wholeOf(run, rows);
  let loss = 0;
  for (const batch of batches) {
    run.runtime.signal?.throwIfAborted();
    loss += await computeBatch(run, trainer, batch, [], whole);
  }
  return loss;
}

async function computeBatch(
  run: TrainingRun,
  trainer: Trainer,
  { bucket, rows }: Batch,
  trainable: readonly string[],
  whole: Whole,
): Promise<number> {
  const { model, config, runtime } = run;
  const size = Math.ceil(config.batchSize / config.accumulate);
  const shape = { batch: size, tokens: bucket };
  const session = await trainingSession({ model, trainable, nextTokens: config.nextTokenWeight > 0 }, shape, runtime);
  let loss = 0;
  for (let at = 0; at < rows.length; at += size) {
    loss += await trainer.accumulate(session, feedsOf(run, { bucket, rows: rows.slice(at, at + size) }, shape, whole));
  }
  return loss;
}

function feedsOf(run: TrainingRun, part: Batch, shape: BatchShape, whole: Whole): Feeds {
  const { encoded, targets, lossWeights, config, readMask, nextTokenMask } = run;
  const weight = config.nextTokenWeight / Math.max(1, whole.nextTokens);
  return {
    ...textFeeds(encoded, part, shape, readMask),
    ...targetFeeds(targets, lossWeights, part, shape, whole.examples),
    ...(config.nextTokenWeight > 0 && nextTokenFeeds(encoded, part, shape, weight, nextTokenMask)),
  };
}

function wholeOf({ config, encoded, nextTokenMask }: TrainingRun, rows: readonly number[]): Whole {
  const nextTokens = config.nextTokenWeight > 0 ? countedNextTokens(encoded, rows, nextTokenMask) : 0;
  return { examples: rows.length, nextTokens };
}
