import type { Value } from '../../graph/graph.ts';
import { gather } from '../../graph/operators.ts';
import type { ReadPositions, TextInputs } from '../network.ts';
import { unchanged } from '../replace-states.ts';
import type { Sight } from './sight.ts';

export interface BlocksOptions {
  readonly layers: number;
  /** Which tokens look at which. */
  readonly sight: (read: ReadPositions) => Sight;
  /** (batch · tokens × width) → (batch · queries × width). */
  readonly block: (x: Value, layer: number, sight: Sight) => Value;
  /** Norm behind the last block. @default none */
  readonly finalNorm?: (x: Value) => Value;
}

/**
 * Hidden states of a stack of blocks on embeddings, (batch · tokens × width). Where only last tokens are read, the last
 * block computes no more than these need.
 */
export function runBlocks(embedded: Value, inputs: TextInputs, read: ReadPositions, options: BlocksOptions): Value[] {
  const { layers, block, finalNorm = (x: Value) => x } = options;
  const { replace = unchanged, showHeads } = inputs;
  const at = (x: Value) => (read === 'last' ? gather(x, inputs.lastRows) : x);
  const everywhere = options.sight('all');
  const showing = (sight: Sight, layer: number): Sight =>
    showHeads ? { ...sight, showHeads: (outputs) => showHeads(outputs, layer + 1) } : sight;
  let x = replace(embedded, 0);
  const hidden = [at(x)];
  for (let layer = 0; layer < layers - 1; layer++) {
    x = replace(block(x, layer, showing(everywhere, layer)), layer + 1);
    hidden.push(at(x));
  }
  const last = block(x, layers - 1, showing(read === 'all' ? everywhere : options.sight(read), layers - 1));
  return [...hidden, finalNorm(last)];
}
