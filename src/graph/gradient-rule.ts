import type { Node, Value } from './graph.ts';

/**
 * How gradients pass back through one ONNX operator.
 * `gradients` holds one per output of the node, undefined where none arrives (at least one does); each has its
 * output's shape. Returns one per input, of the input's shape; undefined where none flows (integers, axes).
 * What nobody needs is never run, so a rule may build it all the same; `needs` (one per input) is there for what
 * cannot be built.
 */
export type GradientRule = (
  node: Node,
  gradients: readonly (Value | undefined)[],
  needs: readonly boolean[],
) => readonly (Value | undefined)[];

/** A rule for an operator with one output, given that output's gradient, the inputs and the output. */
export function singleOutputRule(
  rule: (gradient: Value, inputs: readonly Value[], output: Value, node: Node) => readonly (Value | undefined)[],
): GradientRule {
  return (node, [gradient]) =>
    gradient ? rule(gradient, node.inputs as readonly Value[], node.outputs[0] as Value, node) : [];
}
