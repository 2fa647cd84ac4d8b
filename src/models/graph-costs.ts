import type { Graph, Node, Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';

/** What one run of a graph takes, counted without running it. */
export interface GraphCosts {
  /** Floating-point operations of products. */
  readonly operations: number;
  /** Elements that the other operators write. */
  readonly elements: number;
  /** Operators. */
  readonly nodes: number;
  /** Most bytes of intermediate values alive at once; inputs and constants not counted. */
  readonly peakBytes: number;
}

/** Costs of what some outputs depend on. */
export function graphCosts(graph: Graph, outputs: readonly Value[]): GraphCosts {
  const nodes = neededNodes(graph, outputs);
  const others = nodes.filter((node) => !isProduct(node) && !isView(node));
  return {
    operations: nodes.filter(isProduct).reduce((sum, node) => sum + productOperations(node), 0),
    elements: others.reduce((sum, node) => sum + elementsOf(node), 0),
    nodes: nodes.length,
    peakBytes: peakBytes(nodes, outputs),
  };
}

function neededNodes(graph: Graph, outputs: readonly Value[]): Node[] {
  const needed = new Set<Value>(outputs);
  const nodes = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output))) return false;
    for (const input of node.inputs) if (input) needed.add(input);
    return true;
  });
  return nodes.reverse();
}

function isProduct({ operator }: Node): boolean {
  return operator === 'Gemm' || operator === 'MatMul' || operator === 'FusedMatMul';
}

/** Operators whose output is their input's memory. */
function isView({ operator }: Node): boolean {
  return operator === 'Reshape' || operator === 'Identity' || operator === 'Unsqueeze' || operator === 'Squeeze';
}

function productOperations({ inputs, outputs, attributes }: Node): number {
  const [a] = inputs as readonly [Value];
  const inner = a.shape.at(attributes.transA === 1 ? -2 : -1) as number;
  return 2 * inner * sizeOf((outputs[0] as Value).shape);
}

function elementsOf({ outputs }: Node): number {
  return outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

function peakBytes(nodes: readonly Node[], outputs: readonly Value[]): number {
  const owner = owners(nodes);
  const lastUse = new Map<Value, number>();
  nodes.forEach((node, at) => {
    for (const input of node.inputs) if (input) lastUse.set(owner.get(input) ?? input, at);
  });
  for (const output of outputs) lastUse.set(owner.get(output) ?? output, nodes.length);
  const made = new Set<Value>();
  let [alive, peak] = [0, 0];
  nodes.forEach((node, at) => {
    const own = node.outputs.filter((output) => !owner.has(output));
    const dying = [...new Set(node.inputs.map((input) => input && (owner.get(input) ?? input)))].filter(
      (value) => value !== undefined && made.has(value) && lastUse.get(value) === at,
    ) as Value[];
    // An operator other than a product may write over an input that nobody else reads.
    const freed = bytesOf(dying);
    const held = isProduct(node) ? 0 : Math.min(freed, bytesOf(own));
    alive += bytesOf(own) - held;
    peak = Math.max(peak, alive);
    alive -= freed - held;
    for (const value of own) made.add(value);
  });
  return peak;
}

/** For each view, the value whose memory it is. */
function owners(nodes: readonly Node[]): ReadonlyMap<Value, Value> {
  const owner = new Map<Value, Value>();
  for (const node of nodes.filter(isView)) {
    const [input] = node.inputs as readonly [Value];
    owner.set(node.outputs[0] as Value, owner.get(input) ?? input);
  }
  return owner;
}

function bytesOf(values: readonly Value[]): number {
  return values.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
}
