import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Input } from '../../src/core/examples.ts';
import type { BatchReadout, FinetuneOptions, Matrix, Retarget, TrainingTargets } from '../../src/core/models.ts';
import { finetuningConfig, trainingConfig } from '../../src/models/config.ts';
import type { ModelFinetuneOptions, NetworkModel } from '../../src/models/network-model.ts';
import { createPretrained, createStrongModel } from '../../src/models/strong-model.ts';
import type { StepReport } from '../../src/models/training-run.ts';
import { openFixture } from './huggingface/support.ts';
import { plantedExamples, smallOptions } from './planted.ts';
import { tinyModel, words } from './tiny-network.ts';

const data = words(80);
const lora = { trainable: 'lora', lora: { rank: 2, alpha: 4, targets: [] } };
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const asGiven: Retarget = ({ targets, weights }) => ({ targets, weights });

describe('retarget', () => {
  it.each([
    ['all weights', {}, {}],
    ['adapters, accumulated', { ...lora, accumulate: 3 }, {}],
    ['next tokens, groups of two', { nextTokenWeight: 0.5, accumulate: 2 }, { together: 2 }],
    ['early stopping', { earlyStopping: { validation: 0.2, patience: 3, everySteps: 2 } }, {}],
  ])('that gives back what it gets changes no bit: %s', async (_, training, options) => {
    const tuned = (more: FinetuneOptions) => tinyModel({ training }).finetune(data, more);
    const plain = await tuned({ seed: 2, epochs: 3, ...options });
    expect(bytesOf(await tuned({ seed: 2, epochs: 3, ...options, retarget: asGiven }))).toEqual(bytesOf(plain));
  });

  it.each([
    ['all weights', {}],
    ['accumulated', { accumulate: 3 }],
    ['adapters', lora],
  ])('sees the whole batch, and the logits of the weights at that step: %s', async (_, training) => {
    const seen: BatchReadout[] = [];
    const retarget: Retarget = (batch) => {
      seen.push(batch);
      return batch;
    };
    const model = tinyModel({ training: { ...training, schedule: 'constant' } });
    await model.finetune(data, { seed: 2, epochs: 1, learningRate: 1e-2, retarget });
    expect(seen.map(({ step, steps }) => [step, steps])).toEqual(seen.map((_, step) => [step, 10]));
    expect(seen.flatMap(({ rows }) => rows).toSorted((a, b) => a - b)).toEqual(data.inputs.map((_, row) => row));
    for (const step of [0, 7]) {
      const { rows, logits, targets, weights } = seen[step] as BatchReadout;
      const then = step === 0 ? model : await model.finetune(data, { seed: 2, epochs: step / 10, learningRate: 1e-2 });
      close(logits.data, (await then.logits(rows.map((row) => data.inputs[row] as Input))).data, 1e-5);
      expect(targets).toEqual(rowsOf(data.targets, rows));
      expect(weights).toEqual(rowsOf(data.weights, rows));
    }
  });

  it('takes the step of a chosen loss: its gradient is that of Bradley and Terry by finite differences', async () => {
    const model = tinyModel({ training: { ...lora, trainable: 'heads', batchSize: 16 } });
    const some = firstOf(data, 16);
    const report = await firstStep(model, some, { seed: 1, together: 2, retarget: bradleyTerry });
    const states = await model.activations(some.inputs, model.layers);
    const loss = (heads: Float64Array) => {
      const z = some.inputs.map((_, row) =>
        heads.reduce((sum, w, j) => sum + w * (states.data[row * 8 + j] as number), 0),
      );
      return meanOverPairs(z);
    };
    const start = Float64Array.from(
      { length: 8 },
      (_, j) => model.parts.weights.get('heads.weight')?.data[3 * j] as number,
    );
    const slopes = Array.from(start, (_, j) => {
      const moved = (by: number) => loss(start.map((w, i) => (i === j ? w + by : w)));
      return (moved(1e-4) - moved(-1e-4)) / 2e-4;
    });
    // The bias cancels in each difference, so that the weights' gradient is all there is.
    expect(report.gradientNorm).toBeCloseTo(Math.hypot(...slopes), 5);
  });

  it('learns a loss of pairs', async () => {
    const model = tinyModel();
    const pairLoss = async (of: NetworkModel) => {
      const { columns, data: z } = await of.logits(data.inputs);
      return meanOverPairs(data.inputs.map((_, row) => z[row * columns] as number));
    };
    const tuned = await model.finetune(data, { seed: 1, epochs: 20, together: 2, retarget: bradleyTerry });
    expect(await pairLoss(tuned)).toBeLessThan(0.5 * (await pairLoss(model)));
    const again = await model.finetune(data, { seed: 1, epochs: 20, together: 2, retarget: bradleyTerry });
    expect(bytesOf(again)).toEqual(bytesOf(tuned));
  });

  it('goes on from a checkpoint bit for bit', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'touchstone-retarget-'));
    const file = join(directory, 'state.safetensors');
    const start = (more: Partial<ModelFinetuneOptions>) =>
      tinyModel({ training: { accumulate: 2 } }).finetune(data, {
        ...{ seed: 5, epochs: 2, together: 2, retarget: bradleyTerry },
        ...more,
      });
    const stop = ({ step }: StepReport) => {
      if (step === 12) throw new Error('killed');
    };
    const checkpoint = { file, everySteps: 5 };
    await expect(start({ checkpoint, onStep: stop })).rejects.toThrow('killed');
    await expect(start({ checkpoint, together: 4 })).rejects.toThrow(/this training.*delete/);
    expect(bytesOf(await start({ checkpoint }))).toEqual(bytesOf(await start({})));
    await rm(directory, { recursive: true });
  });

  it('is refused when it returns other shapes', async () => {
    const retarget: Retarget = ({ targets, weights }) => ({ targets: { ...targets, rows: 3 }, weights });
    await expect(tinyModel().finetune(data, { seed: 1, retarget })).rejects.toThrow(
      /the targets that retarget returned to be 8 × 3, as the batch's logits, got "3 × 3"\. Return one row/,
    );
  });
});

describe('together', () => {
  it.each([
    ['', {}],
    [', beside early stopping', { earlyStopping: { validation: 0.3, patience: 9, everySteps: 1 } }],
  ])('keeps groups side by side in batches of whole groups%s', async (_, training) => {
    const batches: (readonly number[])[] = [];
    const retarget: Retarget = (batch) => {
      batches.push(batch.rows);
      return batch;
    };
    const some = firstOf(data, 75);
    await tinyModel({ training }).finetune(some, { seed: 3, epochs: 1, together: 3, retarget });
    for (const rows of batches) {
      // Of 8, rounded down to whole groups.
      expect(rows.length).toBeLessThanOrEqual(6);
      for (let at = 0; at < rows.length; at += 3) {
        const first = rows[at] as number;
        expect(first % 3).toBe(0);
        expect(rows.slice(at, at + 3)).toEqual([first, first + 1, first + 2]);
      }
    }
    expect(batches.length).toBe('earlyStopping' in training ? Math.ceil(51 / 6) : Math.ceil(75 / 6));
  });

  it('is refused where examples or batches do not fit', async () => {
    const asked = (options: Partial<FinetuneOptions>) => tinyModel().finetune(data, { seed: 0, ...options });
    await expect(asked({ together: 3 })).rejects.toThrow(/number of examples to be a multiple of 3.*got 80/);
    await expect(asked({ together: 16 })).rejects.toThrow(/batchSize to be at least 16.*got 8/);
    await expect(asked({ together: 1.5 })).rejects.toThrow(/together to be a whole number from 1, got 1\.5/);
  });
});

describe('validation', () => {
  const training = { clipNorm: 1000, schedule: 'constant', warmupSteps: 0, weightDecay: 0 };
  const validation = { data: words(40, 9), everySteps: 1, patience: 2 };

  it('on examples of its own keeps the weights of the lowest loss on them, and stops early', async () => {
    const steps: StepReport[] = [];
    const asked = { seed: 3, epochs: 50, learningRate: 0.4, validation };
    const model = tinyModel({ training: { ...training, earlyStopping: {} } });
    const tuned = await model.finetune(data, { ...asked, onStep: (report) => steps.push(report) });
    expect(steps[0]?.steps).toBe(500);
    expect(steps.length).toBeLessThan(500);
    const short = tinyModel({ training });
    const upTo = (taken: number) => short.finetune(data, { seed: 3, epochs: taken / 10, learningRate: 0.4 });
    expect(bytesOf(await upTo(steps.length - 2))).toEqual(bytesOf(tuned));
    const losses: number[] = [];
    for (let taken = 1; taken <= steps.length; taken++) losses.push(await meanLoss(await upTo(taken), validation.data));
    expect(losses.indexOf(Math.min(...losses))).toBe(steps.length - 3);
  });

  it('is by the labels given, whatever the steps are taken on', async () => {
    const flip: Retarget = ({ targets, weights }) => ({
      targets: { ...targets, data: targets.data.map((target) => 1 - target) },
      weights,
    });
    const taken: number[] = [];
    const onStep = ({ step }: StepReport) => taken.push(step);
    const asked = { seed: 3, epochs: 20, learningRate: 1e-2, retarget: flip, onStep };
    const own = { ...validation, data: firstOf(data, 40) };
    const headless = {
      ...own.data.targets,
      data: own.data.targets.data.map((target, i) => (i % 3 === 0 ? target : 0.5)),
    };
    await tinyModel({ training }).finetune(data, {
      ...asked,
      validation: { ...own, data: { ...own.data, targets: headless } },
    });
    expect(taken.length).toBeLessThan(50);
  });

  it('is refused without steps between, patience or fitting targets', async () => {
    const asked = (more: object) => tinyModel().finetune(data, { seed: 0, validation: { ...validation, ...more } });
    await expect(asked({ everySteps: 0 })).rejects.toThrow(/validation\.everySteps to be a whole number from 1, got 0/);
    await expect(asked({ patience: 0 })).rejects.toThrow(/validation\.patience to be a whole number from 1, got 0/);
    await expect(asked({ data: firstOf(data, 0) })).rejects.toThrow(/at least one, got 0/);
  });
});

describe('generative finetuning', () => {
  const unlabelled = (inputs: readonly Input[], heads: number): TrainingTargets => {
    const zeros = { rows: inputs.length, columns: heads, data: new Float32Array(inputs.length * heads) };
    return { inputs, targets: zeros, weights: zeros };
  };
  /** Mean next-token loss, as a first step over all of them finds it. */
  const tokenLoss = async (model: NetworkModel, texts: TrainingTargets) =>
    (await firstStep(model, texts, { seed: 0, nextTokenWeight: 1, batchSize: texts.inputs.length })).loss;

  it.each(['full', 'lora'] as const)(
    'of the own decoder (%s) predicts held-out text better and leaves the heads alone',
    async (trainable) => {
      const model = createPretrained(smallOptions());
      const [texts, heldOut] = [plantedExamples(300, 1), plantedExamples(64, 2)].map((some) => unlabelled(some, 4)) as [
        TrainingTargets,
        TrainingTargets,
      ];
      const asked = { seed: 1, epochs: 3, learningRate: 3e-3, batchSize: 16, nextTokenWeight: 1, trainable };
      const tuned = await model.finetune(texts, asked);
      const [before, after] = [await tokenLoss(model, heldOut), await tokenLoss(tuned, heldOut)];
      expect(after).toBeLessThan(trainable === 'full' ? 0.8 * before : 0.95 * before);
      for (const name of ['heads.weight', 'heads.bias']) {
        expect(tuned.parts.weights.get(name)).toEqual(model.parts.weights.get(name));
      }
      expect(bytesOf(await model.finetune(texts, asked))).toEqual(bytesOf(tuned));
    },
  );

  it.each(['gpt2', 'llama', 'qwen3', 'gpt-neox-sequential-f16'])('works on %s', async (fixture) => {
    const model = await headed(fixture);
    const texts = unlabelled(sentences(48), 3);
    const asked = { seed: 1, epochs: 4, learningRate: 1e-2, batchSize: 8, nextTokenWeight: 1 };
    const tuned = await model.finetune(texts, asked);
    const heldOut = unlabelled(sentences(16, 48), 3);
    expect(await tokenLoss(tuned, heldOut)).toBeLessThan(0.8 * (await tokenLoss(model, heldOut)));
    expect(tuned.parts.weights.get('heads.weight')).toEqual(model.parts.weights.get('heads.weight'));
  });

  it('is refused where tokens see what follows, and where only heads are trained', async () => {
    const texts = unlabelled(sentences(8), 3);
    await expect((await headed('bert-encoder')).finetune(texts, { seed: 0, nextTokenWeight: 1 })).rejects.toMatchObject(
      {
        code: 'no-next-tokens',
      },
    );
    const asked = { seed: 0, nextTokenWeight: 1, trainable: 'heads' } as const;
    await expect(tinyModel().finetune(unlabelled(data.inputs, 3), asked)).rejects.toThrow(/not the heads alone/);
  });
});

describe('the recipe', () => {
  it('gives way to options for one finetuning, and is kept for the next', async () => {
    const steps = async (model: NetworkModel, options: Partial<FinetuneOptions>) => {
      const reports: StepReport[] = [];
      const tuned = await model.finetune(data, { seed: 0, epochs: 1, onStep: (r) => reports.push(r), ...options });
      return { tuned, count: reports.length };
    };
    const model = tinyModel();
    const { tuned, count } = await steps(model, { batchSize: 20, trainable: 'heads' });
    expect(count).toBe(4);
    expect(changed(model, tuned)).toEqual(['heads.weight', 'heads.bias']);
    const next = await steps(tuned, {});
    expect(next.count).toBe(10);
    expect(changed(tuned, next.tuned)).toEqual([...model.parts.weights.keys()]);
    expect((await steps(tinyModel({ training: lora }), { trainable: 'full' })).tuned.parts.adapters).toBeUndefined();
  });

  it('refuses what is out of range', async () => {
    const asked = (options: Partial<FinetuneOptions>) => tinyModel().finetune(data, { seed: 0, ...options });
    await expect(asked({ batchSize: 0 })).rejects.toThrow(/batchSize to be a whole number from 1, got 0/);
    await expect(asked({ nextTokenWeight: -1 })).rejects.toThrow(/nextTokenWeight to be a number from 0, got -1/);
  });
});

/** −log σ(z₀ − z₁) for each pair, as gradients g = ∓σ(z₁ − z₀) by its logits; a batch's loss is a mean over pairs. */
function bradleyTerry({ logits, rows }: BatchReadout): Pick<TrainingTargets, 'targets' | 'weights'> {
  const { columns, data: z } = logits;
  const targets = new Float32Array(z.length);
  const weights = new Float32Array(z.length);
  for (let row = 0; row < rows.length; row++) {
    const [own, other] = [z[row * columns] as number, z[(row ^ 1) * columns] as number];
    const slope = (row % 2 === 0 ? -1 : 1) * sigmoid(row % 2 === 0 ? other - own : own - other);
    // The engine takes the mean over rows, of which a pair has two.
    targets[row * columns] = sigmoid(own) - 2 * slope;
    weights[row * columns] = 1;
  }
  return { targets: { ...logits, data: targets }, weights: { ...logits, data: weights } };
}

function meanOverPairs(z: readonly number[]): number {
  const losses = z.flatMap((better, row) =>
    row % 2 === 0 ? [Math.log1p(Math.exp((z[row + 1] as number) - better))] : [],
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

async function meanLoss(model: NetworkModel, { inputs, targets, weights }: TrainingTargets): Promise<number> {
  const { data: logits } = await model.logits(inputs);
  const terms = Array.from(logits, (z, cell) => {
    const bce = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - z * (targets.data[cell] as number);
    return bce * (weights.data[cell] as number);
  });
  return terms.reduce((sum, term) => sum + term, 0) / inputs.length;
}

/** What the first step of a finetuning reports; the finetuning ends there. */
async function firstStep(model: NetworkModel, some: TrainingTargets, options: FinetuneOptions): Promise<StepReport> {
  const reports: StepReport[] = [];
  const { length } = some.inputs;
  const once = { batchSize: length, epochs: 1, onStep: (report: StepReport) => reports.push(report) };
  await model.finetune(some, { ...options, ...once });
  return reports[0] as StepReport;
}

/** A checkpoint in the transformers library's form with heads and a tokenizer. */
async function headed(fixture: string): Promise<NetworkModel> {
  const { network, weights, tokenizer } = await openFixture(fixture);
  return createStrongModel({
    ...{ network, weights, tokenizer, measurements: 1, seed: 0 },
    training: trainingConfig.parse({ warmupSteps: 2 }),
    finetuning: finetuningConfig.parse({}),
    runtime: { threads: 1, device: 'cpu' },
  });
}

function sentences(count: number, from = 0): Input[] {
  const [subjects, objects] = [
    ['the vault', 'a robber', 'the lamp', 'my stone'],
    ['the diamond', 'a key', 'the print'],
  ];
  return Array.from({ length: count }, (_, i) => ({
    id: `${from + i}`,
    text: `${subjects[(from + i) % 4]} holds ${objects[(from + i) % 3]}.`,
  }));
}

function firstOf({ inputs, targets, weights }: TrainingTargets, count: number): TrainingTargets {
  const rows = Array.from({ length: count }, (_, row) => row);
  return { inputs: inputs.slice(0, count), targets: rowsOf(targets, rows), weights: rowsOf(weights, rows) };
}

function rowsOf({ columns, data }: Matrix, rows: readonly number[]): Matrix {
  const taken = rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)]);
  return { rows: rows.length, columns, data: Float32Array.from(taken) };
}

function close(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(actual).toHaveLength(wanted.length);
  const gaps = Array.from(actual, (value, i) => Math.abs(value - (wanted[i] as number)));
  expect(Math.max(...gaps)).toBeLessThan(tolerance);
}

function changed(before: NetworkModel, after: NetworkModel): string[] {
  const [a, b] = [bytesOf(before), bytesOf(after)];
  return Object.keys(b).filter((name) => a[name] !== b[name]);
}

function bytesOf(model: NetworkModel): Record<string, string> {
  const all = [...model.parts.weights].map(
    ([
      name,
      {
        data: { buffer, byteOffset, byteLength },
      },
    ]) => {
      return [name, Buffer.from(buffer, byteOffset, byteLength).toString('base64')];
    },
  );
  return Object.fromEntries(all);
}
