import { beforeAll, describe, expect, it } from 'vitest';
import type { Input } from '../../src/core/examples.ts';
import type { Matrix, StrongModel } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { mul } from '../../src/graph/operators.ts';
import { finetuningConfig, trainingConfig } from '../../src/models/config.ts';
import type { Network } from '../../src/models/network.ts';
import { createNetworkModel } from '../../src/models/network-model.ts';
import { buildHiddenStates } from '../../src/models/onnx/build-hidden-states.ts';
import { createOnnxNetwork } from '../../src/models/onnx/onnx-network.ts';
import { openOnnx } from '../../src/models/onnx/open-onnx.ts';
import { readOnnxWeights } from '../../src/models/onnx/read-onnx-weights.ts';
import type { NamedTensors } from '../../src/models/safetensors.ts';
import { createPretrained, createStrongModel } from '../../src/models/strong-model.ts';
import { openFixture } from './huggingface/support.ts';
import { floats, makeModel, node, written } from './onnx/make-model.ts';
import { fixture, plainLayers } from './onnx/support.ts';
import { plantedExamples, smallOptions } from './planted.ts';
import { tinyModel } from './tiny-network.ts';

const checkpoints = ['gpt2', 'gpt-neox', 'llama', 'qwen2', 'qwen3', 'bert'];
const exported = ['gpt2.legacy', 'gpt2.dynamo', 'bert.legacy', 'distilbert.dynamo', 'minilm.legacy'];

interface Subject {
  readonly model: StrongModel;
  readonly inputs: readonly Input[];
}

const own = async (): Promise<Subject> => {
  const options = smallOptions();
  return { model: createPretrained({ ...options, threads: 2 }), inputs: plantedExamples(21, 5) };
};

/** A model of any network, read at the last token; texts are token ids. */
function modelOf(network: Network, weights: NamedTensors): Subject {
  const encode = (text: string) => text.split(' ').map(Number);
  const tokenizer = { vocabulary: network.vocabulary, encode, decode: () => '' };
  const [training, finetuning] = [trainingConfig.parse({}), finetuningConfig.parse({})];
  const runtime = { threads: 1, device: 'cpu' as const };
  const rest = { measurements: 2, readAt: 'last' as const, seed: 0, training, finetuning, runtime };
  const rng = createRng(0, 'texts');
  const ids = () => Array.from({ length: rng.integer(2, 9) }, () => rng.integer(1, network.vocabulary - 1));
  const inputs = Array.from({ length: 5 }, (_, i) => ({ id: `${i}`, text: ids().join(' ') }));
  return { model: createStrongModel({ network, weights, tokenizer, ...rest }), inputs };
}

const subjects: [string, () => Promise<Subject>][] = [
  ['the project’s own decoder', own],
  ...checkpoints.map((name): [string, () => Promise<Subject>] => [
    `${name} of Hugging Face`,
    async () => {
      const { network, weights } = await openFixture(name);
      return modelOf(network, weights);
    },
  ]),
  ...exported.map((name): [string, () => Promise<Subject>] => [
    `${name} as ONNX`,
    async () => {
      const model = await openOnnx(fixture(`${name}.onnx`));
      const network = createOnnxNetwork(model);
      return modelOf(network, await readOnnxWeights(model, network.weights.keys()));
    },
  ]),
];

describe.each(subjects)('%s', (_, open) => {
  let [model, inputs, layers]: [StrongModel, readonly Input[], readonly number[]] = [] as never;
  beforeAll(async () => {
    ({ model, inputs } = await open());
    layers = Array.from({ length: model.layers + 1 }, (_, layer) => layer);
  });

  it('gives its own logits where a layer’s states are put back', async () => {
    const logits = await model.logits(inputs);
    for (const layer of layers) {
      const states = await model.activations(inputs, layer);
      expect(largestGap(await model.intervene(inputs, { layer, states }), logits)).toBeLessThan(2e-5);
    }
  });

  it('continues from other states, as from those of the text they are of where nothing else is seen', async () => {
    const logits = await model.logits(inputs);
    for (const layer of layers) {
      const states = moved(await model.activations(inputs, layer), 0.5);
      expect(largestGap(await model.intervene(inputs, { layer, states }), logits)).toBeGreaterThan(1e-3);
    }
    const turned = [...inputs].reverse();
    const last = { layer: model.layers, states: await model.activations(turned, model.layers) };
    expect(largestGap(await model.intervene(inputs, last), await model.logits(turned))).toBeLessThan(2e-5);
  });

  it('differentiates by the states put in', async () => {
    const coefficients = randomMatrix(inputs.length, model.heads.length, 1);
    for (const layer of layers) {
      const states = moved(await model.activations(inputs, layer), 0.1);
      const gradient = await model.interventionGradient(inputs, { layer, states }, coefficients);
      const direction = randomMatrix(inputs.length, model.width, 2 + layer);
      const slopes = await differences(model, inputs, { layer, states, direction }, coefficients);
      const steepest = Math.max(...rowProducts(gradient, gradient)) ** 0.5;
      rowProducts(gradient, direction).forEach((slope, row) => {
        expect(Math.abs(slope - (slopes[row] as number)) / (steepest + Math.abs(slope))).toBeLessThan(0.01);
      });
    }
  });

  it('has at the last token of each text the state that is read there', async () => {
    for (const layer of layers) {
      const { lengths, states } = await model.tokenStates(inputs, layer);
      let end = 0;
      const lastRows = [...lengths].map((length) => {
        end += length;
        return states.data.subarray((end - 1) * model.width, end * model.width);
      });
      expect(states).toMatchObject({ rows: end, columns: model.width });
      const read = await model.activations(inputs, layer);
      const data = Float32Array.from(lastRows.flatMap((row) => [...row]));
      expect(largestGap({ ...read, data }, read)).toBeLessThan(2e-5);
    }
  });
});

describe('an intervention', () => {
  it('gives each text the same answer alone and in any company', async () => {
    const { model, inputs } = await own();
    const many = [...inputs, ...plantedExamples(150, 6)];
    const states = moved(await model.activations(many, 1), 0.5);
    const coefficients = randomMatrix(many.length, model.heads.length, 3);
    const together = await model.intervene(many, { layer: 1, states });
    const gradient = await model.interventionGradient(many, { layer: 1, states }, coefficients);
    for (const row of [0, 70, 170]) {
      const [alone, state, coefficient] = [[many[row] as Input], rowOf(states, row), rowOf(coefficients, row)];
      expect(largestGap(await model.intervene(alone, { layer: 1, states: state }), rowOf(together, row))).toBeLessThan(
        1e-5,
      );
      const slope = await model.interventionGradient(alone, { layer: 1, states: state }, coefficient);
      expect(largestGap(slope, rowOf(gradient, row))).toBeLessThan(1e-5);
    }
  });

  it('on no text gives nothing', async () => {
    const { model } = await own();
    const states = { rows: 0, columns: model.width, data: new Float32Array(0) };
    expect((await model.intervene([], { layer: 1, states })).rows).toBe(0);
    expect((await model.tokenStates([], 1)).states.rows).toBe(0);
  });

  it('is refused where layer, states or coefficients do not fit, or the model is not read at the last token', async () => {
    const model = tinyModel();
    const inputs = ['ab', 'c'].map((text) => ({ id: text, text }));
    const states = await model.activations(inputs, 0);
    const refused = (layer: number, rows: Matrix) => expect(model.intervene(inputs, { layer, states: rows })).rejects;
    await refused(2, states).toThrow(/layer to be a whole number from 0 to 1, got 2/);
    await refused(0, rowOf(states, 0)).toThrow(/states of an intervention to be 2 × 8, got "1 × 8"/);
    const wrong = model.interventionGradient(inputs, { layer: 0, states }, states);
    await expect(wrong).rejects.toThrow(/coefficients of an intervention to be 2 × 3, got "2 × 8"/);
    await expect(model.tokenStates(inputs, -1)).rejects.toThrow(/layer to be a whole number from 0 to 1, got -1/);
    const first = createNetworkModel({ ...model.parts, readAt: 'first' });
    await expect(first.intervene(inputs, { layer: 0, states })).rejects.toThrow(/read at the last token, got "first"/);
    const { network } = model.parts;
    const closed: Network = { ...network, build: ({ replace: _, ...rest }, ...more) => network.build(rest, ...more) };
    const deaf = createNetworkModel({ ...model.parts, network: closed });
    await expect(deaf.intervene(inputs, { layer: 0, states })).rejects.toThrow(
      /tiny network to be open to interventions/,
    );
  });
});

it('an ONNX model whose hidden state is not all that is known behind it is refused there, and only there', async () => {
  const square = (name: string) => floats(name, [2, 2], [1, 2, 3, 4]);
  const nodes = [
    node('MatMul', ['x', 'u'], ['first']),
    node('MatMul', ['first', 'v'], ['second']),
    node('MatMul', ['second', 'w'], ['straight']),
    node('Add', ['straight', 'first'], ['y']),
  ];
  const initializers = ['u', 'v', 'w'].map(square);
  const model = await openOnnx(written(makeModel({ nodes, initializers, inputs: { x: [3, 4, 2] } })));
  const build = (chosen: number, last: string) => {
    const graph = new Graph();
    const index = (name: string) => graph.input(name, [3], 'int32');
    const ids = graph.input('ids', [3, 4], 'int32');
    const replace = (states: Value, layer: number) => (layer === chosen ? mul(states, 2) : states);
    const [lastPositions, lastRows] = [index('last-positions'), index('last-rows')];
    const texts = { graph, batch: 3, tokens: 4, ids, lastPositions, lastRows, replace };
    const { layers } = plainLayers(graph, model.weights);
    const given = new Map([['x', graph.input('x', [3, 4, 2])]]);
    return buildHiddenStates(model, ['first', 'second', last], { texts, layers, given });
  };
  expect([...build(1, 'straight').keys()]).toEqual(['first', 'second', 'straight']);
  expect([...build(0, 'y').keys()]).toEqual(['first', 'second', 'y']);
  expect(() => build(1, 'y')).toThrow(/"second" of .* the only way .* got "a way around it from "first"/);
});

interface Line {
  readonly layer: number;
  readonly states: Matrix;
  readonly direction: Matrix;
}

/** Slopes of each text's Σ coefficients · logits along a direction, by central differences. */
async function differences(model: StrongModel, inputs: readonly Input[], line: Line, coefficients: Matrix) {
  const { layer, states, direction } = line;
  // Some networks have states of norm 0.1, behind which a norm makes them of size 1.
  const step = 0.01 * Math.sqrt(states.data.reduce((sum, value) => sum + value ** 2, 0) / states.data.length);
  const values = await Promise.all(
    [step, -step].map(async (size) => {
      const data = states.data.map((value, i) => value + size * (direction.data[i] as number));
      return rowProducts(await model.intervene(inputs, { layer, states: { ...states, data } }), coefficients);
    }),
  );
  return (values[0] as number[]).map((value, row) => (value - (values[1]?.[row] as number)) / (2 * step));
}

function rowProducts(a: Matrix, b: Matrix): number[] {
  return Array.from({ length: a.rows }, (_, row) =>
    rowOf(a, row).data.reduce((sum, value, i) => sum + value * (b.data[row * b.columns + i] as number), 0),
  );
}

function rowOf({ columns, data }: Matrix, row: number): Matrix {
  return { rows: 1, columns, data: data.slice(row * columns, (row + 1) * columns) };
}

function moved(states: Matrix, scale: number): Matrix {
  const noise = randomMatrix(states.rows, states.columns, 9).data;
  return { ...states, data: states.data.map((value, i) => value + scale * (noise[i] as number)) };
}

function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const rng = createRng(seed, 'interventions');
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, () => rng.normal()) };
}

function largestGap(a: Matrix, b: Matrix): number {
  if (a.data.length !== b.data.length) throw new Error(`lengths ${a.data.length} and ${b.data.length}`);
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.data[i] as number))), 0);
}
