import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NetworkModel } from '../../src/models/network-model.ts';
import type { StepReport } from '../../src/models/training-run.ts';
import { tinyModel, words } from './tiny-network.ts';

const data = words(80);
const lora = { trainable: 'lora', lora: { rank: 2, alpha: 4, targets: [] } };

describe('accumulation', () => {
  it.each([
    ['all weights', { nextTokenWeight: 0.5 }],
    ['adapters', { ...lora, nextTokenWeight: 0.5 }],
  ])('in parts takes the steps of the whole batch: %s', async (_, training) => {
    const reports = async (accumulate: number) => {
      const steps: StepReport[] = [];
      const model = tinyModel({ training: { ...training, batchSize: 16, accumulate } });
      await model.finetune(data, { seed: 4, epochs: 2, onStep: (report) => steps.push(report) });
      return steps;
    };
    // 3 does not divide 16, so that the last part is not full.
    const [whole, ...parts] = await Promise.all([1, 2, 3, 16].map(reports));
    for (const part of parts) {
      for (const [i, { loss, gradientNorm }] of part.entries()) {
        expect(loss).toBeCloseTo(whole?.[i]?.loss as number, 4);
        expect(gradientNorm / (whole?.[i]?.gradientNorm as number)).toBeCloseTo(1, 3);
      }
    }
  });
});

describe('the next-token loss', () => {
  // In these texts each letter is followed by the next one of the alphabet.
  const texts = Array.from({ length: 64 }, (_, i) => 'abcdefghijklmnopqrstuvwxyz'.slice(i % 14, (i % 14) + 12));
  const inputs = texts.map((text, i) => ({ id: `${i}`, text }));
  const none = { rows: 64, columns: 3, data: new Float32Array(64 * 3) };
  const run = async (options: { training?: object; mask?: (ids: Int32Array) => number[]; causal?: boolean }) => {
    const losses: number[] = [];
    const { training = {}, causal = true, mask } = options;
    const model = tinyModel({ causal, training: { nextTokenWeight: 1, clipNorm: 100, ...training } });
    const onStep = ({ loss }: StepReport) => losses.push(loss);
    const more = { epochs: 40, learningRate: 3e-2, onStep, ...(mask && { nextTokenMask: mask }) };
    const tuned = await model.finetune({ inputs, targets: none, weights: none }, { seed: 1, ...more });
    return { losses, model, tuned };
  };

  it('starts near that of the model and is learnt', async () => {
    const { losses } = await run({});
    expect(losses[0]).toBeGreaterThan(2);
    expect(losses.at(-1)).toBeLessThan(0.7);
  });

  it('counts only the tokens that a mask lets count', async () => {
    const { losses } = await run({ mask: (ids) => Array.from(ids, () => 0) });
    expect(losses.every((loss) => loss === 0)).toBe(true);
    const first = await run({ mask: (ids) => Array.from(ids, (_, at) => (at === 1 ? 1 : 0)) });
    expect(first.losses.at(-1)).toBeLessThan(0.7);
  });

  it('is a mean over tokens times its weight', async () => {
    const [once, twice] = [await run({}), await run({ training: { nextTokenWeight: 2 } })];
    expect(twice.losses[0]).toBeCloseTo(2 * (once.losses[0] as number), 4);
  });

  it('is refused where tokens see what follows', async () => {
    await expect(run({ causal: false })).rejects.toThrow(/nextTokenWeight.*predicts tokens/);
  });
});

describe('early stopping', () => {
  it('stops and keeps the weights of the lowest validation loss', async () => {
    // A peak so high that training soon gets worse.
    const earlyStopping = { validation: 0.25, patience: 2, everySteps: 1 };
    const steps: StepReport[] = [];
    const onStep = (report: StepReport) => steps.push(report);
    const training = { earlyStopping, clipNorm: 1000, schedule: 'constant', warmupSteps: 0, weightDecay: 0 };
    const options = { seed: 3, epochs: 50, learningRate: 0.4 };
    const tuned = await tinyModel({ training }).finetune(data, { ...options, onStep });
    const taken = steps.length;
    expect(taken).toBeLessThan(steps[0]?.steps as number);
    expect(steps[0]?.steps).toBe(Math.ceil(60 / 8) * 50);
    // Patience 2: the best was two validations before the end; a training of so many steps gives the same weights.
    const epochs = (taken - 2) / 8;
    const never = { validation: 0.25, patience: 100, everySteps: 1000 };
    const same = tinyModel({ training: { ...training, earlyStopping: never } });
    const short = await same.finetune(data, { ...options, epochs });
    expect(short.parts.weights).toEqual(tuned.parts.weights);
  });
});

describe('a checkpoint', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'touchstone-training-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  /** Trains until `stopAt` steps have been taken, or to the end; returns the model and the losses of this start. */
  const start = async (training: object, file?: string, stopAt = Number.POSITIVE_INFINITY) => {
    const losses: number[] = [];
    const onStep = ({ step, loss }: StepReport) => {
      losses.push(loss);
      if (step === stopAt) throw new Error('killed');
    };
    const checkpoint = file === undefined ? {} : { checkpoint: { file, everySteps: 5 } };
    const options = { seed: 5, epochs: 2, learningRate: 1e-2, onStep, ...checkpoint };
    const model = await tinyModel({ training })
      .finetune(data, options)
      .catch((error: Error) => error);
    return { model, losses };
  };

  it.each([
    ['all weights', {}],
    ['adapters, accumulated', { ...lora, accumulate: 3 }],
    ['early stopping', { earlyStopping: { validation: 0.2, patience: 50, everySteps: 3 } }],
    ['next tokens, accumulated', { nextTokenWeight: 0.5, accumulate: 2, schedule: 'linear' }],
  ])('continues bit for bit: %s', async (name, training) => {
    const file = join(directory, `${name}.safetensors`);
    const straight = await start(training);
    const killed = await start(training, file, 12);
    expect(killed.model).toEqual(new Error('killed'));
    // The state of step 10 was the last one written.
    const resumed = await start(training, file);
    expect(resumed.losses).toEqual(straight.losses.slice(10));
    expect(bytesOf(resumed.model)).toEqual(bytesOf(straight.model));
    expect(killed.losses).toEqual(straight.losses.slice(0, 12));
  });

  it('of another training is refused, and so is a damaged one', async () => {
    const file = join(directory, 'other.safetensors');
    await start({}, file, 12);
    const other = await start({ weightDecay: 0.5 }, file);
    expect(String(other.model)).toMatch(/other.safetensors.*this training.*delete this one/);
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, -4));
    expect(String((await start({}, file)).model)).toMatch(/other.safetensors/);
  });

  it('is the last good one when training diverges, and the error says where', async () => {
    const file = join(directory, 'diverged.safetensors');
    const training = { clipNorm: 1e30, schedule: 'constant', warmupSteps: 0, weightDecay: 0 };
    const run = async (learningRate: number) => {
      let steps = 0;
      const onStep = ({ step }: StepReport) => {
        steps = step;
      };
      const options = { seed: 5, epochs: 20, learningRate, onStep, checkpoint: { file, everySteps: 1 } };
      const message = await tinyModel({ training })
        .finetune(data, options)
        .then(() => '')
        .catch((error: Error) => error.message);
      return { message, steps };
    };
    const { message, steps } = await run(1e25);
    expect(message).toMatch(
      /at step \d+ \(learning rate 1\.00e\+25; largest gradient (NaN|-?Infinity), of "[a-z0-9.-]+"\) to be finite/,
    );
    expect(message).toContain(`The last good checkpoint is ${file}.`);
    // The failing step is the one after the last that was taken, and starting again fails at the same one.
    expect(message).toContain(`at step ${steps + 1} `);
    if (steps > 1) expect((await stat(file)).size).toBeGreaterThan(0);
    expect((await run(1e25)).message).toBe(message);
  });
});

function bytesOf(model: NetworkModel | Error) {
  if (model instanceof Error) throw model;
  return [...model.parts.weights].map(([name, { data }]) => [name, Buffer.from(data.buffer).toString('base64')]);
}
