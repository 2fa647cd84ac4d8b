import { expected } from '../../core/errors.ts';
import type { StrongModel } from '../../core/models.ts';

/**
 * The number of a layer that the model has.
 *
 * @throws UserError `unknown-layer` when the model has fewer layers.
 */
export function resolveLayer(
  technique: string,
  layer: 'last' | number,
  { layers }: Pick<StrongModel, 'layers'>,
): number {
  if (layer === 'last') return layers;
  if (layer <= layers) return layer;
  const next = 'Choose a layer the model has, counting from 0 (embedding).';
  throw expected('unknown-layer', `option "layer" of ${technique}`, `at most ${layers}`, layer, next);
}

/**
 * The numbers of several layers that the model has, each once; `all` is 1 to the last, since the embedding of the last
 * token knows nothing of the tokens before.
 *
 * @throws UserError `unknown-layer` when the model has fewer layers.
 */
export function resolveLayers(
  technique: string,
  layers: 'all' | 'last' | readonly number[],
  model: StrongModel,
): readonly number[] {
  if (layers === 'all') return Array.from({ length: model.layers }, (_, index) => index + 1);
  if (layers === 'last') return [model.layers];
  return [...new Set(layers)].map((layer) => resolveLayer(technique, layer, model));
}
