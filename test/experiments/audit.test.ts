import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadAuditWorld } from '../../src/cli/audit-world.ts';
import type { Example } from '../../src/core/examples.ts';
import type { Dataset } from '../../src/core/settings.ts';
import type { Technique } from '../../src/core/techniques.ts';
import { auditTechnique } from '../../src/experiments/audit.ts';
import { permuteDataset } from '../../src/experiments/permute.ts';
import { type TechniqueId, techniques } from '../../src/techniques/registry.ts';
import { plantedAuditWorld } from './planted-audit-world.ts';

const { dataset, prepare } = plantedAuditWorld();
const base = { dataset, prepare, seed: 0, signal: new AbortController().signal };
const failed = (checks: readonly { id: string; passed: boolean }[]) =>
  checks.filter((check) => !check.passed).map(({ id }) => id);

describe('auditTechnique', () => {
  it('clears an honest technique', async () => {
    const report = await auditTechnique({ ...base, technique: techniques['evidence-probe'] as Technique });
    expect(report).toMatchObject({ passed: true, ceiling: false });
    expect(report.checks.map(({ id }) => id)).toEqual(['repeat', 'ground-truth', 'ids', 'measurements']);
  });

  it('clears a ceiling, whose scores must move with the ground truth', async () => {
    const report = await auditTechnique({ ...base, technique: techniques['ground-truth-probe'] as Technique });
    expect(report).toMatchObject({ passed: true, ceiling: true });
  });

  it('catches a technique that reaches ground truth by a side channel', async () => {
    let seen: Dataset | undefined;
    const spying = async (data: Dataset) => {
      seen = data;
      return prepare(data);
    };
    const leaking = techniqueOf('leaking', async (inputs) => {
      const examples = Object.values(seen?.splits ?? {}).flat() as Example[];
      const outcome = new Map(
        examples.map(({ id, groundTruth, measurements }) => [
          id,
          Number(groundTruth) + 0.01 * measurements.filter(Boolean).length,
        ]),
      );
      return Float64Array.from(inputs, ({ id }) => outcome.get(id) ?? 0);
    });
    const report = await auditTechnique({ ...base, prepare: spying, technique: leaking });
    expect(report.passed).toBe(false);
    expect(failed(report.checks)).toEqual(['ground-truth']);
  });

  it('catches a ceiling that passes itself off as a technique', async () => {
    const ceiling = techniques['ground-truth-probe'] as Technique;
    const disguised: Technique = {
      ...ceiling,
      id: 'disguised',
      get needs() {
        // Honest to the view builder at the moment it asks, silent to whoever reads it first.
        reads += 1;
        return { structures: [], ...(reads > 1 && { groundTruth: true as const }) };
      },
    };
    let reads = 0;
    const report = await auditTechnique({ ...base, technique: disguised });
    expect(failed(report.checks)).toContain('ground-truth');
  });

  it('catches a technique that reads the ids, one that drifts, and one that looks at nothing', async () => {
    const byId = techniqueOf('by-id', async (inputs) => Float64Array.from(inputs, ({ id }) => id.length));
    let calls = 0;
    const drifting = techniqueOf('drifting', async (inputs) => new Float64Array(inputs.length).fill(calls++));
    const constant = techniqueOf('constant', async (inputs) => new Float64Array(inputs.length));
    expect(failed((await auditTechnique({ ...base, technique: byId })).checks)).toContain('ids');
    expect(failed((await auditTechnique({ ...base, technique: drifting })).checks)).toContain('repeat');
    expect(failed((await auditTechnique({ ...base, technique: constant })).checks)).toEqual(['measurements']);
  });
});

describe('a technique that declares that it ignores measurements', () => {
  const constant = techniqueOf('constant', async (inputs) => new Float64Array(inputs.length));

  it('may look at nothing, but not claim it wrongly', async () => {
    const honest = { ...constant, ignoresMeasurements: true as const };
    expect((await auditTechnique({ ...base, technique: honest })).passed).toBe(true);
    const liar = { ...(techniques['evidence-probe'] as Technique), ignoresMeasurements: true as const };
    expect(failed((await auditTechnique({ ...base, technique: liar })).checks)).toEqual(['measurements']);
  });
});

describe('the world of an audit by name', () => {
  const load = (id: TechniqueId) => loadAuditWorld(techniques[id] as Technique, { seed: 0, threads: 1, signal });
  const { signal } = new AbortController();

  it('offers what the technique needs', async () => {
    expect((await load('evidence-probe')).setting).toBe('diamond-vault');
    for (const id of ['ccs', 'easy-examples', 'few-shot'] as const) {
      const { setting, splits } = await load(id);
      expect(setting).toBe('quirky-arithmetic');
      expect(splits.train.every(({ pairs, difficulty }) => pairs?.length === 2 && difficulty !== undefined)).toBe(true);
    }
    const { splits, measurementNames } = await load('supervisor-weights');
    expect(measurementNames).toHaveLength(2);
    expect(splits.train.every(({ weakLabels }) => weakLabels?.length === 2)).toBe(true);
  });

  it('says when there is none', async () => {
    const technique = { ...techniqueOf('greedy', async () => new Float64Array()) };
    const greedy: Technique = { ...technique, needs: { structures: ['tamper-evidence', 'several-supervisors'] } };
    await expect(loadAuditWorld(greedy, { seed: 0, threads: 1, signal })).rejects.toThrow(
      /^Expected greedy to need structures that one small world has, got tamper-evidence, several-supervisors\. Audit it/,
    );
  });
});

describe('permuteDataset', () => {
  it('changes only what it names, and keeps every total', () => {
    const permuted = permuteDataset(dataset, 'ground-truth', 1);
    const strip = (examples: readonly Example[]) => examples.map(({ groundTruth: _, ...rest }) => rest);
    expect(strip(permuted.splits.train)).toEqual(strip(dataset.splits.train));
    const truths = (data: Dataset) => data.splits.train.map(({ groundTruth }) => groundTruth);
    expect(truths(permuted)).not.toEqual(truths(dataset));
    expect(truths(permuted).filter(Boolean)).toHaveLength(truths(dataset).filter(Boolean).length);
  });

  it('moves weak labels along with the measurements that they make', () => {
    const weak = (data: Dataset) => data.splits.train.map(({ weakLabels }) => weakLabels?.[0]);
    const train = dataset.splits.train.map((example, i) => ({ ...example, weakLabels: [i / 1000] }));
    const given = { ...dataset, splits: { ...dataset.splits, train } };
    const permuted = permuteDataset(given, 'measurements', 1);
    expect(weak(permuted)).not.toEqual(weak(given));
    const donor = (label = 0) => dataset.splits.train[Math.round(label * 1000)];
    for (const { weakLabels, measurements } of permuted.splits.train) {
      expect(measurements).toEqual(donor(weakLabels?.[0])?.measurements);
    }
  });

  it('moves measurements only within trusted and within untrusted examples', () => {
    const permuted = permuteDataset(dataset, 'measurements', 1);
    const tally = (data: Dataset) =>
      data.splits.train.map(({ trusted, measurements }) => `${trusted} ${measurements}`).sort();
    expect(tally(permuted)).toEqual(tally(dataset));
    expect(permuted.splits.train.map(({ measurements }) => measurements)).not.toEqual(
      dataset.splits.train.map(({ measurements }) => measurements),
    );
  });
});

function techniqueOf(
  id: string,
  score: (inputs: readonly { id: string; text: string }[]) => Promise<Float64Array>,
): Technique {
  return {
    id,
    title: id,
    source: 'test',
    role: 'technique',
    needs: { structures: [] },
    options: z.strictObject({}),
    calibrated: false,
    fit: async () => ({ score }),
  };
}
