import { singleOutputRule } from '../gradient-rule.ts';
import { type Value, valuesOf } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { reduceSum } from './reductions.ts';
import { slice } from './slice.ts';
import { transpose } from './transpose.ts';

/** One number per spatial axis. */
export interface ConvOptions {
  /** @default all 1 */
  readonly strides?: readonly number[];
  /** @default all 1 */
  readonly dilations?: readonly number[];
  /** Zeros before each axis, then after each axis. @default all 0 */
  readonly pads?: readonly number[];
}

/**
 * Convolution as in neural networks (cross-correlation): x (batch, in, …), w (out, in, …kernel), b (out) →
 * (batch, out, …), each spatial length ⌊(length + pads − dilation · (kernel − 1) − 1) / stride⌋ + 1.
 */
export function conv(x: Value, w: Value, b?: Value, options: ConvOptions = {}): Value {
  valuesOf('conv', b ? [x, w, b] : [x, w]);
  const rank = x.shape.length - 2;
  const ones = Array<number>(Math.max(0, rank)).fill(1);
  const { strides = ones, dilations = ones, pads = [...ones, ...ones].fill(0) } = options;
  if (rank < 1 || w.shape.length !== rank + 2 || w.shape[1] !== x.shape[1]) {
    throw shapeError('conv', "input's and kernel's second dimension and rank", 'equal', [x.shape, w.shape]);
  }
  const spatial = x.shape.slice(2).map((length, axis) => {
    const reach = (dilations[axis] as number) * ((w.shape[axis + 2] as number) - 1) + 1;
    const padded = length + (pads[axis] as number) + (pads[axis + rank] as number);
    return Math.floor((padded - reach) / (strides[axis] as number)) + 1;
  });
  const attributes = { strides, dilations, pads };
  const shape = [x.shape[0] as number, w.shape[0] as number, ...spatial];
  return x.graph.emit({ operator: 'Conv', inputs: b ? [x, w, b] : [x, w], attributes }, shape);
}

export const convRules = {
  Conv: singleOutputRule((g, [x, w, b], _, { attributes }) => {
    const { strides, dilations, pads } = attributes as Readonly<Record<string, readonly number[]>>;
    const given = { strides: strides ?? [], dilations: dilations ?? [], pads: pads ?? [] };
    const others = g.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    return [inputGradient(g, x, w, given), kernelGradient(g, x, w, given), b && reduceSum(g, { axes: others })];
  }),
} as const;

/** The transposed convolution of g; what the stride left over at the end of x is padded back. */
function inputGradient(g: Value, x: Value, w: Value, { strides, dilations, pads }: Required<ConvOptions>): Value {
  const rank = strides.length;
  const output_padding = strides.map((stride, axis) => {
    const reach = (dilations[axis] as number) * ((w.shape[axis + 2] as number) - 1) + 1;
    const covered = ((g.shape[axis + 2] as number) - 1) * stride + reach;
    return (x.shape[axis + 2] as number) + (pads[axis] as number) + (pads[axis + rank] as number) - covered;
  });
  const attributes = { strides, dilations, pads, output_padding };
  return g.graph.emit({ operator: 'ConvTranspose', inputs: [g, w], attributes }, x.shape);
}

/** x convolved with g, batch and channels exchanged: the stride becomes the dilation and the other way round. */
function kernelGradient(g: Value, x: Value, w: Value, { strides, dilations, pads }: Required<ConvOptions>): Value {
  const swap = [1, 0, ...strides.map((_, axis) => axis + 2)];
  const options = { strides: dilations, dilations: strides, pads };
  const all = transpose(conv(transpose(x, swap), transpose(g, swap), undefined, options), swap);
  return w.shape.slice(2).reduce((part, length, axis) => {
    return (part.shape[axis + 2] as number) > length ? slice(part, axis + 2, 0, length) : part;
  }, all);
}
