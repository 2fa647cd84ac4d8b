import { TouchstoneError } from '../core/errors.ts';
import { createTrainer } from '../graph/create-trainer.ts';
import type { Arrays } from '../graph/optimizer.ts';
import type { Trainer } from '../graph/trainer.ts';
import { accumulateBatch, meanLoss } from './batch-loss.ts';
import { type DivergedAt, diverged } from './diverged.ts';
import { type BestSoFar, compareWithBest } from './early-stopping.ts';
import { decays } from './trainables.ts';
import { createTrainingPlan, type TrainingPlan } from './training-plan.ts';
import type { TrainingRun } from './training-run.ts';
import { loadTrainingState, saveTrainingState, type TrainingState, trainingFingerprint } from './training-state.ts';

export interface TrainingOutcome {
  /** Loss of each step taken. */
  readonly losses: readonly number[];
  /** Where early stopping found the lowest validation loss, whose weights it kept. */
  readonly best?: Pick<BestSoFar, 'loss' | 'step'>;
}

/**
 * Minimises mean over examples of Σ_h lossWeight_h · BCE(logit_h, target_h), plus nextTokenWeight · mean over tokens of
 * the next token's cross-entropy, by AdamW with clipping, warm-up and a schedule; `retarget` may choose targets and
 * weights anew at each step. Every use of training is this. With a checkpoint the state is written at intervals, once the weights in it have given a finite loss and gradient, and a
 * training that finds its state goes on from there, bit for bit as if it had not stopped (at the same thread count).
 * @throws UserError (`training-diverged`) naming step, learning rate and largest gradient when the loss or a gradient is
 *   not finite; the weights are then as before the step.
 * @throws the signal's reason when aborted.
 */
export async function train(run: TrainingRun): Promise<TrainingOutcome> {
  const plan = createTrainingPlan(run);
  const checkpoints = await openCheckpoints(run);
  const trainer = await openTrainer(run, checkpoints.found);
  try {
    const { losses, best } = await takeSteps(run, plan, trainer, checkpoints);
    await trainer.weights();
    if (best) restore(run, best.weights);
    return { losses, ...(best && { best: { loss: best.loss, step: best.step } }) };
  } finally {
    await trainer.dispose();
  }
}

async function takeSteps(run: TrainingRun, plan: TrainingPlan, trainer: Trainer, checkpoints: Checkpoints) {
  const losses = [...(checkpoints.found?.losses ?? [])];
  let best = checkpoints.found?.best;
  while (losses.length < plan.steps && !(best && best.since >= plan.patience)) {
    run.runtime.signal?.throwIfAborted();
    const at = losses.length;
    const [step, learningRate] = [at + 1, plan.rate(at)];
    const fault = async (): Promise<DivergedAt> => ({
      ...{ step, learningRate, checkpoint: run.checkpoint?.file },
      gradients: await trainer.gradients(),
    });
    const loss = await accumulateBatch(run, trainer, plan.batch(at), { step: at, steps: plan.steps });
    if (!Number.isFinite(loss)) throw diverged('loss', loss, await fault());
    // Only now are the weights known to be good.
    if (checkpoints.isDue(at) && allFinite(await trainer.gradients())) {
      const state = { weights: await trainer.weights(), optimizer: await trainer.state() };
      await checkpoints.save({ losses, ...state, ...(best && { best }) });
    }
    const gradientNorm = await update(trainer, learningRate, fault);
    losses.push(loss);
    run.progress(plan.examplesDone(step), plan.examples, 'examples');
    run.onStep?.({ step, steps: plan.steps, loss, learningRate, gradientNorm });
    if (plan.validates(step)) {
      const validation = await meanLoss(run, trainer, plan.validation.examples, plan.validation.batches);
      const weights = await trainer.weights();
      best = compareWithBest(best, validation, step, () => copies(weights));
    }
  }
  return { losses, best };
}

function openTrainer(run: TrainingRun, from?: TrainingState): Promise<Trainer> {
  const { model, weights, trainable, config, runtime } = run;
  const trained = new Set(trainable);
  const part = (isTrained: boolean): Arrays =>
    Object.fromEntries(Object.entries(weights).filter(([name]) => trained.has(name) === isTrained));
  const options = {
    weightDecay: config.weightDecay,
    maxNorm: config.clipNorm,
    decays: decays(model, config.decay),
    frozen: part(false),
  };
  return createTrainer(part(true), options, runtime.device, from?.optimizer);
}

interface Checkpoints {
  /** What an earlier start left; its weights are in place. */
  readonly found?: TrainingState;
  isDue(stepsTaken: number): boolean;
  save(state: TrainingState): Promise<void>;
}

async function openCheckpoints(run: TrainingRun): Promise<Checkpoints> {
  const { checkpoint } = run;
  if (!checkpoint) return { isDue: () => false, save: async () => {} };
  const { file, everySteps = 100 } = checkpoint;
  const fingerprint = trainingFingerprint(run);
  const found = await loadTrainingState(file, fingerprint);
  if (found) restore(run, found.weights);
  return {
    ...(found && { found }),
    isDue: (stepsTaken) => stepsTaken > (found?.losses.length ?? 0) && stepsTaken % everySteps === 0,
    save: (state) => saveTrainingState(file, fingerprint, state),
  };
}

function allFinite(gradients: Arrays): boolean {
  return Object.values(gradients).every((data) => data.every(Number.isFinite));
}

async function update(trainer: Trainer, learningRate: number, fault: () => Promise<DivergedAt>): Promise<number> {
  try {
    return await trainer.update(learningRate);
  } catch (error) {
    if (!(error instanceof TouchstoneError && error.code === 'gradient-not-finite')) throw error;
    throw diverged('norm of the gradients', 'a number that is not', await fault());
  }
}

function copies(arrays: Arrays): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, data]) => [name, data.slice()]));
}

function restore({ weights }: TrainingRun, from: Arrays): void {
  for (const [name, data] of Object.entries(from)) weights[name]?.set(data);
}
