import type { Value } from '../graph/graph.ts';
import { reshape, where } from '../graph/operators.ts';
import type { ReplaceStates, TextInputs } from './network.ts';

/** Replaces nothing. */
export const unchanged: ReplaceStates = (states) => states;

/** Puts `own` (batch × width) in the place of `states` (batch · tokens × width) at each text's last token. */
export function replaceLast(states: Value, own: Value, { graph, batch, tokens, lastPositions }: TextInputs): Value {
  const width = states.shape.at(-1) as number;
  const positions = graph.constant(
    Array.from({ length: tokens }, (_, position) => position),
    [1, tokens, 1],
    'int32',
  );
  const operands = [positions, reshape(lastPositions, [batch, 1, 1])];
  const isLast = graph.emit({ operator: 'Equal', inputs: operands }, [batch, tokens, 1], 'bool');
  const replaced = where(isLast, reshape(own, [batch, 1, width]), reshape(states, [batch, tokens, width]));
  return reshape(replaced, [batch * tokens, width]);
}
