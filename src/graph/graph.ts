/**
 * The graph engine. A `Graph` is a list of ONNX operators over values whose shapes are known while building; the
 * functions of `operators/` append to it, `gradients` appends the backward pass to the same list, and
 * `createSession` hands what some outputs need to ONNX Runtime. The differentiated language *is* ONNX, so nothing
 * here computes: numbers exist only inside a session.
 */
import { shapeError } from './shape-error.ts';
import { sizeOf } from './shapes.ts';

export type DType = 'float32' | 'float64' | 'int32' | 'int64' | 'bool';

/** What holds a value's elements: bool as bytes of 0 and 1. */
export type TypedArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** A tensor that will exist when the graph runs. Immutable; belongs to one graph. */
export interface Value {
  /** Unique in its graph; the name of an ONNX value. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly graph: Graph;
}

/** Integers, floats (marked, since 1 may be either), text, or lists of integers. */
export type Attribute = number | { readonly float: number } | string | readonly number[];

/** One ONNX operator applied to values. An absent optional input is undefined. */
export interface Node {
  /** ONNX operator type, e.g. `Gemm`. */
  readonly operator: string;
  readonly domain: '' | 'com.microsoft';
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** What it was made from, e.g. a node of an opened file; named where no gradient passes. */
  readonly origin?: string;
}

/** The gradients of a loss with respect to a composite's inputs, given that of its output; undefined = none flows. */
export type CompositeRule = (gradient: Value) => readonly (Value | undefined)[];

/** A run of consecutive nodes that is differentiated as one, by its own rule. */
export interface Composite {
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly rule: CompositeRule;
}

export interface NodeSpec {
  readonly operator: string;
  readonly domain?: '' | 'com.microsoft';
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface ConstantValue {
  readonly value: Value;
  readonly data: TypedArray;
}

export class Graph {
  readonly #nodes: Node[] = [];
  readonly #inputs: Value[] = [];
  readonly #parameters: Value[] = [];
  readonly #constants = new Map<string, ConstantValue>();
  readonly #cached = new Map<string, Value>();
  readonly #composites = new Map<number, Composite>();
  readonly #names = new Set<string>();
  #counter = 0;
  #origin: string | undefined;

  /** Operators in the order they were added, which is an order they can run in. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** Everything fed from outside, parameters included, in the order declared. */
  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  /** The trainable inputs, in the order declared. */
  get parameters(): readonly Value[] {
    return this.#parameters;
  }

  /** Constants by value name. */
  get constants(): ReadonlyMap<string, ConstantValue> {
    return this.#constants;
  }

  /** A value fed at every run. @throws ShapeError when the name is taken or a dimension is not a whole number from 1. */
  input(name: string, shape: readonly number[], dtype: DType = 'float32'): Value {
    if (this.#names.has(name)) throw shapeError('input', `name "${name}"`, 'new in this graph', [shape]);
    const value = this.#value(shape, dtype, name);
    this.#inputs.push(value);
    return value;
  }

  /** A float32 input that training changes; fed at every run like any input. */
  parameter(name: string, shape: readonly number[]): Value {
    const value = this.input(name, shape);
    this.#parameters.push(value);
    return value;
  }

  /** A value stored in the graph itself. `data` is row-major and copied. @throws ShapeError when its length is not the shape's size. */
  constant(data: readonly number[] | TypedArray, shape: readonly number[], dtype: DType = 'float32'): Value {
    if (data.length !== sizeOf(shape)) {
      throw shapeError('constant', `number of elements (${data.length})`, 'the size of the shape', [shape]);
    }
    const value = this.#value(shape, dtype);
    this.#constants.set(value.name, { value, data: typedArray(data, dtype) });
    return value;
  }

  /** A float32 constant without dimensions; the same number gives the same value. */
  scalar(number: number): Value {
    return this.#cache(`scalar/${number}`, () => this.constant([number], []));
  }

  /** An int64 list, as ONNX wants axes, shapes and ends; the same list gives the same value. */
  integers(list: readonly number[]): Value {
    return this.#cache(`integers/${list.join()}`, () => this.constant(list, [list.length], 'int64'));
  }

  /** A float32 constant filled with one number; the same number and shape give the same value. */
  filled(number: number, shape: readonly number[]): Value {
    const make = () => this.constant(new Float32Array(sizeOf(shape)).fill(number), shape);
    return this.#cache(`filled/${number}/${shape.join()}`, make);
  }

  /** Appends a node with one output of the given shape (what an operator's shape rule found) and returns the output. */
  emit(spec: NodeSpec, shape: readonly number[], dtype: DType = 'float32'): Value {
    return this.emitAll(spec, [shape], dtype)[0] as Value;
  }

  /** Appends a node with one output per shape. */
  emitAll(spec: NodeSpec, shapes: readonly (readonly number[])[], dtype: DType = 'float32'): readonly Value[] {
    for (const input of spec.inputs) {
      if (input && input.graph !== this) {
        throw shapeError(spec.operator, `"${input.name}"`, 'a value of the same graph', [input.shape]);
      }
    }
    const outputs = shapes.map((shape) => this.#value(shape, dtype));
    const origin = this.#origin === undefined ? {} : { origin: this.#origin };
    this.#nodes.push({ domain: '', attributes: {}, ...spec, outputs, ...origin });
    return outputs;
  }

  /** Nodes that `build` adds are marked as made from `origin`. */
  from<T>(origin: string, build: () => T): T {
    const outer = this.#origin;
    this.#origin = origin;
    try {
      return build();
    } finally {
      this.#origin = outer;
    }
  }

  /** Nodes that `build` adds are differentiated as one, by the rule it returns. Only the output may be used outside. */
  composite(inputs: readonly Value[], build: () => { output: Value; rule: CompositeRule }): Value {
    const { output, rule } = build();
    // An enclosing composite with the same last node is recorded later and so replaces this one.
    this.#composites.set(this.#nodes.length - 1, { inputs, output, rule });
    return output;
  }

  /** The composite whose last node has this index, if any. */
  compositeEndingAt(index: number): Composite | undefined {
    return this.#composites.get(index);
  }

  #value(shape: readonly number[], dtype: DType, name = this.#freshName()): Value {
    if (!shape.every((dimension) => Number.isInteger(dimension) && dimension >= 1)) {
      throw shapeError(`value "${name}"`, 'dimensions', 'whole numbers from 1', [shape]);
    }
    this.#names.add(name);
    return Object.freeze({ name, shape: Object.freeze([...shape]), dtype, graph: this });
  }

  #freshName(): string {
    do this.#counter++;
    while (this.#names.has(`v${this.#counter}`));
    return `v${this.#counter}`;
  }

  #cache(key: string, make: () => Value): Value {
    const known = this.#cached.get(key);
    if (known) return known;
    const value = make();
    this.#cached.set(key, value);
    return value;
  }
}

/** A number stands for a scalar constant. */
export type Operand = Value | number;

/** The operands as values of one graph. @throws ShapeError when their kinds differ from `dtype` or no operand is a value. */
export function valuesOf(operator: string, operands: readonly Operand[], dtype: DType = 'float32'): readonly Value[] {
  const graph = operands.find((operand) => typeof operand !== 'number')?.graph;
  if (!graph) throw shapeError(operator, 'operands', 'at least one value of a graph', []);
  return operands.map((operand) => {
    const value = typeof operand === 'number' ? graph.scalar(operand) : operand;
    if (value.dtype !== dtype) {
      throw shapeError(operator, `type of "${value.name}" (${value.dtype})`, dtype, [value.shape]);
    }
    return value;
  });
}

function typedArray(data: readonly number[] | TypedArray, dtype: DType): TypedArray {
  const numbers = Array.from(data as ArrayLike<number | bigint>);
  if (dtype === 'int64') return BigInt64Array.from(numbers, BigInt);
  if (dtype === 'int32') return Int32Array.from(numbers, Number);
  if (dtype === 'bool') return Uint8Array.from(numbers, Number);
  if (dtype === 'float64') return Float64Array.from(numbers, Number);
  return data instanceof Float32Array ? data.slice() : Float32Array.from(numbers, Number);
}
