import { expected } from '../../core/errors.ts';
import type { Matrix } from '../../core/models.ts';
import { headNames, headShapes } from '../../models/heads.ts';
import type { NamedTensors } from '../../models/safetensors.ts';
import type { LinearHead } from './feature-head-fit.ts';

/** The same heads with some in the place of what stood there; undefined keeps the old one. */
export function withHeads(heads: NamedTensors, fitted: readonly (LinearHead | undefined)[]): NamedTensors {
  const { weight, bias } = headArrays(heads);
  const [newWeight, newBias] = [weight.slice(), bias.slice()];
  fitted.forEach((head, j) => {
    if (!head) return;
    newBias[j] = head.bias;
    head.weights.forEach((value, k) => {
      newWeight[k * bias.length + j] = value;
    });
  });
  return new Map([
    [headNames.weight, { shape: [newWeight.length / newBias.length, newBias.length], data: newWeight }],
    [headNames.bias, { shape: [newBias.length], data: newBias }],
  ]);
}

/** Logits, (n × heads), of features, (n × width); a row's logits do not depend on the others. */
export function applyHeads(features: Matrix, heads: NamedTensors): Matrix {
  const { weight, bias } = headArrays(heads);
  const { rows, columns, data } = features;
  const count = bias.length;
  const logits = new Float32Array(rows * count);
  const sums = new Float64Array(count);
  for (let i = 0; i < rows; i++) {
    sums.set(bias);
    for (let k = 0; k < columns; k++) {
      const x = data[i * columns + k] as number;
      for (let j = 0; j < count; j++) (sums[j] as number) += x * (weight[k * count + j] as number);
    }
    logits.set(sums, i * count);
  }
  return { rows, columns: count, data: logits };
}

/** @throws UserError (`wrong-heads`) when the weights are not those of so many heads on features of this width. */
export function requireHeads(heads: NamedTensors, width: number, count: number): void {
  for (const [name, { shape }] of headShapes(width, count)) {
    const got = heads.get(name)?.shape;
    if (got?.length === shape.length && got.every((length, i) => length === shape[i])) continue;
    const next = 'Use the features and the number of measurements that the heads were trained with.';
    throw expected('wrong-heads', `the shape of ${name}`, shape.join(' × '), got?.join(' × ') ?? 'none', next);
  }
}

function headArrays(heads: NamedTensors): {
  readonly weight: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
} {
  const [weight, bias] = [heads.get(headNames.weight)?.data, heads.get(headNames.bias)?.data];
  if (!weight || !bias) throw new RangeError(`the heads lack ${headNames.weight} or ${headNames.bias}`);
  return { weight, bias };
}
