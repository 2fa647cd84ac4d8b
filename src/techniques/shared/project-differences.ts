import { decision } from '../../solvers/logistic-regression.ts';
import type { PairStates } from './pair-activations.ts';

/** direction · (positive − negative side), mean over wordings, (n). @param direction (width) */
export function projectDifferences(states: readonly PairStates[], direction: Float64Array): Float64Array {
  const probe = { weights: direction, bias: 0 };
  const total = new Float64Array(states[0]?.negative.rows ?? 0);
  for (const { negative, positive } of states) {
    const [low, high] = [decision(negative, probe), decision(positive, probe)];
    for (let i = 0; i < total.length; i++)
      (total[i] as number) += ((high[i] as number) - (low[i] as number)) / states.length;
  }
  return total;
}
