import { singleOutputRule } from '../gradient-rule.ts';
import { type Operand, type Value, valuesOf } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { broadcastShape } from '../shapes.ts';
import { sumTo } from './reductions.ts';

/** Element by element, `yes` where the bool `condition` is true and `no` elsewhere; all three broadcast. */
export function where(condition: Value, yes: Operand, no: Operand): Value {
  valuesOf('where', [condition], 'bool');
  const asValue = (operand: Operand) => (typeof operand === 'number' ? condition.graph.scalar(operand) : operand);
  const [a, b] = valuesOf('where', [asValue(yes), asValue(no)]) as readonly [Value, Value];
  const both = broadcastShape(a.shape, b.shape);
  const shape = both && broadcastShape(condition.shape, both);
  if (!shape) throw shapeError('where', 'shapes', 'broadcastable to one another', [condition.shape, a.shape, b.shape]);
  return condition.graph.emit({ operator: 'Where', inputs: [condition, a, b] }, shape);
}

export const whereRules = {
  Where: singleOutputRule((g, [condition, a, b]) => [
    undefined,
    sumTo(where(condition, g, 0), a.shape),
    sumTo(where(condition, 0, g), b.shape),
  ]),
} as const;
