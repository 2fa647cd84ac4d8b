import { expected } from '../core/errors.ts';
import type { TrainingConfig } from './config.ts';
import { headNames } from './heads.ts';
import { type ModelShape, modelWeights } from './model-graph.ts';
import { promptName } from './virtual-tokens.ts';
import { matchingNames } from './weight-patterns.ts';

export type Trainable = TrainingConfig['trainable'] | 'prompt';

interface Choice {
  readonly trainable: Trainable;
  /** Patterns, for `pattern`. */
  readonly weights: readonly string[];
  /** Only next tokens are learnt, so that no loss is on the heads and decay alone would change them. @default false */
  readonly generative?: boolean;
}

/**
 * Names of the weights that a training changes, in the order of {@link modelWeights}: all of them, the heads, what is
 * added to the network (adapters or prompts) and the heads, or the heads and what patterns choose among the network's
 * own. A generative training leaves the heads out.
 * @throws UserError (`wrong-option`) when nothing is left then.
 */
export function trainableNames(model: ModelShape, choice: Choice): string[] {
  const names = namesOf(model, choice);
  const heads: readonly string[] = Object.values(headNames);
  if (!choice.generative) return names;
  const others = names.filter((name) => !heads.includes(name));
  if (others.length > 0) return others;
  const next = 'Give head weights, or train more than the heads.';
  throw expected('wrong-option', 'the weights to train for next tokens', 'not the heads alone', choice.trainable, next);
}

function namesOf(model: ModelShape, config: Choice): string[] {
  const all = [...modelWeights(model).keys()];
  const own = model.network.weights;
  const heads: readonly string[] = Object.values(headNames);
  switch (config.trainable) {
    case 'full':
      return all;
    case 'heads':
      return all.filter((name) => heads.includes(name));
    case 'lora':
      return all.filter((name) => !own.has(name));
    case 'prompt':
      return all.filter((name) => name === promptName || heads.includes(name));
    case 'pattern': {
      const chosen = new Set([...matchingNames([...own.keys()], config.weights, 'training.weights'), ...heads]);
      return all.filter((name) => chosen.has(name));
    }
  }
}

/** Whether a weight decays under the rule `decay`: matrices, only those used as products (and adapters), all, none. */
export function decays(model: ModelShape, rule: TrainingConfig['decay']): (name: string) => boolean {
  const shapes = modelWeights(model);
  const linears = new Set(model.network.linears);
  const isMatrix = (name: string) => (shapes.get(name)?.shape.length ?? 0) >= 2;
  switch (rule) {
    case 'matrices':
      return isMatrix;
    case 'linears':
      return (name) => isMatrix(name) && (linears.has(name) || !model.network.weights.has(name));
    case 'all':
      return () => true;
  }
}
