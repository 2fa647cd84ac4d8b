import { fault } from './fault.ts';
import type { OnnxModel, OnnxNode } from './onnx-model.ts';

/**
 * The nodes that `outputs` depend on, in an order they can run in; those behind a value in `given` are left out.
 * @throws UserError (`invalid-onnx`) when a value comes from nowhere or depends on itself.
 */
export function nodesFor(
  model: OnnxModel,
  given: ReadonlySet<string>,
  outputs: readonly string[],
): readonly OnnxNode[] {
  const order: OnnxNode[] = [];
  const state = new Map<OnnxNode, 'open' | 'done'>();
  // A stack of names instead of recursion: exported graphs are thousands of nodes deep.
  const stack = outputs.map((name) => ({ name, user: `the outputs asked of ${model.file}` })).reverse();
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const node = given.has(top.name) ? undefined : producerOf(model, top.name, top.user);
    if (!node || state.get(node) === 'done') {
      stack.pop();
    } else if (state.get(node) === 'open') {
      state.set(node, 'done');
      order.push(node);
      stack.pop();
    } else {
      state.set(node, 'open');
      for (const name of node.inputs.toReversed()) {
        if (name === '' || given.has(name)) continue;
        const next = producerOf(model, name, node.thing);
        if (state.get(next) === 'open')
          throw fault(node.thing, 'independent of its own outputs', `a cycle by "${name}"`);
        stack.push({ name, user: node.thing });
      }
    }
  }
  return order;
}

function producerOf({ producers, inputs, file }: OnnxModel, name: string, user: string): OnnxNode {
  const node = producers.get(name);
  if (node) return node;
  if (inputs.some((input) => input.name === name)) {
    throw fault(`input "${name}" of ${file}`, 'given', 'nothing', 'Give it a value, or cut the model behind it');
  }
  throw fault(
    `value "${name}", wanted by ${user},`,
    `one of ${file}`,
    'none of this name',
    'List its values and choose one',
  );
}
