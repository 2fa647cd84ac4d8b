import { describe, expect, test } from 'vitest';
import { TouchstoneError } from '../../src/core/errors.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import {
  add,
  attention,
  bceWithLogits,
  concat,
  crossEntropy,
  expand,
  gather,
  layerNorm,
  linear,
  matmul,
  reduceSum,
  reshape,
  slice,
  softmax,
  split,
  transpose,
  where,
} from '../../src/graph/operators.ts';

const graph = new Graph();
const float = (...shape: number[]): Value => graph.constant(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
const integers = graph.input('integers', [3], 'int32');

/** What is built wrongly, and what the message must say before the place. */
const mistakes: readonly (readonly [string, () => unknown])[] = [
  ["Expected matmul's inner dimensions to be equal, got (4, 8) and (7, 3)", () => matmul(float(4, 8), float(7, 3))],
  ['inner dimensions to be equal, got (8, 4) and', () => matmul(float(8, 4), float(7, 3), { transposeA: true })],
  [
    'matrices or batches of matrices that broadcast, got (2, 3, 4) and (3, 4, 5)',
    () => matmul(float(2, 3, 4), float(3, 4, 5)),
  ],
  ['broadcastable to one another, got (2, 3) and (2)', () => add(float(2, 3), float(2))],
  ['type of "integers" (int32) to be float32, got (3)', () => add(integers, 1)],
  ['at least one value', () => add(1, 2)],
  ['(2, 3) and (4, 5)', () => linear(float(2, 3), float(4, 5))],
  ['(3, 5) and (3)', () => linear(float(2, 3), float(3, 5), float(3))],
  ['(4), got (2, 4) and (3) and (4)', () => layerNorm(float(2, 4), float(3), float(4))],
  ['equal in their number of elements, got (2, 3) and (4)', () => reshape(float(2, 3), [4])],
  ['equal in their number of elements, got (2, 3) and (-1, 4)', () => reshape(float(2, 3), [-1, 4])],
  ['each axis once, got (2, 3)', () => transpose(float(2, 3), [0, 0])],
  ['axis (2) to be a whole number from -2 to 1, got (2, 3)', () => reduceSum(float(2, 3), { axes: 2 })],
  ['range (1 to 4) to be inside axis 1, got (2, 3)', () => slice(float(2, 3), 1, 1, 4)],
  ['parts (2, 2) to be whole numbers whose sum is axis 1, got (2, 3)', () => split(float(2, 3), 1, [2, 2])],
  ['shapes except along axis 0 to be equal, got (2, 3) and (2, 4)', () => concat([float(2, 3), float(2, 4)], 0)],
  ['values to be at least one, got none', () => concat([], 0)],
  ['broadcastable to the second, got (2) and (3)', () => expand(float(2), [3])],
  ['type of "v', () => where(float(2), 1, 0)],
  ['int32 or int64', () => gather(float(2, 3), float(2))],
  ['(2, 3) and (3, 2)', () => bceWithLogits(float(2, 3), float(3, 2))],
  ['(2, 3) and (3)', () => crossEntropy(float(2, 3), integers)],
  ['(2, 3, 4) and (2, 5, 4) and (2, 6, 4)', () => attention(float(2, 3, 4), float(2, 5, 4), float(2, 6, 4))],
  ['type of "integers" (int32) to be float32', () => softmax(integers)],
  ['loss to be a single element, got (2)', () => gradients(float(2), [])],
  ['name "integers" to be new in this graph', () => graph.input('integers', [1])],
  ['dimensions to be whole numbers from 1, got (0, 2)', () => graph.input('empty', [0, 2])],
  ['number of elements (3) to be the size of the shape, got (2)', () => graph.constant([1, 2, 3], [2])],
  ['a value of the same graph', () => add(float(1), new Graph().scalar(1))],
];

describe('a graph built wrongly fails at once, saying what, the shapes and where', () => {
  test.each(mistakes)('%s', (message, build) => {
    const error = caught(build);
    expect(error).toBeInstanceOf(TouchstoneError);
    expect(error).toMatchObject({ code: 'shape-mismatch', name: 'ShapeError' });
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/ at shape-errors\.test\.ts:\d+:\d+\. .+\.$/);
    expect(error).toHaveProperty(
      'location',
      expect.stringMatching(/test[/\\]graph[/\\]shape-errors\.test\.ts:\d+:\d+$/),
    );
  });
});

function caught(build: () => unknown): Error {
  try {
    build();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
