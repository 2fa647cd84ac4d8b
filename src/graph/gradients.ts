import { expected } from '../core/errors.ts';
import { gradientRules } from './gradient-rules.ts';
import type { Graph, Node, Value } from './graph.ts';
import { addAll } from './operators/arithmetic.ts';
import { shapeError } from './shape-error.ts';
import { sizeOf } from './shapes.ts';

/**
 * ∂loss/∂value for each value of `wrt`, of its shape, by reverse-mode differentiation: nodes are added to the loss's
 * graph. Zeros where the loss does not depend on a value.
 * @throws ShapeError unless the loss has one element and every operator between has a gradient rule.
 */
export function gradients(loss: Value, wrt: readonly Value[]): readonly Value[] {
  if (sizeOf(loss.shape) !== 1) throw shapeError('gradients', 'loss', 'a single element', [loss.shape]);
  const { graph } = loss;
  const needed = dependents(graph, wrt);
  const sums = new GradientSums(needed);
  sums.add(loss, graph.filled(1, loss.shape));
  for (let index = graph.nodes.length - 1; index >= 0; index--) {
    // A composite takes the gradient at its last node; none arrives at the nodes inside it.
    const step = graph.compositeEndingAt(index) ?? (graph.nodes[index] as Node);
    const outputs = 'outputs' in step ? step.outputs : [step.output];
    if (outputs.some((output) => sums.has(output)) && step.inputs.some((input) => input && needed.has(input))) {
      const arrived = outputs.map((output) => sums.total(output));
      const flowing = 'outputs' in step ? applyRule(step, arrived) : step.rule(arrived[0] as Value);
      step.inputs.forEach((input, i) => {
        sums.add(input, flowing[i]);
      });
    }
  }
  return wrt.map((value) => sums.total(value) ?? graph.filled(0, value.shape));
}

/** Gradients that have arrived at each needed value so far. */
class GradientSums {
  readonly #arrived = new Map<Value, Value[]>();
  readonly #needed: ReadonlySet<Value>;

  constructor(needed: ReadonlySet<Value>) {
    this.#needed = needed;
  }

  has(value: Value): boolean {
    return this.#arrived.has(value);
  }

  add(value: Value | undefined, gradient: Value | undefined): void {
    if (!value || !gradient || !this.#needed.has(value)) return;
    this.#arrived.set(value, [...(this.#arrived.get(value) ?? []), gradient]);
  }

  total(value: Value): Value | undefined {
    const arrived = this.#arrived.get(value);
    if (!arrived) return undefined;
    const sum = addAll(arrived);
    this.#arrived.set(value, [sum]);
    return sum;
  }
}

/** The values of `wrt` and all that is computed from them. */
function dependents(graph: Graph, wrt: readonly Value[]): ReadonlySet<Value> {
  const found = new Set(wrt);
  for (const node of graph.nodes) {
    if (!node.inputs.some((input) => input && found.has(input))) continue;
    for (const output of node.outputs) found.add(output);
  }
  return found;
}

function applyRule(node: Node, arrived: readonly (Value | undefined)[]): readonly (Value | undefined)[] {
  const rule = gradientRules[node.operator];
  if (rule) return rule(node, arrived);
  if (node.origin !== undefined) throw noRule(node.operator, node.origin);
  const shapes = node.outputs.map((output) => output.shape);
  throw shapeError('gradients', `operator ${node.operator}`, `one of ${Object.keys(gradientRules).join(', ')}`, shapes);
}

function noRule(operator: string, origin: string) {
  const next = 'Freeze the weights before this node, cut the model behind it, or export it without this operator.';
  return expected('no-gradient-rule', `operator ${operator} of ${origin}`, 'one with a gradient rule', operator, next);
}
