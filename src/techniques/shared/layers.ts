import { expected } from '../../core/errors.ts';
import type { StrongModel } from '../../core/models.ts';

/**
 * The number of a layer that the model has.
 *
 * @throws UserError `unknown-layer` when the model has fewer layers.
 */
export function resolveLayer(technique: string, layer: 'last' | number, { layers }: StrongModel): number {
  if (layer === 'last') return layers;
  if (layer <= layers) return layer;
  const next = 'Choose a layer the model has, counting from 0 (embedding).';
  throw expected('unknown-layer', `option "layer" of ${technique}`, `at most ${layers}`, layer, next);
}
