import type { Input } from '../../core/examples.ts';
import type { Matrix, StrongModel } from '../../core/models.ts';
import type { Progress } from '../../core/settings.ts';
import type { FeatureRows } from './feature-rows.ts';

const textsAtOnce = 256;

export interface EncodeOptions {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * A model's states at layers 1 to the last as features of texts. The texts of `known` are encoded once, now, and kept;
 * others are encoded when they are asked for, and forgotten.
 */
export async function encodeTexts(
  model: StrongModel,
  known: readonly Input[],
  { progress, signal }: EncodeOptions,
): Promise<FeatureRows> {
  const distinct = [...new Map(known.map((input) => [input.text, input])).values()];
  const { layers, width } = model;
  const kept = Array.from({ length: layers }, () => new Float32Array(distinct.length * width));
  for (let start = 0; start < distinct.length; start += textsAtOnce) {
    signal.throwIfAborted();
    const batch = distinct.slice(start, start + textsAtOnce);
    (await statesOf(model, batch)).forEach(({ data }, l) => {
      kept[l]?.set(data, start * width);
    });
    progress(start + batch.length, distinct.length, 'texts encoded');
  }
  const places = new Map(distinct.map(({ text }, i) => [text, i]));
  const rows = async (inputs: readonly Input[]) => {
    const others = inputs.filter(({ text }) => !places.has(text));
    const fresh = others.length === 0 ? [] : await statesOf(model, others);
    return kept.map((data, l) => gather(inputs, width, { places, data, fresh: fresh[l]?.data }));
  };
  return { layers, width, rows };
}

function statesOf(model: StrongModel, inputs: readonly Input[]): Promise<Matrix[]> {
  return Promise.all(Array.from({ length: model.layers }, (_, l) => model.activations(inputs, l + 1)));
}

interface Places {
  readonly places: ReadonlyMap<string, number>;
  readonly data: Float32Array;
  /** Rows of the texts without a place, in their order. */
  readonly fresh: Float32Array | undefined;
}

function gather(inputs: readonly Input[], columns: number, { places, data, fresh }: Places): Matrix {
  const result = new Float32Array(inputs.length * columns);
  let next = 0;
  inputs.forEach(({ text }, i) => {
    const place = places.get(text);
    const [from, row] = place === undefined ? [fresh as Float32Array, next++] : [data, place];
    result.set(from.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return { rows: inputs.length, columns, data: result };
}
