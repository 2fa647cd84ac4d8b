import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/experiments/config.ts';
import { labelBySupervisors } from '../../src/experiments/label-by-supervisors.ts';
import { foresee } from '../../src/experiments/outlook.ts';
import { planRun } from '../../src/experiments/plan.ts';
import { type DatasetConfig, loadDataset, runDataset } from '../../src/experiments/steps/dataset.ts';
import { createOwnModel } from '../../src/experiments/steps/pretraining.ts';
import { tokenizerOf } from '../../src/experiments/steps/tokenizer.ts';
import { Store } from '../../src/experiments/store.ts';
import { supervisorConfig } from '../../src/experiments/supervisor-config.ts';
import { finetuningConfig, modelConfig, pretrainingConfig, trainingConfig } from '../../src/models/config.ts';
import { createPretrained } from '../../src/models/strong-model.ts';
import { tokenizerConfig } from '../../src/models/tokenizer-training.ts';
import { arithmeticReasoning } from '../../src/settings/arithmetic-reasoning/arithmetic-reasoning.ts';
import { inTemporaryDirectory, tinyConfig } from './tiny.ts';

const { signal } = new AbortController();
const sizes = { supervisorExamples: 80, trainExamples: 40, testExamples: 10, corpusTexts: 60 };
const load = () =>
  arithmeticReasoning.load(arithmeticReasoning.options.parse(sizes), {
    ...{ seed: 0, threads: 1, signal },
    progress: () => {},
  });
const model = { width: 8, layers: 1, heads: 2 };

describe('weak supervisors of a strong model that somebody else trained', () => {
  const label = async (training: object) => {
    const supervisor = supervisorConfig.parse({ model, epochs: 1 });
    const config = {
      supervisor,
      training: trainingConfig.parse(training),
      device: 'cpu' as const,
      seed: 0,
      threads: 1,
    };
    const { splits } = await labelBySupervisors(await load(), config, { signal, progress: () => {} });
    return splits.train.map(({ weakLabels }) => weakLabels);
  };

  it('have a tokenizer of their own, and train all weights whatever the strong model trains', async () => {
    const labels = await label({});
    expect(labels.every((each) => each?.length === 1)).toBe(true);
    expect(await label({ trainable: 'lora' })).toEqual(labels);
  });
});

describe('pretraining', () => {
  it('trains all weights, though supervision may train the heads alone', async () => {
    const dataset = await load();
    const start = (trainable: string) => ({
      measurements: 1,
      tokenizer: tokenizerOf(dataset, tokenizerConfig.parse({ vocabulary: 280 })),
      model: modelConfig.parse(model),
      training: trainingConfig.parse({ trainable }),
      finetuning: finetuningConfig.parse({}),
      ...{ seed: 0, threads: 1, device: 'cpu' as const },
    });
    const config = pretrainingConfig.parse({ epochs: 1, batchSize: 16 });
    const questions = [{ prompt: '1\n+\n1\n=\n', answer: '2\n' }];
    const models = await Promise.all(
      ['full', 'heads', 'lora'].map((trainable) => createOwnModel(start(trainable), dataset, config, () => {})),
    );
    const [full, heads, lora] = await Promise.all(models.map((one) => one.logLikelihoods(questions)));
    expect(heads).toEqual(full);
    expect(lora).toEqual(full);
    expect(full).not.toEqual(await createPretrained(start('full')).logLikelihoods(questions));
  });
});

describe('a limit', () => {
  it("keeps as many of every split and of the supervisors' examples, and counts what it kept", async () => {
    await inTemporaryDirectory(async (directory) => {
      const config = { setting: 'arithmetic-reasoning', options: arithmeticReasoning.options.parse(sizes), limit: 8 };
      const nothing = { input: () => '', has: () => false, progress: () => {} };
      await runDataset({ ...config, seed: 0 } as DatasetConfig, { directory, threads: 1, signal, ...nothing });
      const { splits, supervisorExamples, notes } = await loadDataset(directory);
      expect([splits.train.length, supervisorExamples?.length]).toEqual([8, 8]);
      const counted = Object.values(notes.counts).map((counts) => Object.values(counts).reduce((sum, n) => sum + n, 0));
      expect(counted).toEqual([8, 8, 8]);
    });
  });
});

describe('the outlook of a weak-to-strong run', () => {
  const seconds = async (options: object, limit = 0) => {
    const settings = [{ id: 'arithmetic-reasoning', options: { ...sizes, ...options } }];
    const written = { ...tinyConfig, settings, techniques: ['naive-finetuning'], limit };
    const plan = planRun(resolveConfig(written, { threads: 1 }), { versions: {} });
    const store = new Store(join(tmpdir(), 'touchstone-no-such-store'));
    const { steps } = await foresee(plan, store);
    const of = (kind: string) => steps[plan.steps.findIndex((step) => step.kind === kind)]?.seconds ?? 0;
    return { supervisor: of('weak-supervisor'), pretraining: of('pretraining') };
  };

  it('counts what supervisors learn from, up to the limit, and the corpus', async () => {
    const few = await seconds({});
    const many = await seconds({ supervisorExamples: 40_000, corpusTexts: 400_000 });
    expect(many.supervisor).toBeGreaterThan(5 * few.supervisor);
    expect(many.pretraining).toBeGreaterThan(20 * few.pretraining);
    const limited = await seconds({ supervisorExamples: 40_000, corpusTexts: 400_000 }, 40);
    expect(limited.supervisor).toBeLessThan(2 * few.supervisor);
  });
});
