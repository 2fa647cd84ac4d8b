import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aggregateMeasurement } from '../../src/core/examples.ts';
import type { Matrix, TrainingTargets } from '../../src/core/models.ts';
import { loadModel, saveModel } from '../../src/models/checkpoint.ts';
import type { NetworkModel } from '../../src/models/network-model.ts';
import { createPretrained, trainMeasurementPredictor } from '../../src/models/strong-model.ts';
import type { Tokenizer } from '../../src/models/tokenizer.ts';
import { plantedExamples, smallOptions } from './planted.ts';

const examples = plantedExamples(800, 1);
const heldOut = plantedExamples(200, 2);
const options = { ...smallOptions(), examples, progress: () => {} };
const runtime = { threads: 1, device: 'cpu' as const };

let predictor: NetworkModel<Tokenizer>;
beforeAll(async () => {
  predictor = await trainMeasurementPredictor(options);
});

describe('measurement predictor', () => {
  it('separates held-out examples by every measurement and by their conjunction', async () => {
    const logits = await predictor.logits(heldOut);
    expect(
      auroc(
        column(logits, 2),
        heldOut.map((e) => e.measurements[0] === true),
      ),
    ).toBeGreaterThan(0.95);
    expect(
      auroc(
        column(logits, 3),
        heldOut.map((e) => e.measurements[1] === true),
      ),
    ).toBeGreaterThan(0.95);
    expect(auroc(column(logits, 0), heldOut.map(aggregateMeasurement))).toBeGreaterThan(0.95);
  });

  it('knew nothing before training and left the pretrained model of its seed untouched', async () => {
    const pretrained = createPretrained(options);
    const before = await pretrained.logits(heldOut);
    const labels = heldOut.map((e) => e.measurements[0] === true);
    expect(auroc(column(before, 2), labels)).toBeLessThan(0.9);
    await pretrained.finetune(targetsOf(pretrained), { seed: 1 });
    expect(pretrained.parts.weights).toEqual(createPretrained(options).parts.weights);
    expect((await pretrained.logits(heldOut)).data).toEqual(before.data);
  });

  it('is the same bit for bit for the same seed, and another for another', async () => {
    const short = { ...options, examples: examples.slice(0, 100) };
    const [a, b] = [await trainMeasurementPredictor(short), await trainMeasurementPredictor(short)];
    expect(a.parts.weights).toEqual(b.parts.weights);
    const other = await trainMeasurementPredictor({ ...short, seed: 1 });
    expect(other.parts.weights).not.toEqual(a.parts.weights);
  });

  it('repeats itself at two threads too', async () => {
    const short = { ...options, examples: examples.slice(0, 100), threads: 2 };
    const [a, b] = [await trainMeasurementPredictor(short), await trainMeasurementPredictor(short)];
    expect(a.parts.weights).toEqual(b.parts.weights);
  });

  it('leaves the ground-truth head alone, and masked measurements out', async () => {
    const masked = examples.slice(0, 64).map((e) => ({ ...e, measurements: [null, e.measurements[1] ?? null] }));
    const flipped = masked.map((e, i) => ({ ...e, groundTruth: i % 2 === 0 }));
    const a = await trainMeasurementPredictor({ ...options, examples: masked });
    const b = await trainMeasurementPredictor({ ...options, examples: flipped });
    expect(a.parts.weights).toEqual(b.parts.weights);
    const biases = (model: NetworkModel) => [...(model.parts.weights.get('heads.bias')?.data ?? [])];
    const start = biases(createPretrained(options));
    const [, truth, first, second] = biases(a);
    // Biases do not decay, so a head without loss keeps its own.
    expect([truth, first]).toEqual([start[1], start[2]]);
    expect(second).not.toBe(start[3]);
  });

  it('refuses examples with another number of measurements', () => {
    const odd = [{ ...examples[0], measurements: [true] }] as typeof examples;
    expect(() => trainMeasurementPredictor({ ...options, examples: odd })).toThrow(/measured 2 times, got 1/);
  });
});

describe('finetune', () => {
  it('returns a new model and leaves the original as it was', async () => {
    const before = structuredClone(predictor.parts.weights);
    const tuned = await predictor.finetune(targetsOf(predictor), { seed: 3, epochs: 1 });
    expect(predictor.parts.weights).toEqual(before);
    expect(tuned.parts.weights).not.toEqual(before);
  });

  it('learns a head the predictor never trained', async () => {
    const tuned = await predictor.finetune(targetsOf(predictor), { seed: 3, epochs: 2, learningRate: 1e-3 });
    const scores = column(await tuned.logits(heldOut), 1);
    expect(
      auroc(
        scores,
        heldOut.map((e) => e.groundTruth),
      ),
    ).toBeGreaterThan(0.95);
  });

  it('reports progress in examples, and stops when told to', async () => {
    const seen: [number, number, string][] = [];
    await predictor.finetune(targetsOf(predictor), { seed: 3, epochs: 2, progress: (...step) => void seen.push(step) });
    expect(seen.at(-1)).toEqual([1600, 1600, 'examples']);
    const controller = new AbortController();
    const stoppable = createPretrained({ ...options, signal: controller.signal });
    const progress = () => controller.abort(new Error('told to stop'));
    await expect(stoppable.finetune(targetsOf(predictor), { seed: 3, progress })).rejects.toThrow('told to stop');
  });

  it('names step and learning rate when training diverges, and keeps the model', async () => {
    const run = predictor.finetune(targetsOf(predictor), { seed: 3, epochs: 5, learningRate: 1e30 });
    await expect(run).rejects.toThrow(/at step \d+ \(learning rate .*Lower the learning rate/);
    expect((await predictor.logits(heldOut)).data.every(Number.isFinite)).toBe(true);
  });

  it('refuses targets of another size', async () => {
    const data = targetsOf(predictor);
    await expect(predictor.finetune({ ...data, inputs: examples.slice(1) }, { seed: 0 })).rejects.toThrow(/799 × 4/);
    const none = { rows: 0, columns: 4, data: new Float32Array(0) };
    await expect(predictor.finetune({ inputs: [], targets: none, weights: none }, { seed: 0 })).rejects.toThrow(
      /at least one/,
    );
  });
});

describe('read-outs', () => {
  it('have one row per input, in order, whatever was asked before', async () => {
    const all = await predictor.logits(heldOut);
    const some = [heldOut[7], heldOut[3], heldOut[7]] as typeof heldOut;
    expect((await predictor.logits(some)).data).toEqual(Float32Array.from([7, 3, 7].flatMap((i) => rowOf(all, i))));
    for (let layer = 0; layer <= predictor.layers; layer++) {
      const { rows, columns, data } = await predictor.activations(some, layer);
      expect([rows, columns]).toEqual([3, 32]);
      expect(data.subarray(0, 32)).toEqual(data.subarray(64));
      expect(data.subarray(0, 32)).not.toEqual(data.subarray(32, 64));
    }
    await expect(predictor.activations(some, 3)).rejects.toThrow(/from 0 to 2, got 3/);
  });

  it('give the logits when the last layer passes through the heads', async () => {
    const last = await predictor.activations(heldOut, predictor.layers);
    const logits = await predictor.logits(heldOut);
    const weight = predictor.parts.weights.get('heads.weight')?.data as Float32Array;
    const bias = predictor.parts.weights.get('heads.bias')?.data as Float32Array;
    for (let head = 0; head < 4; head++) {
      const product = rowOf(last, 5).reduce((sum, value, k) => sum + value * (weight[k * 4 + head] as number), 0);
      expect(product + (bias[head] as number)).toBeCloseTo(rowOf(logits, 5)[head] as number, 4);
    }
  });

  it('do not depend on the batch or bucket a text lands in', async () => {
    const fresh = () => createPretrained(options);
    const together = await fresh().activations(heldOut, 2);
    const short = { id: 'short', text: 'a' };
    const alone = fresh();
    for (const i of [0, 11, 57]) {
      const row = rowOf(await alone.activations([heldOut[i] as (typeof heldOut)[number]], 2), 0);
      for (const [k, value] of row.entries()) expect(value).toBeCloseTo(rowOf(together, i)[k] as number, 5);
    }
    // A text alone is computed in its own bucket; beside a long one, left over, in the longer text's.
    const own = rowOf(await fresh().activations([short], 2), 0);
    const moved = rowOf(await fresh().activations([short, heldOut[0] as (typeof heldOut)[number]], 2), 0);
    for (const [k, value] of own.entries()) expect(value).toBeCloseTo(moved[k] as number, 5);
  });

  it('refuse a text that is too long, by name', async () => {
    const long = { id: 'long-one', text: 'x = 1;\ny = [2];\n'.repeat(50) };
    await expect(predictor.logits([long])).rejects.toThrow(/example "long-one" to be at most 60 tokens/);
  });
});

describe('checkpoint', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'touchstone-models-'));
    await saveModel(predictor, directory);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('answers exactly as the saved model', async () => {
    const loaded = await loadModel(directory, runtime);
    expect(await loaded.logits(heldOut)).toEqual(await predictor.logits(heldOut));
    expect(loaded.heads).toEqual(predictor.heads);
    const a = await loaded.finetune(targetsOf(loaded), { seed: 1 });
    const b = await predictor.finetune(targetsOf(predictor), { seed: 1 });
    expect(a.parts.weights).toEqual(b.parts.weights);
  });

  it.each([
    [
      'model.json',
      (bytes: Buffer) => bytes.toString().replace('"width": 32', '"width": 30'),
      /shape of tensor "embedding"/,
    ],
    ['model.json', (bytes: Buffer) => bytes.toString().replace('"width": 32', '"breadth": 32'), /model\.json/],
    ['model.json', (bytes: Buffer) => bytes.subarray(0, 40), /model\.json to be JSON/],
    ['tokenizer.json', (bytes: Buffer) => bytes.toString().replace(/\[\d+,\d+\],/, ''), /tokenizer\.json/],
    ['model.safetensors', (bytes: Buffer) => bytes.subarray(0, -4), /model\.safetensors/],
    [
      'model.safetensors',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -4), Buffer.from([0, 0, 192, 127])]),
      /tensor "heads.bias".*finite.*NaN/,
    ],
  ])('names the damaged file: %s', async (name, damage, message) => {
    const file = join(directory, name);
    const bytes = await readFile(file);
    await writeFile(file, damage(bytes));
    await expect(loadModel(directory, runtime)).rejects.toThrow(message);
    await writeFile(file, bytes);
  });

  it('says which file is absent', async () => {
    await expect(loadModel(join(directory, 'nowhere'), runtime)).rejects.toThrow(/nowhere.model\.json/);
  });
});

/** Ground-truth targets for every planted example. */
function targetsOf(model: NetworkModel): TrainingTargets {
  const shape = { rows: examples.length, columns: model.heads.length };
  const cells = (value: (e: (typeof examples)[number]) => number) =>
    Float32Array.from(examples.flatMap((e) => [0, value(e), 0, 0]));
  return {
    inputs: examples,
    targets: { ...shape, data: cells((e) => Number(e.groundTruth)) },
    weights: { ...shape, data: cells(() => 1) },
  };
}

function column({ rows, columns, data }: Matrix, at: number): number[] {
  return Array.from({ length: rows }, (_, row) => data[row * columns + at] as number);
}

function rowOf({ columns, data }: Matrix, row: number): number[] {
  return [...data.subarray(row * columns, (row + 1) * columns)];
}

/** Mann–Whitney over all pairs, ties one half. */
function auroc(scores: readonly number[], labels: readonly boolean[]): number {
  const positive = scores.filter((_, i) => labels[i]);
  const negative = scores.filter((_, i) => !labels[i]);
  const wins = positive.flatMap((p) => negative.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}
