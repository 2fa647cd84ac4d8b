import type { DType, Graph, Value } from '../../graph/graph.ts';
import { transpose } from '../../graph/operators.ts';
import type { Layers } from '../network.ts';
import { constantOf } from './constants.ts';
import { fault } from './fault.ts';
import type { OnnxAttribute, OnnxNode } from './onnx-model.ts';
import { type Constant, isConstant, type Operand } from './operand.ts';
import { tensorNumbers } from './read-tensor.ts';

/** What a graph is built with. */
export interface Target {
  readonly graph: Graph;
  readonly layers: Layers;
  /** Values already made of operands. */
  readonly made: Map<Operand, Value>;
}

/** The operand as a value of the graph, made once. */
export function materialize(operand: Operand, target: Target): Value {
  if (!('kind' in operand)) return operand;
  const known = target.made.get(operand);
  if (known) return known;
  const value = makeValue(operand, target);
  target.made.set(operand, value);
  return value;
}

function makeValue(operand: Exclude<Operand, Value>, { graph, layers }: Target): Value {
  if (operand.kind === 'constant') return graphConstant(operand, graph);
  if (operand.kind === 'product') {
    return layers.linear(operand.x, operand.weight.name, { transposed: operand.weight.transposed });
  }
  const weight = layers.weight(operand.name);
  return operand.transposed ? transpose(weight) : weight;
}

const largest = 2n ** 63n - 1n;

function graphConstant({ shape, dtype, data }: Constant, graph: Graph): Value {
  if (dtype !== 'int64') return graph.constant([...data], shape, dtype);
  // 2⁶³ − 1, "up to the end", is not a double: its neighbour would wrap around.
  const whole = Array.from(data, (x) => (x >= 2 ** 63 ? largest : BigInt(x)));
  return graph.constant(BigInt64Array.from(whole), shape, 'int64');
}

/** One node while it is turned into operators of the graph: its operands, its attributes, and errors that name it. */
export class NodeContext {
  readonly node: OnnxNode;
  readonly target: Target;
  readonly opset: number;
  readonly #operands: readonly (Operand | undefined)[];

  constructor(node: OnnxNode, operands: readonly (Operand | undefined)[], target: Target, opset: number) {
    this.node = node;
    this.#operands = operands;
    this.target = target;
    this.opset = opset;
  }

  get graph(): Graph {
    return this.target.graph;
  }

  /** All operands that are there, in order. */
  get operands(): readonly Operand[] {
    return this.#operands.filter((operand) => operand !== undefined);
  }

  optional(i: number): Operand | undefined {
    return this.#operands[i];
  }

  operand(i: number): Operand {
    const operand = this.#operands[i];
    if (!operand) throw this.fault(`input ${i}`, 'present', 'nothing');
    return operand;
  }

  value(operand: Operand): Value {
    return materialize(operand, this.target);
  }

  /** Numbers that must be known while the graph is built. */
  known(i: number): readonly number[] {
    const operand = this.operand(i);
    if (isConstant(operand)) return [...operand.data];
    const next = 'Export the model so that no shape depends on what is fed';
    throw fault(`input ${i} of ${this.node.thing}`, 'known from shapes alone', 'a value computed from data', next);
  }

  /** Integers given as an attribute (older operator sets) or as an input. */
  integers(attribute: string, input: number): readonly number[] | undefined {
    const given = this.ints(attribute);
    return given ?? (this.optional(input) ? this.known(input) : undefined);
  }

  int(name: string, otherwise: number): number {
    const found = this.#attribute(name);
    return found && 'int' in found ? found.int : otherwise;
  }

  float(name: string, otherwise: number): number {
    const found = this.#attribute(name);
    return found && 'float' in found ? found.float : otherwise;
  }

  text(name: string, otherwise: string): string {
    const found = this.#attribute(name);
    return found && 'text' in found ? found.text : otherwise;
  }

  ints(name: string): readonly number[] | undefined {
    const found = this.#attribute(name);
    return found && 'ints' in found ? found.ints : undefined;
  }

  floats(name: string): readonly number[] | undefined {
    const found = this.#attribute(name);
    return found && 'floats' in found ? found.floats : undefined;
  }

  tensor(name: string): Constant | undefined {
    const found = this.#attribute(name);
    if (!found || !('tensor' in found)) return undefined;
    return constantOf(found.tensor.shape, found.tensor.dtype, tensorNumbers(found.tensor));
  }

  /** An axis counted from the start. */
  axis(given: number, rank: number): number {
    const axis = given < 0 ? given + rank : given;
    if (Number.isInteger(axis) && axis >= 0 && axis < rank) return axis;
    throw this.fault('axis', `a whole number from ${-rank} to ${rank - 1}`, given);
  }

  /** Appends an operator as it stands. */
  emit(operator: string, inputs: readonly Operand[], shape: readonly number[], dtype: DType, attributes = {}): Value {
    return this.graph.emit({ operator, inputs: inputs.map((input) => this.value(input)), attributes }, shape, dtype);
  }

  fault(what: string, wanted: string, got: unknown, next?: string) {
    return fault(`${what} of ${this.node.thing}`, wanted, got, next);
  }

  #attribute(name: string): OnnxAttribute | undefined {
    return this.node.attributes.get(name);
  }
}

/** How a node of one operator type becomes operators of the graph: its output, or all its outputs in order. */
export type Rule = (context: NodeContext) => Operand | readonly Operand[];
