import { createRng } from '../core/random.ts';
import { createSchedule } from '../graph/schedule.ts';
import { type Batch, batchesOf } from './batching.ts';
import { splitRows } from './early-stopping.ts';
import type { LabelledExamples, TrainingRun } from './training-run.ts';

/** What happens at which step of a training; it follows from the run alone, so a resumed training has the same. */
export interface TrainingPlan {
  readonly steps: number;
  /** Examples over all epochs. */
  readonly examples: number;
  /** Validations without a lower loss after which the training stops. */
  readonly patience: number;
  /** What is validated on, and how it is computed; no batches where nothing is. */
  readonly validation: { readonly examples: LabelledExamples; readonly batches: readonly Batch[] };
  /** Learning rate of a step, from 0. */
  rate(step: number): number;
  /** The examples of a step, from 0. */
  batch(step: number): Batch;
  /** Whether a validation follows when so many steps are done. */
  validates(done: number): boolean;
  /** Examples that `done` steps, at least one, have seen. */
  examplesDone(done: number): number;
}

/** The plan of a run: batches shuffled anew in each epoch, and validations on examples given or kept out. */
export function createTrainingPlan(run: TrainingRun): TrainingPlan {
  const { config } = run;
  const { rows, validation, everySteps, patience } = validationOf(run);
  const perEpoch = Math.ceil(rows.length / config.batchSize);
  const steps = Math.max(1, Math.round(perEpoch * config.epochs));
  const examples = Math.round(rows.length * config.epochs);
  const every = everySteps || perEpoch;
  const epochOf = rememberLast((epoch) => batchesIn(run, run, rows, epoch));
  return {
    steps,
    examples,
    patience,
    validation,
    rate: createSchedule(config.schedule, { peak: config.learningRate, steps, warmup: config.warmupSteps }),
    batch: (step) => epochOf(Math.floor(step / perEpoch))[step % perEpoch] as Batch,
    validates: (done) => validation.batches.length > 0 && (done % every === 0 || done === steps),
    examplesDone: (done) => {
      const epoch = Math.floor((done - 1) / perEpoch);
      const batches = epochOf(epoch).slice(0, done - epoch * perEpoch);
      const seen = batches.reduce((sum, batch) => sum + batch.rows.length, epoch * rows.length);
      return Math.min(examples, seen);
    },
  };
}

/** Rows to train on, and what is validated on when. */
function validationOf(run: TrainingRun) {
  const { encoded, config, seed, together } = run;
  if (run.validation) {
    const { examples, everySteps, patience } = run.validation;
    const batches = batchesIn(run, examples, allRows(examples));
    return { rows: allRows(run), validation: { examples, batches }, everySteps, patience };
  }
  const { train: rows, validation } = splitRows(encoded.length, config.earlyStopping, seed, together);
  const { everySteps = 0, patience = Number.POSITIVE_INFINITY } = config.earlyStopping ?? {};
  return { rows, validation: { examples: run, batches: batchesIn(run, run, validation) }, everySteps, patience };
}

/** Batches of some rows, with groups kept and shuffled for an epoch; in order without one. */
function batchesIn(
  { model, config, seed, together = 1 }: TrainingRun,
  { encoded }: LabelledExamples,
  rows: readonly number[],
  epoch?: number,
): Batch[] {
  const lengths = rows.map((row) => (encoded[row] as Int32Array).length);
  const shuffled = epoch !== undefined;
  const options = {
    batchSize: config.batchSize,
    maxTokens: model.network.maxTokens,
    together: shuffled ? together : 1,
  };
  const batches = batchesOf(lengths, options, shuffled ? createRng(seed, 'batches', epoch) : undefined);
  return batches.map((batch) => ({ ...batch, rows: batch.rows.map((at) => rows[at] as number) }));
}

function allRows({ encoded }: LabelledExamples): number[] {
  return Array.from(encoded, (_, row) => row);
}

function rememberLast<T>(make: (key: number) => T): (key: number) => T {
  let made: { readonly key: number; readonly value: T } | undefined;
  return (key) => {
    if (made?.key !== key) made = { key, value: make(key) };
    return made.value;
  };
}
