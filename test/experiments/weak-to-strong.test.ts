import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/experiments/config.ts';
import { prepareRun, runExperiment } from '../../src/experiments/run.ts';
import { loadDataset } from '../../src/experiments/steps/dataset.ts';
import { inTemporaryDirectory, runOptions, tinyConfig } from './tiny.ts';

const options = { supervisorExamples: 200, trainExamples: 120, testExamples: 40, corpusTexts: 200 };
const config = resolveConfig(
  {
    ...tinyConfig,
    settings: [{ id: 'arithmetic-reasoning', options, tokenizer: { vocabulary: 300 } }],
    techniques: ['untrusted-finetuning', { id: 'naive-finetuning', options: { epochs: 1 } }, 'strong-ceiling'],
    pretraining: { epochs: 1 },
    supervisor: { count: 2, epochs: 4, learningRate: 0.003, model: { width: 8, layers: 1, heads: 2 } },
  },
  { threads: 1 },
);

describe('a weak-to-strong experiment', () => {
  it('labels train and judged examples by supervisors that saw neither', async () => {
    await inTemporaryDirectory(async (out) => {
      const run = runOptions(out);
      const { record, examples } = await runExperiment(config, run);
      const { plan, store } = prepareRun(config, run);
      const [seed] = plan.points.flatMap(({ seeds }) => seeds);
      const [made, labelled] = (seed?.steps ?? []).map(({ kind, key }) => store.directory(kind, key));
      const before = await loadDataset(made as string);
      const after = await loadDataset(labelled as string);
      expect(after.measurementNames).toEqual(['supervisor-1', 'supervisor-2']);
      expect(after.splits.train.map(({ text }) => text)).toEqual(before.splits.train.map(({ text }) => text));
      for (const { weakLabels = [], measurements } of Object.values(after.splits).flat()) {
        expect(weakLabels).toHaveLength(2);
        expect(measurements).toEqual(weakLabels.map((label) => label > 0.5));
      }
      const learned = new Set(before.supervisorExamples?.map(({ text }) => text));
      expect(
        Object.values(after.splits)
          .flat()
          .some(({ text }) => learned.has(text)),
      ).toBe(false);
      expect(after.corpus).toHaveLength(options.corpusTexts);
      expect(examples.map(({ measurements }) => measurements.length)).toEqual(examples.map(() => 2));
      const metrics = new Set(record.results.map(({ metric }) => metric));
      for (const metric of ['ground-truth-auroc', 'pgr-accuracy', 'pgr-auroc', 'supervisor-agreement'] as const) {
        expect(metrics).toContain(metric);
      }
      expect(record.results.some(({ technique }) => technique === 'weak-supervisor')).toBe(true);
      expect(join(out, 'store')).toBe(store.root);
    });
  });

  it('gives the same labels again for the same seed, and others for another', async () => {
    await inTemporaryDirectory(async (out) => {
      const labels = async (seeds: number[], name: string) => {
        const run = runOptions(join(out, name));
        const own = { ...config, seeds };
        await runExperiment(own, run);
        const { plan, store } = prepareRun(own, run);
        const [, labelled] = plan.points[0]?.seeds[0]?.steps ?? [];
        const { splits } = await loadDataset(store.directory(labelled?.kind ?? 'dataset', labelled?.key ?? ''));
        return splits.train.map(({ weakLabels }) => weakLabels);
      };
      const first = await labels([0], 'first');
      expect(await labels([0], 'second')).toEqual(first);
      expect(await labels([1], 'third')).not.toEqual(first);
    });
  });
});
