import { type Operand, type Value, valuesOf } from './graph.ts';
import { shapeError } from './shape-error.ts';
import { broadcastShape } from './shapes.ts';

/** A node that combines two float32 operands element by element, broadcasting. `name` is the operator's name in errors. */
export function combine(name: string, operator: string, first: Operand, second: Operand): Value {
  const [a, b] = valuesOf(name, [first, second]) as readonly [Value, Value];
  const shape = broadcastShape(a.shape, b.shape);
  if (!shape) throw shapeError(name, 'shapes', 'broadcastable to one another', [a.shape, b.shape]);
  return a.graph.emit({ operator, inputs: [a, b] }, shape);
}

/** A node that maps each element of a float32 value. */
export function map(name: string, operator: string, x: Value): Value {
  valuesOf(name, [x]);
  return x.graph.emit({ operator, inputs: [x] }, x.shape);
}
