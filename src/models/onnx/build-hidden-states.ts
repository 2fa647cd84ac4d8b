import type { Node, Value } from '../../graph/graph.ts';
import { reshape } from '../../graph/operators.ts';
import type { Layers, TextInputs } from '../network.ts';
import { buildOnnx, type OnnxBuild } from './build-onnx.ts';
import { fault } from './fault.ts';
import type { OnnxModel } from './onnx-model.ts';

interface Surroundings {
  readonly texts: TextInputs;
  readonly layers: Layers;
  /** The model's inputs by name. */
  readonly given: ReadonlyMap<string, Value>;
}

/**
 * Hidden states (batch, tokens, width) by name, from the embedding to the last. Where `texts.replace` puts something in
 * the place of one, those behind it are built on that.
 * @throws UserError (`invalid-onnx`) where what is behind a replaced one depends on those before it in another way too.
 */
export function buildHiddenStates(
  model: OnnxModel,
  names: readonly string[],
  { texts, layers, given }: Surroundings,
): ReadonlyMap<string, Value> {
  const { graph, replace } = texts;
  const { outputs } = buildOnnx(model, { graph, layers, inputs: given, outputs: names });
  if (!replace) return outputs;
  const states = new Map(outputs);
  for (const [layer, name] of names.slice(0, -1).entries()) {
    const before = states.get(name) as Value;
    const rows = reshape(before, [-1, before.shape.at(-1) as number]);
    const changed = replace(rows, layer);
    if (changed === rows) continue;
    const start = reshape(changed, before.shape);
    const earlier = names.slice(0, layer).map((known): [string, Value] => [known, states.get(known) as Value]);
    const nodesBefore = graph.nodes.length;
    const inputs = new Map([...given, ...earlier, [name, start]]);
    const rest = buildOnnx(model, { graph, layers, inputs, outputs: names.slice(layer + 1) });
    const around = earlier.find(([, value]) => isRead(value, graph.nodes.slice(nodesBefore), rest));
    if (around) throw noCut(model, name, around[0]);
    states.set(name, start);
    for (const [later, value] of rest.outputs) states.set(later, value);
  }
  return states;
}

/** Whether the numbers of `value`, not just its shape, which exporters like to ask for, reach what was built by `nodes`. */
function isRead(value: Value, nodes: readonly Node[], { outputs }: OnnxBuild): boolean {
  const found = new Set([value]);
  for (const node of nodes) {
    if (!node.inputs.some((input) => input && found.has(input))) continue;
    for (const output of node.outputs) found.add(output);
  }
  return [...outputs.values()].some((output) => found.has(output));
}

function noCut({ file }: OnnxModel, name: string, earlier: string) {
  const wanted = 'the only way from the layers before to those behind';
  const got = `a way around it from "${earlier}"`;
  return fault(`hidden state "${name}" of ${file}`, wanted, got, 'Intervene at another layer');
}
