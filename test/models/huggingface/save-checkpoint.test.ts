import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/models/huggingface/open-checkpoint.ts';
import { saveCheckpoint } from '../../../src/models/huggingface/save-checkpoint.ts';
import { openSafetensors } from '../../../src/models/safetensors-file.ts';
import { fixtures, openFixture } from './support.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-saved-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('saveCheckpoint', () => {
  it.each(['gpt2', 'gpt-neox-sequential-f16', 'llama-scaled-bf16-sharded', 'qwen3', 'bert-encoder'])(
    'writes %s as the library writes it, and it opens again with the same weights',
    async (name) => {
      const checkpoint = await openFixture(name);
      await saveCheckpoint(checkpoint, checkpoint.weights, directory);
      const again = await openCheckpoint(directory);
      expect(again.network.key?.replaceAll('float16', '')).toBe(checkpoint.network.key);
      expect(await again.readWeights()).toEqual(checkpoint.weights);
      expect(again.unused).toEqual(checkpoint.unused);
      expect(again.config).toEqual({ ...checkpoint.config, dtype: 'float32' });
      const companions = readdirSync(`${fixtures}${name}`).filter((file) => /^(tokenizer|generation)/.test(file));
      for (const file of companions) {
        expect(readFileSync(join(directory, file))).toEqual(readFileSync(`${fixtures}${name}/${file}`));
      }
      const file = await openSafetensors(join(directory, 'model.safetensors'));
      expect(file.metadata).toEqual({ format: 'pt' });
      expect([...file.tensors.values()].every(({ dtype }) => dtype === 'F32')).toBe(true);
      await file.close();
    },
  );

  it('writes changed weights, in half the size where asked', async () => {
    const checkpoint = await openFixture('llama');
    const [name, tensor] = [...checkpoint.weights][0] as [string, { shape: number[]; data: Float32Array<ArrayBuffer> }];
    const changed = new Map(checkpoint.weights).set(name, { ...tensor, data: tensor.data.map(() => 1.5) });
    await saveCheckpoint(checkpoint, changed, directory, { dtype: 'BF16' });
    const again = await openCheckpoint(directory);
    expect((await again.readWeights()).get(name)?.data.every((value) => value === 1.5)).toBe(true);
    expect(again.config.dtype).toBe('bfloat16');
    const file = await openSafetensors(join(directory, 'model.safetensors'));
    expect(file.info(name).dtype).toBe('BF16');
    await file.close();
  });

  it('refuses to write over the original, and weights that lack one', async () => {
    const checkpoint = await openFixture('llama');
    await expect(saveCheckpoint(checkpoint, checkpoint.weights, checkpoint.directory)).rejects.toMatchObject({
      code: 'same-directory',
    });
    const fewer = new Map([...checkpoint.weights].slice(1));
    await expect(saveCheckpoint(checkpoint, fewer, directory)).rejects.toMatchObject({ code: 'missing-weight' });
    expect(readdirSync(directory)).toEqual([]);
  });
});
