import type { DType } from '../../graph/graph.ts';
import { widenBfloat16, widenHalf } from '../half-floats.ts';

/** One of ONNX's element types, and how its bytes are read. */
export interface ElementType {
  /** The type its elements have in a graph. */
  readonly dtype: DType;
  /** Bytes of one element. */
  readonly bytes: number;
  /** Little-endian bytes as numbers, as many as `into` holds. */
  readonly read: (bytes: Uint8Array, into: Float32Array | Float64Array) => void;
  /** Of 16-bit floats in a list of whole numbers: the number they stand for. */
  readonly unpack?: (bits: number) => number;
}

type Getter = (view: DataView, at: number) => number | bigint;

function element(dtype: DType, bytes: number, get: Getter): ElementType {
  const read: ElementType['read'] = (source, into) => {
    const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    for (let i = 0; i < into.length; i++) into[i] = Number(get(view, i * bytes));
  };
  return { dtype, bytes, read };
}

function half(widen: (bits: Uint16Array, into: Float32Array) => void): ElementType {
  const read: ElementType['read'] = (source, into) => {
    const bits = new Uint16Array(into.length);
    new Uint8Array(bits.buffer).set(source.subarray(0, bits.byteLength));
    const floats = into instanceof Float32Array ? into : new Float32Array(into.length);
    widen(bits, floats);
    if (floats !== into) into.set(floats);
  };
  const unpack = (bits: number) => {
    const one = new Float32Array(1);
    widen(Uint16Array.of(bits), one);
    return one[0] as number;
  };
  return { dtype: 'float32', bytes: 2, read, unpack };
}

const float32: ElementType = {
  ...element('float32', 4, (view, at) => view.getFloat32(at, true)),
  read: (source, into) => {
    if (into instanceof Float32Array) new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(source);
    else element('float32', 4, (view, at) => view.getFloat32(at, true)).read(source, into);
  },
};

/** By ONNX's TensorProto.DataType: https://onnx.ai/onnx/repo-docs/IR.html */
export const elementTypes: ReadonlyMap<number, ElementType> = new Map([
  [1, float32],
  [2, element('int32', 1, (view, at) => view.getUint8(at))],
  [3, element('int32', 1, (view, at) => view.getInt8(at))],
  [4, element('int32', 2, (view, at) => view.getUint16(at, true))],
  [5, element('int32', 2, (view, at) => view.getInt16(at, true))],
  [6, element('int32', 4, (view, at) => view.getInt32(at, true))],
  [7, element('int64', 8, (view, at) => view.getBigInt64(at, true))],
  [9, element('bool', 1, (view, at) => Number(view.getUint8(at) !== 0))],
  [10, half(widenHalf)],
  [11, element('float32', 8, (view, at) => view.getFloat64(at, true))],
  [12, element('int64', 4, (view, at) => view.getUint32(at, true))],
  [16, half(widenBfloat16)],
]);
