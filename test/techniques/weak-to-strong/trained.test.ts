import { describe, expect, it } from 'vitest';
import { type Example, weakLabel } from '../../../src/core/examples.ts';
import type { BatchReadout, FinetuneOptions, StrongModel, TrainingTargets } from '../../../src/core/models.ts';
import { createRng } from '../../../src/core/random.ts';
import type { ModelSize } from '../../../src/core/techniques.ts';
import { inputsOf } from '../../../src/core/training-view.ts';
import { createPretrained } from '../../../src/models/strong-model.ts';
import { bootstrapping } from '../../../src/techniques/bootstrapping.ts';
import { confidenceLoss } from '../../../src/techniques/confidence-loss.ts';
import { confidenceWindow } from '../../../src/techniques/confidence-window.ts';
import { earlyStopping } from '../../../src/techniques/early-stopping.ts';
import { generativeFinetuning } from '../../../src/techniques/generative-finetuning.ts';
import { klLoss } from '../../../src/techniques/kl-loss.ts';
import { naiveFinetuning } from '../../../src/techniques/naive-finetuning.ts';
import { hardenedAnswers } from '../../../src/techniques/shared/confidence-targets.ts';
import { supervisorWeights } from '../../../src/techniques/supervisor-weights.ts';
import { plantedExamples, smallOptions } from '../../models/planted.ts';
import { createFakeModel, textOf } from '../fake-model.ts';
import { contextOf, fitOn } from '../support.ts';

const short = { epochs: 1, batchSize: 16 };

describe('students of the project’s own decoder', () => {
  const options = { ...smallOptions(), threads: 2 };
  const pretrained = createPretrained(options);
  const context = { ...contextOf(pretrained), createModel };
  const examples = weaklyLabelled(plantedExamples(96, 3));
  const test = inputsOf(plantedExamples(20, 4));

  it('confidence-loss hardens as large a share of each batch as its weak labels call positive, within 1/B', async () => {
    const seen: BatchReadout[] = [];
    const targets: number[][] = [];
    const watched = watching(pretrained, (batch, asked) => {
      seen.push(batch);
      targets.push(aggregatesOf(asked));
    });
    const on = { options: { ...short, maxWeight: 1, warmup: 0 }, context: { ...context, pretrained: watched } };
    const scores = await (await fitOn(confidenceLoss, examples, on)).score(test);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(seen).toHaveLength(6);
    for (const [step, { rows, logits }] of seen.entries()) {
      const labels = rows.map((row) => weakLabel(examples[row] as Example) as number);
      const prior = labels.reduce((sum, label) => sum + label, 0) / labels.length;
      const hardened = targets[step] as number[];
      expect(Math.abs(hardened.reduce((sum, own) => sum + own, 0) / rows.length - prior)).toBeLessThanOrEqual(
        1 / rows.length + 1e-9,
      );
      expect(hardened).toEqual([...hardenedAnswers({ logits: aggregatesOf(logits), prior })]);
    }
  });

  it('kl-loss is naive-finetuning bit for bit, and a window that is never left is too', async () => {
    const scoresOf = async (technique: typeof klLoss, more = {}) =>
      (await fitOn(technique, examples, { options: { ...short, ...more }, context })).score(test);
    const naive = await scoresOf(naiveFinetuning as typeof klLoss);
    expect(await scoresOf(klLoss)).toEqual(naive);
    expect(await scoresOf(confidenceWindow as unknown as typeof klLoss, { radius: 0.51 })).toEqual(naive);
    expect(await scoresOf(klLoss, { balance: true })).not.toEqual(naive);
  });

  it('early-stopping, generative-finetuning and bootstrapping run through', async () => {
    for (const [technique, more] of [
      [earlyStopping, { validations: 2, patience: 1 }],
      [generativeFinetuning, {}],
      [bootstrapping, {}],
    ] as const) {
      const on = { options: { ...short, ...more }, context };
      const scores = await (await fitOn(technique as typeof earlyStopping, examples, on)).score(test);
      expect(scores.every(Number.isFinite)).toBe(true);
    }
  });

  async function createModel(size: ModelSize): Promise<StrongModel> {
    const { width = options.model.width, layers = options.model.layers } = size;
    return createPretrained({ ...options, model: { ...options.model, width, layers } });
  }
});

describe('supervisor-weights', () => {
  it('learns to trust two supervisors that agree with what the input shows over one that guesses', async () => {
    const rng = createRng(0, 'supervisors');
    const examples = Array.from({ length: 600 }, (_, i): Example => {
      const groundTruth = rng.chance(0.5);
      const saying = (right: number) => (rng.chance(right) === groundTruth ? 0.9 : 0.1);
      const text = textOf([groundTruth ? 1 : -1, rng.normal(), rng.normal()]);
      const weakLabels = [saying(0.9), saying(0.5), saying(0.9)];
      return { id: `${i}`, text, measurements: [true], trusted: false, groundTruth, weakLabels };
    });
    const options = { epochs: 4, weightRate: 0.5 };
    const fitted = await fitOn(supervisorWeights, examples, {
      options,
      context: contextOf(createFakeModel(3, 1, 1, 0)),
    });
    const { weights } = fitted.details as { weights: [number, number, number] };
    const [first, guessing, third] = weights;
    expect(first + guessing + third).toBeCloseTo(1, 12);
    expect(guessing).toBeLessThan(0.5 * Math.min(first, third));
  });
});

/** Two supervisors' soft labels that mostly follow the first measurement. */
function weaklyLabelled(examples: readonly Example[]): readonly Example[] {
  const rng = createRng(0, 'weak-labels');
  return examples.map((example) => {
    const belief = rng.chance(0.8) === (example.measurements[0] === true) ? 0.8 : 0.15;
    return { ...example, weakLabels: [belief, belief + 0.2 * (rng.uniform() - 0.5)] };
  });
}

/** A model whose finetuning lets a test see what it asks at each step, and what it is told. */
function watching(
  model: StrongModel,
  watch: (batch: BatchReadout, asked: TrainingTargets['targets']) => void,
): StrongModel {
  const finetune = (data: TrainingTargets, options: FinetuneOptions) =>
    model.finetune(data, {
      ...options,
      retarget: (batch) => {
        const asked = options.retarget?.(batch) ?? batch;
        watch(batch, asked.targets);
        return asked;
      },
    });
  return { ...model, finetune };
}

function aggregatesOf({ data, columns }: TrainingTargets['targets']): number[] {
  return [...data].filter((_, i) => i % columns === 0);
}
