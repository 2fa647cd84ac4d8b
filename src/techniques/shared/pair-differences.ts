import type { Matrix } from '../../core/models.ts';
import type { PairStates } from './pair-activations.ts';

/** Positive minus negative side, wording by wording, (wordings·n × width). */
export function pairDifferences(states: readonly PairStates[]): Matrix {
  const { rows, columns } = (states[0] as PairStates).negative;
  const data = new Float32Array(states.length * rows * columns);
  states.forEach(({ negative, positive }, wording) => {
    const start = wording * rows * columns;
    for (let k = 0; k < rows * columns; k++)
      data[start + k] = (positive.data[k] as number) - (negative.data[k] as number);
  });
  return { rows: states.length * rows, columns, data };
}
