import type { TrainingConfig } from './config.ts';
import { headNames } from './heads.ts';
import { type ModelShape, modelWeights } from './model-graph.ts';
import { matchingNames } from './weight-patterns.ts';

/**
 * Names of the weights that a training changes, in the order of {@link modelWeights}: all of them, the heads, adapters
 * and heads, or the heads and what patterns choose among the network's own.
 */
export function trainableNames(model: ModelShape, config: Pick<TrainingConfig, 'trainable' | 'weights'>): string[] {
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
