import { expected } from '../core/errors.ts';
import type { FinetuneOptions, TrainingTargets } from '../core/models.ts';
import type { FinetuningConfig, TrainingConfig } from './config.ts';
import type { Trainable } from './trainables.ts';

/** A training config as one finetuning has it. */
interface FinetuningRecipe extends Omit<TrainingConfig, 'trainable'> {
  readonly trainable: Trainable;
  /** Whether the heads are left alone, since nothing but next tokens is learnt. */
  readonly generative: boolean;
}

/** The model's own recipe with what the options change; a batch holds whole groups of `together` examples. */
export function finetuningRecipe(
  training: TrainingConfig,
  defaults: FinetuningConfig,
  { weights }: TrainingTargets,
  options: FinetuneOptions,
): FinetuningRecipe {
  const { together = 1, retarget } = options;
  const { epochs, learningRate, trainable, nextTokenWeight, batchSize } = {
    ...training,
    ...defaults,
    ...given(options),
  };
  return {
    ...training,
    ...{ epochs, learningRate, trainable, nextTokenWeight },
    batchSize: batchSize - (batchSize % together),
    generative: nextTokenWeight > 0 && !retarget && weights.data.every((weight) => weight === 0),
  };
}

/** @throws UserError when options are out of range, or do not fit the recipe's batches or the number of examples. */
export function requireOptions(options: FinetuneOptions, training: TrainingConfig, examples: number): void {
  const { together = 1, batchSize = training.batchSize, nextTokenWeight = 0, validation } = options;
  requireWhole('together', together);
  requireWhole('batchSize', batchSize);
  if (validation) {
    requireWhole('validation.everySteps', validation.everySteps);
    requireWhole('validation.patience', validation.patience);
  }
  if (!(Number.isFinite(nextTokenWeight) && nextTokenWeight >= 0)) {
    throw expected('wrong-option', 'nextTokenWeight', 'a number from 0', nextTokenWeight, 'Give 0 to learn no tokens.');
  }
  if (batchSize < together) {
    const next = 'Enlarge the batch, so that it holds a group.';
    throw expected('wrong-option', 'batchSize', `at least ${together}, as many as stay together`, batchSize, next);
  }
  if (examples % together !== 0) {
    const wanted = `a multiple of ${together}, as many as stay together`;
    throw expected('wrong-option', 'the number of examples', wanted, examples, 'Give every group whole.');
  }
}

function requireWhole(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw expected('wrong-option', name, 'a whole number from 1', value, 'Change it, or leave it out.');
}

/** Those options that are there; an explicit undefined is as none. */
function given(options: FinetuneOptions): Partial<FinetuningRecipe> {
  const { epochs, learningRate, trainable, nextTokenWeight, batchSize } = options;
  const all = { epochs, learningRate, trainable, nextTokenWeight, batchSize };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
