import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/experiments/config.ts';
import { modelName } from '../../src/experiments/model-config.ts';
import { pinModel } from '../../src/experiments/pin-model.ts';
import { planRun } from '../../src/experiments/plan.ts';
import { copyFixture } from '../models/huggingface/copied-fixture.ts';

const resolve = (written: object) => resolveConfig({ preset: 'quick', ...written }, { threads: 1 });
const keysOf = (config: ReturnType<typeof resolve>) => planRun(config, { versions: {} }).steps.map(({ key }) => key);

describe('a config with a pretrained model', () => {
  it('starts from presets of its own, and rates that suit what is trained', () => {
    const lora = resolve({ model: { source: 'owner/name' } });
    expect(lora.training).toMatchObject({ trainable: 'lora', batchSize: 16, learningRate: 5e-4 });
    expect(lora.tokenizer).toBeUndefined();
    const full = resolve({ model: { source: 'owner/name' }, training: { trainable: 'full', epochs: 1 } });
    expect(full.training).toMatchObject({ trainable: 'full', epochs: 1, learningRate: 5e-5 });
    expect(full.settings[0]?.options).toMatchObject({ trainExamples: 1_000, validationExamples: 400 });
    const one = resolve({
      model: { source: 'owner/name' },
      techniques: ['trusted-finetuning', { id: 'evidence-finetuning', options: { epochs: 5 } }],
      controls: false,
    });
    expect(one.techniques.map(({ options }) => options)).toMatchObject([
      {},
      { epochs: 6, learningRate: 5e-4 },
      { epochs: 5, learningRate: 3e-4 },
    ]);
  });

  it('is a fixed point when resolved', () => {
    const config = resolve({ model: { source: 'owner/name', readAt: 'mean', digest: 'a'.repeat(64) }, limit: 7 });
    expect(resolveConfig(JSON.parse(JSON.stringify(config)), { threads: 3 })).toEqual(config);
  });

  it('reports all problems at once', () => {
    const written = { model: { source: '', width: 3, readAt: 'middle' }, tokenizer: { vocabulary: 9 }, seeds: [] };
    for (const path of ['model.source:', 'model.width:', 'model.readAt:', 'tokenizer:', 'seeds:']) {
      expect(() => resolve(written)).toThrow(path);
    }
  });

  it('is planned only once it is pinned to files', () => {
    expect(() => keysOf(resolve({ model: { source: 'owner/name' } }))).toThrow(/to be pinned/);
  });
});

describe('pinModel', () => {
  it('changes keys with any file, not with the place, and holds the model to its digest', async () => {
    const [a, b] = [copyFixture('bert'), copyFixture('bert')];
    try {
      const config = resolve({ model: { source: a.directory } });
      const pinned = await pinModel(config, a.directory, 'one');
      expect(keysOf(await pinModel(config, b.directory, 'one'))).toEqual(keysOf(pinned));
      expect(JSON.stringify(await pinModel(config, a.directory))).not.toContain(join(a.directory, '..'));
      await expect(pinModel(pinned, b.directory)).resolves.toBeDefined();

      b.editTensors((tensors) => {
        const [first] = tensors.values();
        if (first) first.data[0] = (first.data[0] as number) + 1e-6;
      });
      const changed = await pinModel(config, b.directory, 'one');
      // The dataset does not depend on the model; all else does.
      const moved = keysOf(changed).map((key, i) => key !== keysOf(pinned)[i]);
      expect(moved).toEqual(moved.map((_, i) => i > 0));
      await expect(pinModel(pinned, b.directory)).rejects.toThrow(/of digest/);
      a.edit('tokenizer_config.json', (json) => {
        json.clean_up_tokenization_spaces = !json.clean_up_tokenization_spaces;
      });
      expect(keysOf(await pinModel(config, a.directory, 'one'))).not.toEqual(keysOf(pinned));
    } finally {
      a.dispose();
      b.dispose();
    }
  });

  it('refuses more tokens than the network takes', async () => {
    const { directory, dispose } = copyFixture('bert');
    try {
      const config = resolve({ model: { source: directory, maxTokens: 65 } });
      await expect(pinModel(config, directory)).rejects.toThrow(/at most the 64 tokens/);
    } finally {
      dispose();
    }
  });
});

describe('modelName', () => {
  it.each([
    ['sentence-transformers/all-MiniLM-L6-v2', 'all-minilm-l6-v2'],
    ['Qwen/Qwen2.5-0.5B', 'qwen2-5-0-5b'],
    ['exports/My_Model/onnx/model.onnx', 'my-model'],
    ['tiny.onnx', 'tiny'],
  ])('of %s is %s', (source, name) => {
    expect(modelName({ source })).toBe(name);
  });
});
