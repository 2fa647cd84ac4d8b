/** Networks against the transformers library, on the checkpoints that golden/scripts/huggingface_fixtures.py made. */
import { describe, expect, it } from 'vitest';
import { gradients } from '../../../src/graph/gradients.ts';
import type { Value } from '../../../src/graph/graph.ts';
import { add, mul, reduceSum } from '../../../src/graph/operators.ts';
import type { NetworkOutputs, TextInputs } from '../../../src/models/network.ts';
import { openFixture, readGolden, realRows, relativeError, runNetwork } from './support.ts';

const names = [
  'gpt2',
  'gpt-neox',
  'gpt-neox-sequential-f16',
  'llama',
  'llama-scaled-bf16-sharded',
  'llama-linear',
  'qwen2',
  'qwen3',
  'bert',
  'bert-encoder',
];
const goldenColumns = 64;

/** Hidden states by number, and token logits where there are any. */
function states({ hidden, nextTokenLogits }: NetworkOutputs): Record<string, Value> {
  const logits = nextTokenLogits && { logits: nextTokenLogits() };
  return { ...Object.fromEntries(hidden.map((state, i) => [`hidden.${i}`, state])), ...logits };
}

/** The golden scripts' loss: waves over the real rows, zero over padding. */
function goldenLoss(built: NetworkOutputs, inputs: TextInputs, ids: readonly (readonly number[])[]): Value {
  const weighted = (x: Value, wave: (angle: number) => number) => {
    const [, columns] = x.shape as readonly [number, number];
    const data = new Float32Array(inputs.batch * inputs.tokens * columns);
    let at = 0;
    ids.forEach((row, text) => {
      const start = text * inputs.tokens * columns;
      for (let i = 0; i < row.length * columns; i++) data[start + i] = wave(0.1 * at++);
    });
    return reduceSum(mul(x, inputs.graph.constant(data, x.shape)));
  };
  const ofHidden = weighted(built.hidden.at(-1) as Value, Math.sin);
  const logits = built.nextTokenLogits?.();
  return logits ? add(ofHidden, mul(weighted(logits, Math.cos), 1 / (logits.shape[1] as number))) : ofHidden;
}

function firstColumns(data: Float32Array, columns: number, kept: number): Float32Array {
  return data.filter((_, i) => i % columns < kept);
}

describe.each(names)('%s', async (name) => {
  const checkpoint = await openFixture(name);
  const { record, tensors } = readGolden(name);
  const ids = record.ids.slice(0, record.batch);
  const tokens = Math.max(...ids.map(({ length }) => length));
  const golden = (key: string) => tensors.get(key)?.data as Float32Array;

  it('has the hidden states of every layer and the logits of transformers, whatever stands in the padding', async () => {
    const options = { tokens: tokens + 3, padding: 5 };
    const results = await runNetwork(checkpoint, ids, states, options);
    const kept = [...tensors.keys()].filter((key) => key.startsWith('hidden.') || key === 'logits');
    expect(Object.keys(results).sort()).toEqual(kept.sort());
    expect(kept.filter((key) => key !== 'logits')).toHaveLength(checkpoint.network.layers + 1);
    for (const [key, data] of Object.entries(results)) {
      const rows = realRows(data, ids, options.tokens);
      const got = key === 'logits' ? firstColumns(rows, checkpoint.network.vocabulary, goldenColumns) : rows;
      expect(relativeError(got, golden(key)), key).toBeLessThan(1e-5);
    }
  });

  it('computes the same at last tokens alone', async () => {
    const all = await runNetwork(checkpoint, ids, states);
    const last = await runNetwork(checkpoint, ids, states, { read: 'last', padding: 7 });
    for (const [key, data] of Object.entries(last)) {
      const everywhere = all[key] as Float32Array;
      const columns = data.length / ids.length;
      const expected = ids.flatMap((row, i) => {
        const start = (i * tokens + row.length - 1) * columns;
        return [...everywhere.subarray(start, start + columns)];
      });
      expect(relativeError(data, Float32Array.from(expected)), key).toBeLessThan(1e-5);
    }
  });

  it.each([1, 2])('has the gradients of PyTorch, at %i threads', async (threads) => {
    const kept = [...tensors.keys()].filter((key) => key.startsWith('gradient.'));
    const weights = kept.map((key) => checkpointName(key.slice('gradient.'.length)));
    expect(kept.length).toBeGreaterThan(4);
    const results = await runNetwork(
      checkpoint,
      ids,
      (built, parameters, inputs) => {
        const loss = goldenLoss(built, inputs, ids);
        const flows = gradients(
          loss,
          weights.map((weight) => parameters.get(weight) as Value),
        );
        return { loss, ...Object.fromEntries(kept.map((key, i) => [key, flows[i] as Value])) };
      },
      { padding: 3, threads },
    );
    for (const [key, data] of Object.entries<Float32Array>(results)) {
      expect(relativeError(data, golden(key)), key).toBeLessThan(1e-4);
    }
  });

  it('has a gradient for every weight', async () => {
    const weights = [...checkpoint.network.weights.keys()];
    const results = await runNetwork(checkpoint, ids, (built, parameters, inputs) => {
      const loss = goldenLoss(built, inputs, ids);
      const flows = gradients(
        loss,
        weights.map((weight) => parameters.get(weight) as Value),
      );
      return Object.fromEntries(
        weights.map((weight, i) => [weight, reduceSum(mul(flows[i] as Value, flows[i] as Value))]),
      );
    });
    expect(weights.filter((weight) => !((results[weight]?.[0] ?? 0) > 0))).toEqual([]);
  });

  it('encodes and decodes as the Python library does', () => {
    const { tokenizer } = checkpoint;
    expect(record.texts.map((text) => [...tokenizer.encode(text)])).toEqual(record.ids);
    expect(record.ids.map((text) => tokenizer.decode(text))).toEqual(record.decoded);
  });

  function checkpointName(parameter: string): string {
    return parameter.startsWith('lm_head.') && checkpoint.network.family === 'gpt_neox'
      ? 'embed_out.weight'
      : parameter;
  }
});
