import { describe, expect, it } from 'vitest';
import type { Example } from '../../../src/core/examples.ts';
import type { Matrix, Retarget } from '../../../src/core/models.ts';
import type { ModelSize, Technique } from '../../../src/core/techniques.ts';
import { createTrainingView } from '../../../src/core/training-view.ts';
import { bootstrapping } from '../../../src/techniques/bootstrapping.ts';
import { confidenceLoss } from '../../../src/techniques/confidence-loss.ts';
import { confidenceWindow } from '../../../src/techniques/confidence-window.ts';
import { earlyStopping } from '../../../src/techniques/early-stopping.ts';
import { earlyStoppingCeiling } from '../../../src/techniques/early-stopping-ceiling.ts';
import { easyExamples } from '../../../src/techniques/easy-examples.ts';
import { entropyLoss } from '../../../src/techniques/entropy-loss.ts';
import { generativeFinetuning } from '../../../src/techniques/generative-finetuning.ts';
import { klLoss } from '../../../src/techniques/kl-loss.ts';
import { naiveFinetuning } from '../../../src/techniques/naive-finetuning.ts';
import { productLoss } from '../../../src/techniques/product-loss.ts';
import { type TechniqueId, techniques } from '../../../src/techniques/registry.ts';
import { sigmoid } from '../../../src/techniques/shared/sigmoid.ts';
import { strongCeiling } from '../../../src/techniques/strong-ceiling.ts';
import { strongToStrong } from '../../../src/techniques/strong-to-strong.ts';
import { supervisorWeights } from '../../../src/techniques/supervisor-weights.ts';
import { cell, createSpyModel, type FinetuneCall } from '../spy-model.ts';
import { contextOf, fitOn } from '../support.ts';

/** Weak labels of two supervisors, whose means are 0.8, 0.1, 0.7 and 0.4. */
const weak: readonly Example[] = [
  { ...plain('a', true), weakLabels: [0.9, 0.7], difficulty: 4 },
  { ...plain('b', false), weakLabels: [0.1, 0.1], difficulty: 1 },
  { ...plain('c', false), weakLabels: [0.9, 0.5], difficulty: 2 },
  { ...plain('d', true), weakLabels: [0.2, 0.6], difficulty: 3 },
];
/** Without weak supervisors; the aggregate measurement is the label. */
const measured: readonly Example[] = [
  { ...plain('positive', true), measurements: [true, null, true] },
  { ...plain('negative', false), measurements: [true, false, true] },
  { ...plain('masked', true), measurements: [null, null, null] },
];
const onWeakLabels = [
  naiveFinetuning,
  confidenceLoss,
  productLoss,
  klLoss,
  entropyLoss,
  confidenceWindow,
  generativeFinetuning,
  earlyStopping,
  strongToStrong,
  bootstrapping,
].map(({ id }) => id);

describe.each(onWeakLabels)('%s', (id) => {
  const technique: Technique = techniques[id as TechniqueId];

  it('trains the pretrained model, not the predictor, through the aggregate head, by the shared recipe', async () => {
    const { predictor, calls } = await fitSpied(technique, { trainable: 'lora' });
    expect(predictor.calls).toEqual([]);
    const last = calls.at(-1) as FinetuneCall;
    expect(last.options).toMatchObject({ seed: 5, batchSize: 64, trainable: 'lora' });
    // What the options leave open is the model's own recipe.
    expect(last.options.epochs).toBeUndefined();
    expect(last.options.learningRate).toBeUndefined();
    for (const row of last.data.inputs.keys()) {
      expect(cell(last, row, 'aggregate').weight).toBe(1);
      for (const head of ['ground-truth', 'measurement-1', 'measurement-2', 'measurement-3'] as const) {
        expect(cell(last, row, head).weight).toBe(0);
      }
    }
  });

  it('refuses weak labels that are all on one side of a half, and none at all', async () => {
    const alike = weak.map((example) => ({ ...example, weakLabels: [0.2, 0.3] }));
    const refused = new RegExp(`training examples with a weak label above 0.5 that ${id} learns from to be at least 1`);
    await expect(fitSpied(technique, {}, alike)).rejects.toThrow(refused);
    await expect(fitSpied(technique, { balance: true }, alike)).rejects.toThrow(refused);
    const masked = measured.map((example) => ({ ...example, measurements: [null, null, null] }));
    await expect(fitSpied(technique, {}, masked)).rejects.toThrow(refused);
  });

  it('scores by the aggregate logit', async () => {
    const pretrained = createSpyModel({ width: 1, logits: ([x = 0]) => [2 * x, 9, 9, 9, 9] });
    const fitted = await fitOn(technique, weak, { context: contextOf(pretrained) });
    expect([...(await fitted.score([{ id: 'x', text: '1.5' }]))]).toEqual([3]);
  });
});

describe('naive-finetuning', () => {
  it('learns mean weak labels where there are supervisors, without asking for targets in between', async () => {
    const { calls } = await fitSpied(naiveFinetuning);
    expect(calls).toHaveLength(1);
    expect(labelsOf(calls[0])).toEqual({ a: 0.8, b: 0.1, c: 0.7, d: 0.4 });
    expect(calls[0]?.options.retarget).toBeUndefined();
  });

  it('learns aggregate measurements elsewhere, leaving all-masked examples out', async () => {
    const { calls } = await fitSpied(naiveFinetuning, {}, measured);
    expect(labelsOf(calls[0])).toEqual({ positive: 1, negative: 0 });
  });

  it('hardens labels on demand', async () => {
    const { calls } = await fitSpied(naiveFinetuning, { labels: 'hard' });
    expect(labelsOf(calls[0])).toEqual({ a: 1, b: 0, c: 1, d: 0 });
  });

  it('balances the labels of each batch on demand', async () => {
    const { calls } = await fitSpied(naiveFinetuning, { balance: true });
    const [first, second] = asked(calls[0], { rows: [0, 3], logits: [0, 0] });
    const odds = [0.8, 0.4].map((p) => Math.log(p / (1 - p))) as [number, number];
    const mean = (odds[0] + odds[1]) / 2;
    expect(first).toBeCloseTo(sigmoid(odds[0] - mean), 6);
    expect(second).toBeCloseTo(sigmoid(odds[1] - mean), 6);
  });
});

describe('kl-loss', () => {
  it('hands over what naive finetuning does, bit for bit', async () => {
    for (const options of [{}, { balance: true }]) {
      const [kl, naive] = [await fitSpied(klLoss, options), await fitSpied(naiveFinetuning, options)];
      expect(kl.calls[0]?.data).toEqual(naive.calls[0]?.data);
      const batch = { rows: [0, 1], logits: [3, -1] };
      expect(asked(kl.calls[0], batch)).toEqual(asked(naive.calls[0], batch));
    }
  });
});

describe('losses that ask the student', () => {
  const batch = { rows: [2, 0, 1], logits: [-1, 2, 0.5] };

  it('confidence-loss comes in over a fifth of the steps and hardens by the batch’s mean label', async () => {
    const { calls } = await fitSpied(confidenceLoss);
    expect(asked(calls[0], { ...batch, step: 0 })).toEqual(floats([0.7, 0.8, 0.1]));
    // Mean label 0.533: of the logits 2, 0.5, −1 the two highest are called positive. Halfway c is 0.25.
    expect(asked(calls[0], { ...batch, step: 10 })).toEqual(floats([0.525, 0.85, 0.325]));
    expect(asked(calls[0], { ...batch, step: 60 })).toEqual(floats([0.35, 0.9, 0.55]));
  });

  it('confidence-loss takes balanced labels’ prior for a half', async () => {
    const { calls } = await fitSpied(confidenceLoss, { balance: true, maxWeight: 1, warmup: 0 });
    expect(asked(calls[0], { rows: [0, 2, 0, 2], logits: [1, 2, 3, 4] })).toEqual([0, 0, 1, 1]);
  });

  it('confidence-loss jumps as published on demand', async () => {
    const { calls } = await fitSpied(confidenceLoss, { ramp: 'published-jump', warmup: 0.1 });
    expect(asked(calls[0], { ...batch, step: 10 })[0]).toBeCloseTo(0.95 * 0.7, 6);
    expect(asked(calls[0], { ...batch, step: 11 })[0]).toBeCloseTo(0.5 * 0.7, 6);
  });

  it('product-loss multiplies odds', async () => {
    const { calls } = await fitSpied(productLoss, { alpha: 2, beta: 0.5 });
    const odds = [0.7, 0.8, 0.1].map((p, i) => 2 * Math.log(p / (1 - p)) + 0.5 * (batch.logits[i] as number));
    expect(asked(calls[0], batch)).toEqual(floats(odds.map(sigmoid)));
  });

  it('entropy-loss mixes soft answers in', async () => {
    const { calls } = await fitSpied(entropyLoss, { maxWeight: 1, warmup: 0 });
    expect(asked(calls[0], batch)).toEqual(floats(batch.logits.map(sigmoid)));
  });

  it('confidence-window keeps labels and masks what the student is sure of', async () => {
    const { calls } = await fitSpied(confidenceWindow, { radius: 0.2 });
    const { targets, weights } = readout(calls[0], batch);
    expect(columnOf(targets)).toEqual(floats([0.7, 0.8, 0.1]));
    expect(columnOf(weights)).toEqual([0, 0, 1]);
  });

  it('confidence-window takes midweak from the labels', async () => {
    const { fitted } = await fitSpied(confidenceWindow, { radius: 'midweak' });
    // |p − 1/2| is 0.3, 0.4, 0.2 and 0.1.
    expect(fitted.details?.radius).toBeCloseTo(0.25, 12);
  });

  it('change no other head’s targets or weights', async () => {
    const { calls } = await fitSpied(confidenceWindow, { radius: 0.2 });
    const { targets, weights } = readout(calls[0], batch);
    const others = ({ data, columns }: Matrix) => [...data].filter((_, i) => i % columns !== 0);
    expect(others(targets).every((value) => value === 0.25)).toBe(true);
    expect(others(weights).every((value) => value === 0.5)).toBe(true);
  });
});

describe('generative-finetuning', () => {
  it('reads all texts first, those without labels too, with no head weighing', async () => {
    const { calls } = await fitSpied(generativeFinetuning, { textEpochs: 3, textLearningRate: 1e-4 }, measured);
    expect(calls).toHaveLength(2);
    const [texts, labels] = calls as [FinetuneCall, FinetuneCall];
    expect(texts.data.inputs.map(({ id }) => id)).toEqual(['positive', 'negative', 'masked']);
    expect(texts.data.weights.data.every((weight) => weight === 0)).toBe(true);
    expect(texts.options).toMatchObject({ nextTokenWeight: 1, epochs: 3, learningRate: 1e-4, batchSize: 64 });
    expect(labelsOf(labels)).toEqual({ positive: 1, negative: 0 });
    expect(labels.options.nextTokenWeight).toBeUndefined();
  });
});

describe('strong-ceiling', () => {
  it('learns the ground truth of the student’s examples', async () => {
    const { calls } = await fitSpied(strongCeiling);
    expect(calls).toHaveLength(1);
    expect(labelsOf(calls[0])).toEqual({ a: 1, b: 0, c: 0, d: 1 });
    expect(calls[0]?.options).toMatchObject({ batchSize: 64 });
  });

  it('takes epochs and learning rate where they are named', async () => {
    const { calls } = await fitSpied(strongCeiling, { epochs: 5, learningRate: 1e-4 });
    expect(calls[0]?.options).toMatchObject({ epochs: 5, learningRate: 1e-4 });
  });

  it('leaves out what no student can learn from', async () => {
    const { calls } = await fitSpied(strongCeiling, {}, [...weak, { ...plain('masked', true), measurements: [null] }]);
    expect(labelsOf(calls[0])).toEqual({ a: 1, b: 0, c: 0, d: 1 });
  });

  it('learns that of the supervisor’s, as published, on demand', async () => {
    const supervisorExamples = [plain('e', false), plain('f', true)];
    const view = createTrainingView(weak, ['m'], { groundTruth: true, supervisorExamples });
    const pretrained = createSpyModel({ width: 1 });
    const options = strongCeiling.options.parse({ half: 'supervisor' });
    await strongCeiling.fit(view, options, contextOf(pretrained));
    expect(labelsOf(pretrained.calls[0])).toEqual({ e: 0, f: 1 });
    await expect(fitSpied(strongCeiling, { half: 'supervisor' })).rejects.toThrow(/set half to "student"/);
  });

  it('reads texts first on demand', async () => {
    const { calls } = await fitSpied(strongCeiling, { textEpochs: 1 });
    expect(calls.map(({ options }) => options.nextTokenWeight)).toEqual([1, undefined]);
  });

  it('refuses outcomes that are all alike', async () => {
    const alike = weak.filter(({ groundTruth }) => groundTruth);
    await expect(fitSpied(strongCeiling, {}, alike)).rejects.toThrow(
      /whose outcome did not happen that strong-ceiling/,
    );
  });
});

describe('early stopping', () => {
  const many = Array.from({ length: 50 }, (_, i) => ({
    ...(i % 2 === 0 ? weak[0] : weak[1]),
    ...{ id: `${i}`, groundTruth: i % 4 === 0 },
  })) as readonly Example[];

  it.each([
    ['early-stopping', (id: number) => (id % 2 === 0 ? 0.8 : 0.1)],
    ['early-stopping-ceiling', (id: number) => Number(id % 4 === 0)],
  ] as const)('%s trains on weak labels and validates on a held-out part', async (id, judged) => {
    const technique = { 'early-stopping': earlyStopping, 'early-stopping-ceiling': earlyStoppingCeiling }[id];
    const { calls, fitted } = await fitSpied(technique, { batchSize: 5, validations: 3, patience: 4 }, many);
    const [call] = calls as [FinetuneCall];
    const { validation } = call.options;
    const held = { ...call, data: validation?.data as FinetuneCall['data'] };
    expect(Object.keys(labelsOf(held))).toHaveLength(5);
    expect(new Set([...Object.keys(labelsOf(call)), ...Object.keys(labelsOf(held))]).size).toBe(50);
    for (const [name, label] of Object.entries(labelsOf(call))) expect(label).toBe(Number(name) % 2 === 0 ? 0.8 : 0.1);
    for (const [name, label] of Object.entries(labelsOf(held))) expect(label).toBe(judged(Number(name)));
    // 45 examples are 9 steps of 5.
    expect(validation).toMatchObject({ everySteps: 3, patience: 4 });
    expect(fitted.details).toMatchObject({ examples: 45, heldOut: 5 });
  });

  it('balances what it validates on as what it trains on', async () => {
    const { calls } = await fitSpied(earlyStopping, { balance: true }, many);
    const labels = labelsOf({ ...calls[0], data: calls[0]?.options.validation?.data } as FinetuneCall);
    const odds = Object.values(labels).map((p) => Math.log(p / (1 - p)));
    expect(odds.reduce((sum, z) => sum + z, 0)).toBeCloseTo(0, 4);
  });

  it('holds out no more than asked, and at least one example of few', async () => {
    expect((await fitSpied(earlyStopping, { validationExamples: 2 }, many)).fitted.details?.heldOut).toBe(2);
    expect((await fitSpied(earlyStopping, { share: 0.01 }, many)).fitted.details?.heldOut).toBe(1);
  });
});

describe('strong-to-strong', () => {
  it('trains each student on the soft predictions of the one before', async () => {
    const { calls } = await fitSpied(strongToStrong, { iterations: 2 });
    expect(calls.map(labelsOf)).toEqual([
      { a: 0.8, b: 0.1, c: 0.7, d: 0.4 },
      { a: 0.731059, b: 0.731059, c: 0.731059, d: 0.731059 },
      { a: 0.731059, b: 0.731059, c: 0.731059, d: 0.731059 },
    ]);
  });
});

describe('bootstrapping', () => {
  const many = Array.from({ length: 41 }, (_, i) => ({
    ...(i % 2 === 0 ? weak[0] : weak[1]),
    ...{ id: `${i}` },
  })) as readonly Example[];

  it('climbs from model to model, each labelling the half that it was not trained on', async () => {
    const { sizes, models, pretrained } = await fitChain({});
    expect(sizes).toEqual([
      { width: 8, layers: 2 },
      { width: 12, layers: 3 },
    ]);
    const trained = [...models, pretrained].map(({ calls }) => labelsOf(calls[0]));
    const [first, second, third] = trained.map((labels) => Object.keys(labels));
    expect([...(first ?? []), ...(second ?? [])].map(Number).sort((a, b) => a - b)).toEqual([...many.keys()]);
    expect(third).toEqual(first);
    for (const [id, label] of Object.entries(trained[0] ?? {})) expect(label).toBe(Number(id) % 2 === 0 ? 0.8 : 0.1);
    expect(new Set(Object.values(trained[1] ?? {}))).toEqual(new Set([Number(sigmoid(1).toFixed(6))]));
    expect(new Set(Object.values(trained[2] ?? {}))).toEqual(new Set([Number(sigmoid(2).toFixed(6))]));
  });

  it('records each hop, and takes sizes as asked', async () => {
    const { fitted, sizes } = await fitChain({ sizes: [{ width: 4, layers: 1 }] });
    expect(sizes).toEqual([{ width: 4, layers: 1 }]);
    expect(fitted.details).toMatchObject({ hops: 2, widths: [4], layers: [1], hopExamples: [21, 20] });
  });

  it('foresees its trainings', () => {
    const foreseen = (options: object) => bootstrapping.finetunings?.(bootstrapping.options.parse(options), 1).length;
    expect(foreseen({})).toBe(2);
    expect(foreseen({ sizes: [{ width: 8, layers: 1 }] })).toBe(1);
  });

  async function fitChain(options: Readonly<Record<string, unknown>>) {
    const [sizes, models]: [ModelSize[], ReturnType<typeof createSpyModel>[]] = [[], []];
    const pretrained = { ...createSpyModel({ width: 16, layers: 4 }), attentionHeads: 4 };
    const createModel = async (size: ModelSize) => {
      sizes.push(size);
      const logit = sizes.length;
      const model = createSpyModel({ width: 1, logits: () => [logit, 0, 0, 0, 0] });
      models.push(model);
      return model;
    };
    const fitted = await fitOn(bootstrapping, many, { options, context: { ...contextOf(pretrained), createModel } });
    return { fitted, sizes, models, pretrained };
  }
});

describe('supervisor-weights', () => {
  it('starts from the mean and then gives weight to the supervisor that the student sides with', async () => {
    const { fitted, calls } = await fitSpied(supervisorWeights, { weightRate: 1 });
    const batch = { rows: [0, 2, 3], logits: [2, 2, -2] };
    expect(asked(calls[0], { ...batch, step: 19 })).toEqual(floats([0.8, 0.7, 0.4]));
    expect(asked(calls[0], { ...batch, step: 20 })).toEqual(floats([0.8, 0.7, 0.4]));
    // ∂L/∂a_1 = −(1/3)(2·½·0.1 + 2·½·0.2 + −2·½·−0.2) = −1/6, and +1/6 for the other, so a = (1/6, −1/6).
    const first = sigmoid(1 / 3);
    expect(asked(calls[0], { ...batch, step: 21 })).toEqual(
      floats([0.9 * first + 0.7 * (1 - first), 0.9 * first + 0.5 * (1 - first), 0.2 * first + 0.6 * (1 - first)]),
    );
    expect(fitted.details?.weights).toEqual([0.5, 0.5]);
  });

  it('refuses a supervisor that skipped an example', async () => {
    const uneven = [{ ...weak[0], weakLabels: [0.9, 0.8, 0.7] } as Example, ...weak.slice(1)];
    await expect(fitSpied(supervisorWeights, {}, uneven)).rejects.toThrow(
      /Expected example "b" to be labelled 3 times/,
    );
  });
});

describe('easy-examples', () => {
  it('learns from the easiest share', async () => {
    expect(labelsOf((await fitSpied(easyExamples, { share: 0.5 })).calls[0])).toEqual({ b: 0.1, c: 0.7 });
    expect(labelsOf((await fitSpied(easyExamples, { share: 0.51 })).calls[0])).toEqual({ b: 0.1, c: 0.7, d: 0.4 });
  });

  it('refuses a share that leaves one class', async () => {
    await expect(fitSpied(easyExamples)).rejects.toThrow(/above 0.5 that easy-examples learns from/);
  });
});

async function fitSpied<Options>(technique: Technique<Options>, options = {}, on = weak) {
  const predictor = createSpyModel({ width: 1 });
  const pretrained = createSpyModel({ width: 1, logits: () => [1, 0, 0, 0, 0] });
  const fitted = await fitOn(technique, on, { options, context: contextOf(predictor, pretrained, 5) });
  return { predictor, calls: pretrained.calls, fitted };
}

interface AskedBatch {
  readonly rows: readonly number[];
  readonly logits: readonly number[];
  /** Of 100. */
  readonly step?: number;
}

/** What a recorded training would be told about a batch; other heads have targets 0.25 and weights 0.5. */
function readout(call: FinetuneCall | undefined, { rows, logits, step = 0 }: AskedBatch): ReturnType<Retarget> {
  const { retarget, data } = { ...call?.options, ...call };
  const columns = data?.targets.columns as number;
  const matrixOf = (first: readonly number[], rest: number): Matrix => ({
    ...{ rows: rows.length, columns },
    data: Float32Array.from(first.flatMap((value) => [value, ...Array.from({ length: columns - 1 }, () => rest)])),
  });
  const labels = rows.map((row) => data?.targets.data[row * columns] as number);
  const targets = matrixOf(labels, 0.25);
  const weights = matrixOf(
    rows.map(() => 1),
    0.5,
  );
  return retarget?.({ rows, logits: matrixOf(logits, 0), targets, weights, step, steps: 100 }) ?? { targets, weights };
}

function asked(call: FinetuneCall | undefined, batch: AskedBatch): number[] {
  return columnOf(readout(call, batch).targets);
}

function columnOf({ data, columns }: Matrix): number[] {
  return [...data].filter((_, i) => i % columns === 0).map((value) => Number(value.toFixed(6)));
}

function floats(values: readonly number[]): number[] {
  return values.map((value) => Number(value.toFixed(6)));
}

/** Target of the aggregate head by example. */
function labelsOf(call: FinetuneCall | undefined): Record<string, number> {
  if (call === undefined) return {};
  const rows = call.data.inputs.map(({ id }, row) => [id, Number(cell(call, row, 'aggregate').target.toFixed(6))]);
  return Object.fromEntries(rows);
}

function plain(id: string, groundTruth: boolean): Example {
  return { id, text: '0', measurements: [groundTruth], trusted: false, groundTruth };
}
