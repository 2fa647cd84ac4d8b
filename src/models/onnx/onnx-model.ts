/** An opened ONNX file as plain data: checked, but with its tensors still where they lie. */
import type { DType } from '../../graph/graph.ts';

/** What is known of a tensor in the file before its numbers are wanted. */
export interface OnnxTensor {
  /** Named in errors: the tensor and its file. */
  readonly thing: string;
  readonly shape: readonly number[];
  /** ONNX's TensorProto.DataType. */
  readonly dataType: number;
  /** The type its elements have in a graph: all floats are float32, short integers int32. */
  readonly dtype: DType;
  /** Where the bytes are; their number has been checked against the shape. */
  readonly place: TensorPlace;
}

export type TensorPlace =
  | { readonly bytes: Uint8Array }
  | { readonly numbers: readonly (number | bigint)[] }
  | { readonly file: string; readonly offset: number; readonly length: number };

export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly tensor: OnnxTensor }
  | { readonly graph: true };

export interface OnnxNode {
  /** Operator type, with its domain where that is not ONNX's own, e.g. `com.microsoft.FusedMatMul`. */
  readonly operator: string;
  /** Named in errors: operator, node and file. */
  readonly thing: string;
  /** Where in the exported program it comes from, e.g. `encoder.layer.0.attention`; empty when the file does not say. */
  readonly scope: string;
  /** Value names; an absent optional input is ''. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** A value as the file declares it. */
export interface OnnxDeclaration {
  readonly name: string;
  /** A symbolic dimension is its name ('' when it has none); absent when the file gives no shape. */
  readonly shape?: readonly (number | string)[];
  /** Absent when the file gives none, or one that no graph holds. */
  readonly dtype?: DType;
}

export interface OnnxModel {
  readonly file: string;
  /** Version of ONNX's operator set. */
  readonly opset: number;
  /** What must be fed, initialisers excluded. */
  readonly inputs: readonly OnnxDeclaration[];
  readonly outputs: readonly OnnxDeclaration[];
  /** Shapes that the file declares of values inside, by name. */
  readonly declared: ReadonlyMap<string, OnnxDeclaration>;
  readonly nodes: readonly OnnxNode[];
  /** The node that makes each value. */
  readonly producers: ReadonlyMap<string, OnnxNode>;
  /** Initialisers that are not weights, by value name. */
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  /** Floating-point initialisers of more than one element, by weight name. */
  readonly weights: ReadonlyMap<string, OnnxTensor>;
  /** Weight name by value name; they differ where an exporter dropped the name. */
  readonly weightNames: ReadonlyMap<string, string>;
}
