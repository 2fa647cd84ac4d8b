import type { Node, Value } from './graph.ts';

/**
 * How gradients pass back through one ONNX operator. `gradients` holds one per output of the node, of its shape;
 * undefined where none arrives (at least one does). Returns one per input, of its shape; undefined where none flows
 * (integers, axes). A rule need not ask which inputs matter: what no output depends on never reaches the runtime.
 */
export type GradientRule = (node: Node, gradients: readonly (Value | undefined)[]) => readonly (Value | undefined)[];

/** A rule for an operator with one output, given that output's gradient, the inputs and the output. */
export function singleOutputRule(
  rule: (gradient: Value, inputs: readonly Value[], output: Value, node: Node) => readonly (Value | undefined)[],
): GradientRule {
  return (node, [gradient]) =>
    gradient ? rule(gradient, node.inputs as readonly Value[], node.outputs[0] as Value, node) : [];
}
