/**
 * The head stage, the same on every network: `heads.weight` and `heads.bias` on the read-out of the last layer, one
 * column per head.
 */
import type { HeadId } from '../core/models.ts';
import type { Rng } from '../core/random.ts';
import type { WeightShape } from './network.ts';
import type { NamedTensors } from './safetensors.ts';

export const headNames = { weight: 'heads.weight', bias: 'heads.bias' } as const;

/** Heads of a model with this many measurements, in the order of the logits' columns. */
export function headsOf(measurements: number): HeadId[] {
  const each = Array.from({ length: measurements }, (_, j) => `measurement-${j + 1}` as const);
  return ['aggregate', 'ground-truth', ...each];
}

/** Shapes of the heads' weights by name: (width × heads) and (heads). */
export function headShapes(width: number, heads: number): ReadonlyMap<string, WeightShape> {
  return new Map([
    [headNames.weight, { shape: [width, heads] }],
    [headNames.bias, { shape: [heads] }],
  ]);
}

/** Random heads: normal of variance 1 / (3 · width), biases zero. */
export function initialHeads(width: number, heads: number, rng: Rng): NamedTensors {
  const deviation = 1 / Math.sqrt(3 * width);
  const weight = Float32Array.from({ length: width * heads }, () => deviation * rng.normal());
  return new Map([
    [headNames.weight, { shape: [width, heads], data: weight }],
    [headNames.bias, { shape: [heads], data: new Float32Array(heads) }],
  ]);
}
