import { describe, expect, test } from 'vitest';
import { gradients } from '../../../src/graph/gradients.ts';
import { Graph, type Value } from '../../../src/graph/graph.ts';
import { mul, reduceSum } from '../../../src/graph/operators.ts';
import { createSession } from '../../../src/graph/session.ts';
import { buildOnnx } from '../../../src/models/onnx/build-onnx.ts';
import { inspectOnnx } from '../../../src/models/onnx/inspect-onnx.ts';
import { createOnnxNetwork } from '../../../src/models/onnx/onnx-network.ts';
import { openOnnx } from '../../../src/models/onnx/open-onnx.ts';
import { readOnnxWeights } from '../../../src/models/onnx/read-onnx-weights.ts';
import { textInputs } from '../../../src/models/text-inputs.ts';
import { fixture, type Golden, type GoldenModel, goldenOf, plainLayers, relativeError, transposed } from './support.ts';

const models = ['bert', 'bert-eager', 'minilm', 'distilbert', 'deberta', 'gpt2'] as const;
const lengths = [7, 4];
const tolerance = 1e-5;

describe.each(models)('%s', (name) => {
  const golden = goldenOf(name);

  test.each(['legacy', 'dynamo'])(
    'of the %s exporter gives PyTorch’s hidden states, logits and gradients',
    async (exporter) => {
      const model = await openOnnx(fixture(`${name}.${exporter}.onnx`));
      const network = createOnnxNetwork(model);
      const results = await runNetwork(model, network, golden);
      const tokens = results.tokens;
      const real = (width: number) => (i: number) => {
        const row = Math.floor(i / width);
        return row % tokens < (lengths[Math.floor(row / tokens)] as number);
      };
      expect(network.layers).toBe(2);
      golden.hidden.forEach((state, layer) => {
        expect(relativeError(results.outputs[`hidden${layer}`], state.data, real(12))).toBeLessThan(tolerance);
      });
      if (golden.logits) {
        expect(relativeError(results.outputs.logits, golden.logits.data, real(40))).toBeLessThan(tolerance);
      }
      expect(results.outputs.loss?.[0]).toBeCloseTo(golden.loss, 4);
      expect(worstGradient(golden, results.gradients)).toBeLessThan(tolerance);
    },
  );
});

test.each(['legacy', 'dynamo'])('whisper’s encoder of the %s exporter, by its own inputs', async (exporter) => {
  const golden = goldenOf('whisper');
  const model = await openOnnx(fixture(`whisper.${exporter}.onnx`));
  const features = golden.inputs.input_features as Golden;
  const { hiddenStates, values, linears } = inspectOnnx(model, { input_features: features.shape });
  expect(linears).toHaveLength(12);
  expect(values.find(({ name }) => name === hiddenStates?.[1])?.shape).toEqual([2, 8, 12]);
  const graph = new Graph();
  const { weights, layers } = plainLayers(graph, model.weights);
  const names = hiddenStates as readonly string[];
  const inputs = new Map([['input_features', graph.input('features', features.shape)]]);
  const { outputs } = buildOnnx(model, { graph, layers, inputs, outputs: names });
  const states = names.map((name) => outputs.get(name) as Value);
  const { loss, flows } = lossOf(graph, states.at(-1) as Value, weights);
  const session = await createSession(graph, { loss, ...numbered('hidden', states), ...flows });
  const results = await session.run({
    ...Object.fromEntries([...(await readOnnxWeights(model))].map(([name, { data }]) => [name, data])),
    features: Float32Array.from(features.data),
    coefficients: coefficients(2 * 8 * 12, () => true),
  });
  await session.dispose();
  golden.hidden.forEach((state, layer) => {
    expect(relativeError(results[`hidden${layer}` as never], state.data)).toBeLessThan(tolerance);
  });
  // The exporters fold the sinusoids of the position embedding, which are not trained, under a name of their own.
  const { 'embed_positions.weight': _, ...trained } = golden.gradients;
  expect(worstGradient({ ...golden, gradients: trained }, results as never)).toBeLessThan(tolerance);
});

async function runNetwork(
  model: Awaited<ReturnType<typeof openOnnx>>,
  network: ReturnType<typeof createOnnxNetwork>,
  golden: GoldenModel,
) {
  const ids = golden.inputs.input_ids as Golden;
  const [batch, tokens] = ids.shape as readonly [number, number];
  const graph = new Graph();
  const { weights, layers } = plainLayers(graph, network.weights);
  const { hidden, nextTokenLogits } = network.build(textInputs(graph, { batch, tokens }), layers, 'all');
  const { loss, flows } = lossOf(graph, hidden.at(-1) as Value, weights);
  const logits = nextTokenLogits?.();
  const session = await createSession<string>(graph, {
    loss,
    ...numbered('hidden', hidden),
    ...(logits && { logits }),
    ...flows,
  });
  const tensors = await readOnnxWeights(model, network.weights.keys());
  const real = (row: number) => row % tokens < (lengths[Math.floor(row / tokens)] as number);
  const outputs: Record<string, Float32Array> = await session.run({
    ...Object.fromEntries([...tensors].map(([name, { data }]) => [name, data])),
    tokens: Int32Array.from(ids.data),
    'last-positions': Int32Array.from(lengths, (length) => length - 1),
    'last-rows': Int32Array.from(lengths, (length, text) => text * tokens + length - 1),
    coefficients: coefficients(batch * tokens * network.width, (i) => real(Math.floor(i / network.width))),
  });
  await session.dispose();
  return { outputs, tokens, gradients: outputs };
}

/** The loss that onnx_fixtures.py differentiates, and its gradients by `gradient:<weight>`. */
function lossOf(graph: Graph, last: Value, weights: ReadonlyMap<string, Value>) {
  const loss = reduceSum(mul(graph.input('coefficients', last.shape), last));
  const names = [...weights.keys()];
  const found = gradients(loss, [...weights.values()]);
  return { loss, flows: Object.fromEntries(names.map((name, i) => [`gradient:${name}`, found[i] as Value])) };
}

function coefficients(length: number, counts: (i: number) => boolean): Float32Array {
  return Float32Array.from({ length }, (_, i) => (counts(i) ? Math.cos(0.37 * i) : 0));
}

function numbered(name: string, values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(values.map((value, i) => [`${name}${i}`, value]));
}

/**
 * The largest relative error over the weights that PyTorch names. Exporters store some matrices transposed, and name a
 * tied embedding after the head that shares it.
 */
function worstGradient(golden: GoldenModel, found: Readonly<Record<string, Float32Array>>): number {
  const tied: Readonly<Record<string, string>> = {
    'transformer.wte.weight': 'lm_head.weight',
    'distilbert.embeddings.word_embeddings.weight': 'vocab_projector.weight',
  };
  const errors = Object.entries(golden.gradients).map(([name, expected]) => {
    const actual = found[`gradient:model.${name}`] ?? found[`gradient:model.${tied[name]}`];
    // Softmax does not see what is added to every key alike: PyTorch finds 1e-16 there.
    if (expected.data.every((value) => Math.abs(value) < 1e-12)) return Math.max(...(actual as Float32Array)) / 100;
    const candidates = expected.shape.length === 2 ? [expected, transposed(expected)] : [expected];
    return Math.min(...candidates.map(({ data }) => relativeError(actual, data)));
  });
  return Math.max(...errors);
}
