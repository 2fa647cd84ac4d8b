import type { Input } from '../../core/examples.ts';
import type { Matrix, StrongModel } from '../../core/models.ts';
import type { TechniqueContext } from '../../core/techniques.ts';
import { countSubspaces, outcomeSubspace } from './das-causal-model.ts';
import type { Subspaces } from './das-interchange.ts';
import { masksOf } from './das-masks.ts';
import type { DasOptions } from './das-options.ts';
import { rotate, rotateBack } from './das-rotation.ts';
import { headIndex } from './targets.ts';

/** What scores need besides the inputs. */
export interface Injection {
  readonly learned: Subspaces;
  readonly layer: number;
  /** Activations at that layer of the examples to inject, (k × d). */
  readonly injected: Matrix;
  readonly options: Pick<DasOptions, 'swap' | 'endTemperature'>;
}

/** Texts whose states are held in float64 together. */
const rowsAtATime = 4096;

/**
 * Mean aggregate logit, (n), after each injected example t has taken the place of a text's state h in the tampering
 * subspaces: h + Rᵀ(M ⊙ R(t − h)), M being the sum of these subspaces' masks, or each of them in turn.
 */
export async function injectionScores(
  injection: Injection,
  inputs: readonly Input[],
  { predictor, signal, progress }: Pick<TechniqueContext, 'predictor' | 'signal' | 'progress'>,
): Promise<Float64Array> {
  const { layer, injected } = injection;
  const masks = tamperingMasks(injection);
  const scores = new Float64Array(inputs.length);
  for (let start = 0; start < inputs.length; start += rowsAtATime) {
    const some = inputs.slice(start, start + rowsAtATime);
    const own = Float64Array.from((await predictor.activations(some, layer)).data);
    for (const mask of masks) {
      const kept = difference(own, inSubspace(own, mask, injection.learned));
      const brought = inSubspace(Float64Array.from(injected.data), mask, injection.learned);
      for (let k = 0; k < injected.rows; k++) {
        signal.throwIfAborted();
        const states = withAdded(kept, brought.subarray(k * predictor.width, (k + 1) * predictor.width));
        const logits = await aggregateLogits(predictor, some, layer, states);
        logits.forEach((logit, row) => {
          (scores[start + row] as number) += logit / (masks.length * injected.rows);
        });
      }
    }
    progress(start + some.length, inputs.length, 'examples');
  }
  return scores;
}

/** One mask over all tampering subspaces, or one of each, (d). */
function tamperingMasks({ learned, options }: Injection): readonly Float64Array[] {
  const { shares, dimensions } = learned;
  const masks = masksOf(shares, options.endTemperature, dimensions);
  const first = outcomeSubspace + 1;
  const each = Array.from({ length: shares.length - countSubspaces(0) }, (_, j) =>
    masks.subarray((first + j) * dimensions, (first + j + 1) * dimensions),
  );
  if (options.swap === 'one-at-a-time') return each;
  return [
    Float64Array.from({ length: dimensions }, (_, i) => each.reduce((sum, mask) => sum + (mask[i] as number), 0)),
  ];
}

/** Rᵀ(mask ⊙ R x) of each row x. */
function inSubspace(rows: Float64Array, mask: Float64Array, { rotation, dimensions }: Subspaces): Float64Array {
  const turned = rotate(rows, rotation, dimensions).map((value, cell) => value * (mask[cell % dimensions] as number));
  return rotateBack(turned, rotation, dimensions);
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, cell) => value - (b[cell] as number));
}

/** (n × d) with the vector added to each row. */
function withAdded(rows: Float64Array, added: Float64Array): Matrix {
  const columns = added.length;
  const data = Float32Array.from(rows, (value, cell) => value + (added[cell % columns] as number));
  return { rows: rows.length / columns, columns, data };
}

async function aggregateLogits(model: StrongModel, inputs: readonly Input[], layer: number, states: Matrix) {
  const { rows, columns, data } = await model.intervene(inputs, { layer, states });
  const column = headIndex(model.heads, 'aggregate');
  return Float64Array.from({ length: rows }, (_, row) => data[row * columns + column] as number);
}
