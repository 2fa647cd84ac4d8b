import { cp, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/records.ts';
import { inTemporaryDirectory } from '../experiments/tiny.ts';
import { copyFixture } from '../models/huggingface/copied-fixture.ts';
import { fixtures } from '../models/huggingface/support.ts';
import { fixture as onnxFixture } from '../models/onnx/support.ts';
import { runCli } from './run-cli.ts';

/** A small experiment on a given model; every text is longer than what it keeps. */
const smallConfig = (model: object, trainable?: string) => ({
  preset: 'quick',
  settings: [{ id: 'diamond-vault', options: { trainExamples: 120, validationExamples: 40, heldOutShare: 0 } }],
  techniques: [{ id: 'evidence-probe', options: { folds: 2 } }, 'trusted-finetuning'],
  model: { maxTokens: 24, ...model },
  ...(trainable && { training: { trainable } }),
  threads: 1,
});

async function runOn(directory: string, config: object, ...flags: readonly string[]) {
  const file = join(directory, 'config.json');
  await writeFile(file, JSON.stringify(config));
  return runCli(['run', file, '--out', join(directory, 'runs'), '--limit', '60', '--quiet', ...flags]);
}

const recordOf = (stdout: string) => JSON.parse(stdout) as RunRecord;
const sizeIn = async (directory: string, kind: string, file: string) => {
  const [key] = (await readdir(join(directory, 'runs', 'store', kind))) as [string];
  return (await readFile(join(directory, 'runs', 'store', kind, key, file))).length;
};

describe('touchstone run --model', () => {
  it('tunes adapters on a checkpoint, keeps only them, and resumes', () =>
    inTemporaryDirectory(async (directory) => {
      const model = join(directory, 'Tiny_BERT-v1');
      await cp(`${fixtures}bert`, model, { recursive: true });
      const dry = await runOn(directory, smallConfig({ source: model }), '--dry-run');
      expect(dry.stdout).toMatch(/measurement predictor · seed 0 +about .* s\n/);
      expect(dry.stdout).toMatch(/GB of memory/);
      const first = await runOn(directory, smallConfig({ source: 'other/model' }), '--model', model, '--json');
      expect(first.stderr).toBe('');
      const record = recordOf(first.stdout);
      expect(record.results.map((result) => result.model)).toContain('tiny-bert-v1');
      expect(record.config).toMatchObject({ model: { source: 'Tiny_BERT-v1', maxTokens: 24 } });
      expect(record.config.training).toMatchObject({ trainable: 'lora', batchSize: 16 });
      expect(first.stdout).not.toContain(directory);
      const weights = (await readFile(join(model, 'model.safetensors'))).length;
      expect(await sizeIn(directory, 'measurement-predictor', 'predictor/model.safetensors')).toBeLessThan(weights / 2);

      const again = recordOf((await runOn(directory, smallConfig({ source: model }), '--json')).stdout);
      expect(again.runId).toBe(record.runId);
      expect(again.steps.every(({ reused }) => reused)).toBe(true);
    }));

  it('trains all weights when asked to', () =>
    inTemporaryDirectory(async (directory) => {
      const config = smallConfig({ source: `${fixtures}llama`, readAt: 'mean' }, 'full');
      const { stdout, stderr } = await runOn(directory, config, '--json');
      expect(stderr).toBe('');
      expect(recordOf(stdout).config.training).toMatchObject({ trainable: 'full', learningRate: 5e-5 });
      const weights = (await readFile(`${fixtures}llama/model.safetensors`)).length;
      expect(await sizeIn(directory, 'measurement-predictor', 'predictor/model.safetensors')).toBeGreaterThan(
        weights / 2,
      );
    }));

  it('opens an ONNX file with its tokenizer beside it or above', () =>
    inTemporaryDirectory(async (directory) => {
      const model = join(directory, 'small-export');
      await mkdir(join(model, 'onnx'), { recursive: true });
      await cp(onnxFixture('bert.dynamo.onnx'), join(model, 'onnx', 'model.onnx'));
      const missing = await runOn(directory, smallConfig({ source: model }));
      expect(missing.stderr).toMatch(/model\.onnx to be beside its tokenizer\.json/);
      expect(missing.code).toBe(2);
      const words = ['[UNK]', 'v', 'append', 'new', 'if', 'items', 'robber', 'protector', 'Diamond', 'return'];
      const vocab = Object.fromEntries(words.map((word, id) => [word, id]));
      const parts = { normalizer: null, post_processor: null, decoder: null, added_tokens: [] };
      const tokenizer = {
        ...parts,
        model: { type: 'WordPiece', vocab, unk_token: '[UNK]', continuing_subword_prefix: '##' },
        pre_tokenizer: { type: 'Whitespace' },
      };
      await writeFile(join(model, 'tokenizer.json'), JSON.stringify(tokenizer));
      const { stdout, stderr } = await runOn(directory, smallConfig({ source: model }), '--json');
      expect(stderr).toBe('');
      expect(recordOf(stdout).results[0]?.model).toBe('small-export');
    }));

  it('refuses what is no model, in one message, and writes nothing', () =>
    inTemporaryDirectory(async (directory) => {
      const damaged = copyFixture('gpt2');
      try {
        await truncate(join(damaged.directory, 'model.safetensors'), 5_000);
        const cases: [string, RegExp][] = [
          [damaged.directory, /model\.safetensors/],
          [directory, /an \.onnx file, or a directory with model\.safetensors or model\.onnx/],
          ['./missing', /id on the Hugging Face hub such as owner\/name, got ".\/missing"/],
          ['missing.onnx', /id on the Hugging Face hub such as owner\/name, got "missing.onnx"/],
          ['nobody/nothing', /in the cache, got "nothing".*--offline.*Nor is there a file or directory of that name/],
        ];
        for (const [model, message] of cases) {
          const args = ['run', '--preset', 'quick', '--offline', '--model', model, '--out', join(directory, 'runs')];
          const env = { HF_HUB_CACHE: join(damaged.directory, 'cache'), HF_TOKEN: 'hf_secret' };
          const { code, stderr, stdout } = await runCli(args, { env });
          expect(stderr).toMatch(message);
          expect(stderr).toMatch(/^touchstone: [^\n]*\n$/);
          expect(stderr).not.toContain('hf_secret');
          expect(stdout).toBe('');
          expect(code).toBe(2);
        }
        expect(await readdir(directory)).toEqual([]);
      } finally {
        damaged.dispose();
      }
    }));

  it('stops at weights that are not numbers and leaves no predictor', () =>
    inTemporaryDirectory(async (directory) => {
      const damaged = copyFixture('gpt2');
      try {
        damaged.editTensors((tensors) => {
          for (const { data } of tensors.values()) data[3] = Number.NaN;
        });
        const { code, stderr } = await runOn(directory, smallConfig({ source: damaged.directory }));
        expect(stderr).toMatch(/^touchstone: Expected .*model\.safetensors.*\n$/);
        expect(code).toBe(2);
        expect((await readdir(join(directory, 'runs', 'store'))).sort()).toEqual(['dataset', 'unfinished']);
        expect(await readdir(join(directory, 'runs', 'store', 'unfinished'))).toEqual([]);
      } finally {
        damaged.dispose();
      }
    }));

  it('finds a model of the hub in the cache', () =>
    inTemporaryDirectory(async (directory) => {
      const commit = '0123456789abcdef0123456789abcdef01234567';
      const folder = join(directory, 'cache', 'models--owner--Tiny');
      await cp(`${fixtures}qwen3`, join(folder, 'snapshots', commit), { recursive: true });
      await mkdir(join(folder, 'refs'));
      await writeFile(join(folder, 'refs', 'main'), commit);
      const args = ['run', '--preset', 'quick', '--model', 'owner/Tiny', '--offline', '--dry-run', '--json'];
      const env = { HF_HUB_CACHE: join(directory, 'cache') };
      const { stdout, stderr, code } = await runCli([...args, '--out', join(directory, 'runs')], { env });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout).steps.length).toBeGreaterThan(5);
      expect(code).toBe(0);
    }));
});
