import type { Matrix } from '../../core/models.ts';
import type { Dense } from '../../solvers/dense-products.ts';
import { decision } from '../../solvers/logistic-regression.ts';
import type { PairStates } from './pair-activations.ts';

/** Both sides of all wordings one below the other, the negative side first, each row with a 1 at its end for the bias. */
export function pairRows(states: readonly PairStates[]): Dense {
  const sides = states.flatMap(({ negative, positive }) => [negative, positive]);
  const { rows: n, columns: width } = sides[0] as Matrix;
  const columns = width + 1;
  const data = new Float64Array(sides.length * n * columns).fill(1);
  sides.forEach((side, s) => {
    for (let i = 0; i < n; i++) data.set(side.data.subarray(i * width, (i + 1) * width), (s * n + i) * columns);
  });
  return { rows: sides.length * n, columns, data };
}

/** Log-odds of the mean over wordings of ½(p(x⁺) + 1 − p(x⁻)), finite however sure the probe is, (n). */
export function pairScores(states: readonly PairStates[], parameters: Float64Array): Float64Array {
  const probe = { weights: parameters.subarray(0, -1), bias: parameters.at(-1) as number };
  // log p(x⁺), log(1 − p(x⁻)) of each wording speak for the pair; the same of −z against it.
  const logits = states.flatMap(({ negative, positive }) => [
    decision(positive, probe),
    decision(negative, probe).map((z) => -z),
  ]);
  return (logits[0] as Float64Array).map((_, i) => {
    const own = logits.map((side) => side[i] as number);
    return logSumExp(own.map(logSigmoid)) - logSumExp(own.map((z) => logSigmoid(-z)));
  });
}

function logSigmoid(z: number): number {
  return Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
}

function logSumExp(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
