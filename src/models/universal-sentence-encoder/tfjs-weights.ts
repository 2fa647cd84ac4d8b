import { dirname, join } from 'node:path';
import { z } from 'zod';
import { firstBeyond } from '../first-beyond.ts';
import type { NamedTensor } from '../safetensors.ts';
import { decodeFloats } from '../safetensors-floats.ts';
import { damaged } from './damaged.ts';
import { readBytes, readJson } from './model-files.ts';

const groupSchema = z.looseObject({
  paths: z.array(z.string().regex(/^[\w.-]+$/, 'must name a file beside it')).min(1),
  weights: z.array(
    z.looseObject({
      name: z.string(),
      shape: z.array(z.int().min(0)),
      dtype: z.enum(['float32', 'int32']),
      quantization: z.undefined('quantised weights cannot be read').optional(),
    }),
  ),
});
const modelSchema = z.looseObject({ weightsManifest: z.tuple([groupSchema]) });

/** The weights of a TensorFlow.js model: one row of bytes cut into files, tensors one behind the other. */
export interface TfjsWeights {
  /** Paths of the files that hold them, in order. */
  readonly shards: readonly string[];
  /** Shapes of the 32-bit floats among them, by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /**
   * The values of some of `shapes`, in the order asked.
   * @throws UserError naming the file where there are too few or too many bytes, or the weight with a value that is not finite.
   */
  read(names: Iterable<string>): Promise<NamedTensor[]>;
}

/** Where a tensor lies, in bytes of the whole row. */
interface Place {
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/**
 * The weights that a `model.json` of TensorFlow.js describes, of 32 bits each and not quantised; reads no values yet.
 * @throws UserError (`invalid-checkpoint`) naming the file when it is damaged or its weights are of another kind.
 */
export async function openTfjsWeights(file: string): Promise<TfjsWeights> {
  const { weightsManifest } = await readJson(file, modelSchema);
  const [{ paths, weights }] = weightsManifest;
  const places = new Map<string, Place>();
  let end = 0;
  for (const { name, shape, dtype } of weights) {
    const start = end;
    end += shape.reduce((product, size) => product * size, 4);
    if (dtype === 'float32') places.set(name, { shape, start, end });
  }
  const shards = paths.map((path) => join(dirname(file), path));
  return {
    shards,
    shapes: new Map([...places].map(([name, { shape }]) => [name, shape])),
    read: async (names) => {
      const row = await readRow(shards, end, file);
      return Array.from(names, (name) => decode(row, name, places.get(name) as Place, file));
    },
  };
}

async function readRow(shards: readonly string[], length: number, file: string): Promise<Uint8Array<ArrayBuffer>> {
  const parts = await Promise.all(shards.map(readBytes));
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  if (total !== length) throw damaged(`the weights beside ${file}`, `${length} bytes in all`, total);
  const row = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    row.set(part, at);
    at += part.length;
  }
  return row;
}

function decode(row: Uint8Array<ArrayBuffer>, name: string, { shape, start, end }: Place, file: string): NamedTensor {
  const data = new Float32Array((end - start) / 4);
  decodeFloats('F32', row.subarray(start, end), data);
  const bad = firstBeyond(data, Number.POSITIVE_INFINITY);
  if (bad !== -1) throw damaged(`value ${bad} of "${name}" beside ${file}`, 'finite', data[bad]);
  return { shape, data };
}
