import type { OnnxModel } from './onnx-model.ts';
import { isConstant, isWeight, type Operand } from './operand.ts';

/** Operators that pass indices on. */
const passing = new Set(['Cast', 'Identity', 'Reshape', 'Flatten', 'Unsqueeze', 'Squeeze']);

/**
 * Rows of the table that token ids are looked up in, and how many positions there are, counted from the first row that
 * the first position reads; undefined when positions are not looked up in a table by their number.
 * @returns vocabulary 0 when the ids are looked up in no table.
 */
export function embeddingLimits(model: OnnxModel, operands: ReadonlyMap<string, Operand>, ids: string) {
  let vocabulary = 0;
  let positions: number | undefined;
  for (const { operator, inputs } of model.nodes) {
    const [table, indices] = [operands.get(inputs[0] ?? ''), operands.get(inputs[1] ?? '')];
    if (operator !== 'Gather' || !isWeight(table) || table.shape.length !== 2) continue;
    const rows = table.shape[0] as number;
    if (sourceOf(model, inputs[1] ?? '') === ids) vocabulary = Math.max(vocabulary, rows);
    if (isConstant(indices) && isRange(indices.data)) positions = rows - (indices.data[0] as number);
  }
  return { vocabulary, positions };
}

/** The value that a name stands for but for its shape and type. */
function sourceOf({ producers }: OnnxModel, name: string): string {
  let source = name;
  for (let node = producers.get(source); node && passing.has(node.operator); node = producers.get(source)) {
    source = node.inputs[0] ?? '';
  }
  return source;
}

function isRange(data: Float64Array): boolean {
  return data.length > 1 && data.every((value, i) => value === (data[0] as number) + i);
}
