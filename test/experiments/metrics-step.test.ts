import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Example } from '../../src/core/examples.ts';
import { createRng } from '../../src/core/random.ts';
import type { Result } from '../../src/core/records.ts';
import type { Dataset } from '../../src/core/settings.ts';
import { writeWhole } from '../../src/core/write-whole.ts';
import { writeDataset } from '../../src/experiments/steps/dataset.ts';
import { loadMetrics, type MetricsConfig, runMetrics } from '../../src/experiments/steps/metrics.ts';
import { writeTable } from '../../src/experiments/tables.ts';
import { encodeSafetensors } from '../../src/models/safetensors.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'metrics-'));
});
afterAll(() => rm(root, { recursive: true }));

/** 40 examples of which every `trustedEvery`-th is trusted; weak labels are right but for every `wrongEvery`-th. */
function examplesOf(split: string, { wrongEvery = 5, trustedEvery = 1000, supervised = true }): Example[] {
  return Array.from({ length: 40 }, (_, i) => {
    const groundTruth = i % 2 === 0;
    const label = i % wrongEvery === 0 ? !groundTruth : groundTruth;
    const weakLabels = supervised && { weakLabels: [label ? 0.9 : 0.1] };
    const trusted = i % trustedEvery === 1;
    return { id: `${split}-${i}`, text: `${split} ${i}`, measurements: [label], ...weakLabels, trusted, groundTruth };
  });
}

interface Case {
  readonly splits: readonly string[];
  readonly techniques: Readonly<Record<string, MetricsConfig['techniques'][number]['role']>>;
  readonly wrongEvery?: number;
  readonly trustedEvery?: number;
  /** Whether weak supervisors made the labels; else they are mere measurements. @default true */
  readonly supervised?: boolean;
}

/** Runs the step on artifacts of two seeds, whose scores are those of a technique that is right but for noise. */
async function metricsOf({ splits, techniques, ...kind }: Case): Promise<readonly Result[]> {
  const directory = await mkdtemp(join(root, 'case-'));
  for (const seed of [0, 1]) {
    const all = Object.fromEntries(['train', ...splits].map((split) => [split, examplesOf(split, kind)]));
    const notes = { counts: {}, dropped: {}, relabelled: {}, heldOut: {} };
    const made = { setting: 'planted', seed, measurementNames: ['label'], splits: all, notes } as unknown as Dataset;
    const at = async (role: string) => {
      const path = join(directory, `${seed}`, role);
      await mkdir(path, { recursive: true });
      return path;
    };
    await writeDataset(made, await at('dataset'));
    for (const split of splits) await writeReadouts(join(await at('activations'), `${split}.safetensors`));
    for (const id of Object.keys(techniques)) {
      await writeScores(await at(id), id, seed, all as Record<string, Example[]>, splits);
    }
  }
  const config: MetricsConfig = {
    ...{ setting: 'planted', model: 'none', seeds: [0, 1] },
    techniques: Object.entries(techniques).map(([id, role]) => ({ id, role, structures: [], calibrated: true })),
    ends: { floor: 'untrusted-finetuning', ceiling: 'ground-truth-finetuning', surface: 'surface-baseline' },
  };
  const input = (role: string) => join(directory, role);
  const signal = new AbortController().signal;
  await runMetrics(config, { directory, input, has: () => true, threads: 1, progress: () => undefined, signal });
  return (await loadMetrics(directory)).results;
}

async function writeReadouts(path: string) {
  const tensors = new Map([['logits', { shape: [40, 2], data: Float32Array.from({ length: 80 }, (_, i) => i % 7) }]]);
  await writeWhole(path, encodeSafetensors({ tensors, metadata: { heads: '["aggregate","measurement-1"]' } }));
}

async function writeScores(
  directory: string,
  id: string,
  seed: number,
  all: Record<string, Example[]>,
  splits: readonly string[],
) {
  for (const split of splits) {
    const rng = createRng(seed, id, split);
    const examples = all[split] as Example[];
    await writeTable(join(directory, `${split}.parquet`), [
      { name: 'id', data: examples.map((example) => example.id), type: 'STRING' },
      { name: 'score', data: examples.map((e) => rng.normal() + (e.groundTruth ? 1 : -1)), type: 'DOUBLE' },
    ]);
  }
  await writeWhole(join(directory, 'technique.json'), JSON.stringify({ splits, details: {} }));
}

function metricIdsOf(results: readonly Result[], split = 'validation'): Set<string> {
  return new Set(results.filter((result) => result.split === split).map(({ metric }) => metric));
}

describe('the metrics step', () => {
  it('judges as ever where neither a weak supervisor nor a technique of weak-to-strong generalization was', async () => {
    const run = { 'untrusted-finetuning': 'baseline', 'evidence-probe': 'technique' } as const;
    const unsupervised = { splits: ['validation'], techniques: run, supervised: false };
    const some = metricIdsOf(await metricsOf(unsupervised));
    expect(some.has('real-vs-fake-auroc')).toBe(true);
    expect([...some].filter((id) => id.startsWith('ground-truth') || id.startsWith('pgr-'))).toEqual([]);
    const none = await metricsOf({ ...unsupervised, wrongEvery: 1000 });
    expect(none.find(({ metric }) => metric === 'real-vs-fake-auroc')?.estimate).toHaveProperty('undefined');
  });

  it('judges weak-to-strong generalization over all untrusted examples, and real from fake where there are both', async () => {
    const run = { 'naive-finetuning': 'baseline', 'strong-ceiling': 'ceiling' } as const;
    const results = await metricsOf({ splits: ['validation'], techniques: run, trustedEvery: 4 });
    const ids = metricIdsOf(results);
    for (const id of ['real-vs-fake-auroc', 'ground-truth-auroc', 'pgr-accuracy', 'difference-to-weak']) {
      expect(ids).toContain(id);
    }
    const of = (seed: Result['seed']) =>
      results.find((r) => r.technique === 'weak-supervisor' && r.metric === 'ground-truth-accuracy' && r.seed === seed);
    // 30 untrusted examples, of which those at 0, 10, 15, 20, 30 and 35 are labelled wrongly.
    expect(of(0)?.estimate).toMatchObject({ value: 24 / 30, n: 30 });
    expect(of('all')?.estimate).toMatchObject({ value: 24 / 30, n: 60 });
  });

  it('judges it wherever weak supervisors labelled, whatever was run', async () => {
    const ids = metricIdsOf(await metricsOf({ splits: ['validation'], techniques: { 'kl-loss': 'technique' } }));
    for (const id of ['ground-truth-auroc', 'ground-truth-accuracy', 'difference-to-weak']) expect(ids).toContain(id);
  });

  it('leaves out real from fake where weak labels are never wrong', async () => {
    const run = { 'naive-finetuning': 'baseline', 'strong-ceiling': 'ceiling' } as const;
    const right = await metricsOf({ splits: ['validation'], techniques: run, wrongEvery: 1000 });
    expect(metricIdsOf(right).has('real-vs-fake-auroc')).toBe(false);
    expect(metricIdsOf(right).has('ground-truth-auroc')).toBe(true);
  });

  it('judges analogies where there is a target', async () => {
    const run = { 'zero-shot': 'baseline', 'few-shot': 'technique', 'target-tuned': 'ceiling' } as const;
    const results = await metricsOf({ splits: ['source', 'target'], techniques: run, supervised: false });
    expect(metricIdsOf(results, 'target')).toContain('differential-elicitation');
    expect(metricIdsOf(results, 'source')).not.toContain('differential-elicitation');
    for (const split of ['source', 'target']) {
      for (const id of ['ground-truth-accuracy', 'rms-calibration-error']) {
        expect(metricIdsOf(results, split)).toContain(id);
      }
    }
    expect(results.some(({ technique }) => technique === 'weak-supervisor')).toBe(false);
  });
});
