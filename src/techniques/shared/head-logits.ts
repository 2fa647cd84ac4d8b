import type { Input } from '../../core/examples.ts';
import type { HeadId, StrongModel } from '../../core/models.ts';
import { headIndex } from './targets.ts';

/** One head's logits, (n). */
export async function headLogits(model: StrongModel, head: HeadId, inputs: readonly Input[]): Promise<Float64Array> {
  const column = headIndex(model.heads, head);
  const { rows, columns, data } = await model.logits(inputs);
  return Float64Array.from({ length: rows }, (_, row) => data[row * columns + column] as number);
}
