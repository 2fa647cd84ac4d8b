import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import type { Value } from '../../../src/graph/graph.ts';
import { openCheckpoint } from '../../../src/models/huggingface/open-checkpoint.ts';
import type { NamedTensor } from '../../../src/models/safetensors.ts';
import { type CopiedFixture, copyFixture } from './copied-fixture.ts';
import { openFixture, readGolden, realRows, relativeError, runNetwork } from './support.ts';

let copy: CopiedFixture | undefined;
afterEach(() => {
  copy?.dispose();
  copy = undefined;
});
function copied(name: string): CopiedFixture {
  copy = copyFixture(name);
  return copy;
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

/** How far the last hidden state of the checkpoint in a directory is from the golden one. */
async function distance(directory: string, golden: string): Promise<number> {
  const checkpoint = await openCheckpoint(directory);
  const { record, tensors } = readGolden(golden);
  const ids = record.ids.slice(0, record.batch);
  const parts = { network: checkpoint.network, weights: await checkpoint.readWeights() };
  const { last } = await runNetwork(parts, ids, ({ hidden }) => ({ last: hidden.at(-1) as Value }));
  const wanted = tensors.get(`hidden.${checkpoint.network.layers}`)?.data as Float32Array;
  return relativeError(realRows(last, ids, Math.max(...ids.map(({ length }) => length))), wanted);
}

describe('openCheckpoint', () => {
  it('says what a network is', async () => {
    const { network, tokenizer, unused } = await openFixture('qwen3');
    expect(network).toMatchObject({
      family: 'qwen3',
      width: 32,
      layers: 2,
      vocabulary: 320,
      maxTokens: 128,
      causal: true,
    });
    expect(network.weights.get('model.layers.1.self_attn.q_proj.weight')).toEqual({ shape: [64, 32] });
    expect(network.linears).toContain('lm_head.weight');
    expect(tokenizer.vocabulary).toBeLessThanOrEqual(network.vocabulary);
    expect(unused).toEqual([]);
  });

  it('keeps what it does not use apart', async () => {
    expect((await openFixture('bert-encoder')).unused).toEqual(['pooler.dense.bias', 'pooler.dense.weight']);
  });

  it.each([
    ['llama', { rope_parameters: undefined, rope_theta: 5000, rope_scaling: null, num_labels: 7 }],
    ['llama-linear', { rope_parameters: undefined, rope_scaling: { type: 'linear', factor: 4 } }],
    ['gpt-neox', { rope_parameters: undefined, rotary_pct: 0.5, rotary_emb_base: 10000 }],
  ])('reads the older keys of %s, and lets unknown ones be', async (name, change) => {
    const { directory, edit } = copied(name);
    edit('config.json', (config) => Object.assign(config, change));
    expect(await distance(directory, name)).toBeLessThan(1e-5);
  });

  it('reads a bare GPT-2 with the buffers of older versions', async () => {
    const { directory, editTensors } = copied('gpt2');
    editTensors((tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        tensors.set(name.replace('transformer.', ''), tensor);
      }
      tensors.set('h.0.attn.bias', { shape: [1], data: Float32Array.of(1) });
    });
    expect(await distance(directory, 'gpt2')).toBeLessThan(1e-5);
    expect((await openCheckpoint(directory)).unused).toEqual(['h.0.attn.bias']);
  });

  it('reads a BERT whose norms have gamma and beta', async () => {
    const { directory, editTensors } = copied('bert');
    editTensors((tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        tensors.set(
          name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta'),
          tensor,
        );
      }
    });
    expect(await distance(directory, 'bert')).toBeLessThan(1e-5);
  });

  it('ties a head that equals the embedding and unties one that does not', async () => {
    const { directory, editTensors } = copied('gpt2');
    const embeddingName = 'transformer.wte.weight';
    editTensors((tensors) => tensors.set('lm_head.weight', tensors.get(embeddingName) as NamedTensor));
    const tied = await openCheckpoint(directory);
    expect([tied.network.weights.has('lm_head.weight'), tied.unused]).toEqual([false, []]);
    editTensors((tensors) => {
      const { shape, data } = tensors.get(embeddingName) as NamedTensor;
      tensors.set('lm_head.weight', { shape, data: data.map((value) => 2 * value) });
    });
    const untied = await openCheckpoint(directory);
    expect(untied.network.linears).toContain('lm_head.weight');
    const logits = async ({ network, readWeights }: typeof tied) =>
      runNetwork({ network, weights: await readWeights() }, [[1, 2]], ({ nextTokenLogits }) => ({
        logits: nextTokenLogits?.() as Value,
      }));
    const doubled = (await logits(untied)).logits;
    editTensors((tensors) => tensors.delete('lm_head.weight'));
    const plain = (await logits(await openCheckpoint(directory))).logits;
    expect(
      relativeError(
        doubled,
        plain.map((value) => 2 * value),
      ),
    ).toBeLessThan(1e-6);
  });

  it.each<[string, string, unknown]>([
    ['llama', 'rope_parameters', { rope_type: 'yarn', rope_theta: 1e4, factor: 2 }],
    ['llama', 'rope_scaling', { type: 'dynamic', factor: 2 }],
    ['llama', 'rope_parameters', { rope_type: 'linear', rope_theta: 1e4 }],
    ['llama', 'rope_parameters', { rope_type: 'default', mrope_section: [1, 2] }],
    ['llama', 'quantization_config', { bits: 4 }],
    ['llama', 'auto_map', { AutoModel: 'modeling.Model' }],
    ['llama', 'hidden_act', 'xielu'],
    ['llama', 'num_key_value_heads', 3],
    ['llama', 'hidden_size', 0],
    ['llama', 'num_hidden_layers', 1e9],
    ['qwen2', 'use_sliding_window', true],
    ['qwen2', 'layer_types', ['full_attention', 'sliding_attention']],
    ['gpt2', 'add_cross_attention', true],
    ['gpt2', 'n_head', 5],
    ['gpt-neox', 'rope_parameters', { partial_rotary_factor: 0.4 }],
    ['bert', 'is_decoder', true],
    ['bert', 'position_embedding_type', 'relative_key'],
    ['bert', 'model_type', 't5'],
  ])('refuses in %s the key %s with %j', async (name, key, value) => {
    const { directory, edit } = copied(name);
    edit('config.json', (config) => {
      config[key] = value;
    });
    const message = await messageOf(openCheckpoint(directory));
    expect(message).toContain('config.json');
    expect(message).toContain(
      key.replace('rope_parameters', key === 'rope_parameters' && name === 'gpt-neox' ? 'rotary_pct' : key),
    );
  });

  it.each<[string, (fixture: CopiedFixture) => void, RegExp]>([
    ['no config', ({ remove }) => remove('config.json'), /config\.json.*readable/],
    ['a config that is not JSON', ({ write }) => write('config.json', '{"a":'), /config\.json to be JSON/],
    ['a config that is a list', ({ write }) => write('config.json', '[]'), /config\.json to be a JSON object/],
    ['no weights', ({ remove }) => remove('model.safetensors'), /model\.safetensors/],
    [
      'a tensor that is absent',
      ({ editTensors }) => editTensors((t) => t.delete('model.norm.weight')),
      /model\.norm\.weight/,
    ],
    [
      'a tensor of another shape',
      ({ edit }) => edit('config.json', (config) => Object.assign(config, { intermediate_size: 47 })),
      /shape of tensor "model\.layers\.0\.mlp\.gate_proj\.weight".*\[47,32\]/,
    ],
    [
      'a tensor that the family does not know',
      ({ editTensors }) =>
        editTensors((t) => t.set('model.layers.0.self_attn.q_norm.weight', { shape: [1], data: Float32Array.of(1) })),
      /model\.layers\.0\.self_attn\.q_norm\.weight.*model\.safetensors/,
    ],
    ['no tokenizer', ({ remove }) => remove('tokenizer.json'), /tokenizer\.json/],
    ['a tokenizer that is not JSON', ({ write }) => write('tokenizer.json', 'x'), /tokenizer\.json to be JSON/],
    [
      'a tokenizer with too many tokens',
      ({ edit }) =>
        edit('tokenizer.json', (json) => {
          (json.added_tokens as unknown[]).push({ id: 320, content: '<extra>', special: true });
        }),
      /"<extra>".*tokenizer\.json.*below 320.*320/,
    ],
    [
      'a tokenizer of an unknown kind',
      ({ edit }) => edit('tokenizer.json', (json) => Object.assign(json, { normalizer: { type: 'Nonsense' } })),
      /tokenizer\.json/,
    ],
  ])('names the file at fault: %s', async (_, damage, pattern) => {
    const fixture = copied('llama');
    damage(fixture);
    expect(await messageOf(openCheckpoint(fixture.directory))).toMatch(pattern);
  });

  it('names the tensor with a value that is not finite, when weights are read', async () => {
    const { directory, editTensors } = copied('llama');
    editTensors((tensors) => {
      const { shape, data } = tensors.get('lm_head.weight') as NamedTensor;
      tensors.set('lm_head.weight', { shape, data: data.map((value, i) => (i === 5 ? Number.NaN : value)) });
    });
    const checkpoint = await openCheckpoint(directory);
    expect(await messageOf(checkpoint.readWeights())).toMatch(/lm_head\.weight.*model\.safetensors.*NaN at element 5/);
  });

  it('names the shard that is absent, and the tensor that a shard lacks', async () => {
    const { directory, edit, remove } = copied('llama-scaled-bf16-sharded');
    edit('model.safetensors.index.json', (index) => {
      Object.assign(index.weight_map as object, { 'model.norm.weight': 'model-00001-of-00003.safetensors' });
    });
    expect(await messageOf(openCheckpoint(directory))).toMatch(/model-00001-of-00003.*model\.norm\.weight/);
    remove('model-00002-of-00003.safetensors');
    expect(await messageOf(openCheckpoint(directory))).toMatch(/model-00002-of-00003\.safetensors.*readable/);
  });

  it('does not follow an index out of its directory', async () => {
    const { directory, edit } = copied('llama-scaled-bf16-sharded');
    edit('model.safetensors.index.json', (index) => {
      Object.assign(index.weight_map as object, { 'model.norm.weight': '../model.safetensors' });
    });
    expect(await messageOf(openCheckpoint(directory))).toMatch(/index\.json.*weight_map\.model\.norm\.weight/);
  });

  it('explains pickled weights', async () => {
    const { directory, remove, write } = copied('gpt2');
    remove('model.safetensors');
    write('pytorch_model.bin', 'x');
    expect(await messageOf(openCheckpoint(directory))).toContain('pytorch_model.bin');
  });
});

describe('the tokenizer', () => {
  it('gives an empty text one token and decodes nothing to nothing', async () => {
    for (const name of ['gpt2', 'llama', 'bert']) {
      const { tokenizer } = await openFixture(name);
      expect(tokenizer.encode('').length, name).toBeGreaterThan(0);
      expect(tokenizer.decode([])).toBe('');
    }
  });

  it('refuses a text that it has no token for', async () => {
    const { directory, edit } = copied('bert');
    edit('tokenizer.json', (json) => {
      const model = json.model as { vocab: Record<string, number> };
      delete model.vocab['[UNK]'];
      json.added_tokens = (json.added_tokens as { content: string }[]).filter(({ content }) => content !== '[UNK]');
    });
    const attempt = openCheckpoint(directory).then(({ tokenizer }) => tokenizer.encode('東京'));
    expect(await messageOf(attempt)).toContain('tokenizer.json');
  });
});
