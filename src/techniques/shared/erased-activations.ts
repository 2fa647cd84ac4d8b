import type { Input } from '../../core/examples.ts';
import type { Matrix, StrongModel } from '../../core/models.ts';
import { type Eraser, erase } from '../../solvers/eraser.ts';
import type { ActivationSource } from './activation-source.ts';

/** Activations without what an eraser removes, at each layer its own. */
export interface ErasedActivations extends ActivationSource {
  /** Directions removed at a layer. */
  rank(layer: number): Promise<number>;
}

/** The model's activations erased; a layer's eraser is fitted on the activations of `examples` at the layer's first use. */
export function erasedActivations(
  model: StrongModel,
  examples: readonly Input[],
  fitEraser: (activations: Matrix) => Promise<Eraser>,
): ErasedActivations {
  const erasers = new Map<number, Promise<Eraser>>();
  const eraserAt = (layer: number): Promise<Eraser> => {
    const eraser = erasers.get(layer) ?? model.activations(examples, layer).then(fitEraser);
    erasers.set(layer, eraser);
    return eraser;
  };
  return {
    layers: model.layers,
    activations: async (inputs, layer) => erase(await model.activations(inputs, layer), await eraserAt(layer)),
    rank: async (layer) => (await eraserAt(layer)).rank,
  };
}
