import type { Matrix, StrongModel } from '../../core/models.ts';
import type { ActivationSource } from './activation-source.ts';
import { type PairStates, pairActivations } from './pair-activations.ts';

/** How the two sides' states make one row: side by side, (2 · width), or positive less negative, (width). */
export type PairFeatures = 'concatenation' | 'difference';

/** The states of the first wording of each input's contrast pair as features of the input. */
export function pairFeatures(technique: string, model: StrongModel, features: PairFeatures): ActivationSource {
  const join = features === 'difference' ? difference : concatenation;
  return {
    layers: model.layers,
    async activations(inputs, layer) {
      const [states] = await pairActivations({ technique, model, layer, wordings: 1 }, inputs);
      const { negative, positive } = states as PairStates;
      return join(negative, positive);
    },
  };
}

function concatenation(negative: Matrix, positive: Matrix): Matrix {
  const { rows, columns } = negative;
  const data = new Float32Array(2 * rows * columns);
  for (let i = 0; i < rows; i++) {
    data.set(negative.data.subarray(i * columns, (i + 1) * columns), 2 * i * columns);
    data.set(positive.data.subarray(i * columns, (i + 1) * columns), (2 * i + 1) * columns);
  }
  return { rows, columns: 2 * columns, data };
}

function difference(negative: Matrix, positive: Matrix): Matrix {
  return { ...positive, data: positive.data.map((value, k) => value - (negative.data[k] as number)) };
}
