import { describe, expect, it } from 'vitest';
import { encodeInputs } from '../../src/models/encode-inputs.ts';
import { openPretrained } from '../../src/models/pretrained.ts';
import { fixtures } from './huggingface/support.ts';

describe('openPretrained', () => {
  it('reads headers of any checkpoint, and names the files that its results depend on', async () => {
    const { network, files, readWeights } = await openPretrained(`${fixtures}llama-scaled-bf16-sharded`);
    expect(network.family).toBe('llama');
    expect(files.map((file) => file.split('/').at(-1))).toEqual([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'model.safetensors.index.json',
      'model-00001-of-00003.safetensors',
      'model-00002-of-00003.safetensors',
      'model-00003-of-00003.safetensors',
    ]);
    expect([...(await readWeights()).keys()]).toEqual([...network.weights.keys()]);
  });

  it.each(['bert', 'gpt2'])('cuts texts to maxTokens but keeps the special tokens of %s', async (name) => {
    const { network, tokenizer } = await openPretrained(`${fixtures}${name}`, { maxTokens: 9 });
    const text = 'the robber puts a stone where the diamond was, and nobody sees it happen';
    const whole = Array.from(tokenizer.encode(text));
    const { maxTokens, vocabulary } = network;
    const [ids] = encodeInputs(tokenizer, [{ id: 'a', text }], { maxTokens, vocabulary, truncate: 'end' });
    const after = name === 'bert' ? 1 : 0;
    expect(tokenizer.special).toEqual({ before: after, after });
    expect(Array.from(ids ?? [])).toEqual([...whole.slice(0, 9 - after), ...whole.slice(whole.length - after)]);
  });
});
