import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { type DefinedEstimate, isDefined } from '../../src/core/estimates.ts';
import type { FinetuneOptions, HeadId, Matrix } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import type { Technique } from '../../src/core/techniques.ts';
import { inputsOf } from '../../src/core/training-view.ts';
import { createFeatureModel, type FeatureModel } from '../../src/detection/features/feature-model.ts';
import { featureRowsById } from '../../src/detection/features/feature-rows.ts';
import { fitLogisticRegression } from '../../src/solvers/logistic-regression.ts';
import { matrixRows } from '../../src/solvers/matrix-rows.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { techniques } from '../../src/techniques/registry.ts';
import { type HeadTarget, measurementTargets, trainingTargets } from '../../src/techniques/shared/targets.ts';
import { featuresOf, matrix } from '../techniques/fake-model.ts';
import { plantedExamples, plantedWidth } from '../techniques/planted-world.ts';
import { contextOf, fitOn, judged } from '../techniques/support.ts';

const train = plantedExamples(0, 800);
const test = judged(plantedExamples(2, 2500));
const inputs = inputsOf(test);
const seed = 0;

/** The planted features with Gaussian noise, and at the second layer a random rotation of them with a little more. */
function plantedFeatures() {
  const all = [...train, ...test];
  const rng = createRng(0, 'planted-features');
  const mix = Array.from({ length: plantedWidth }, () =>
    Array.from({ length: plantedWidth }, () => rng.normal() / Math.sqrt(plantedWidth)),
  );
  const first = all.map(({ text }) => featuresOf(text).map((x) => x + 0.4 * rng.normal()));
  const second = first.map((x) =>
    mix.map((row) => row.reduce((sum, w, k) => sum + w * (x[k] as number), 0.1 * rng.normal())),
  );
  return featureRowsById(
    all.map(({ id }) => id),
    [matrix(first), matrix(second)],
  );
}

const features = plantedFeatures();
const pretrained = createFeatureModel({ features, measurements: 3, seed });
let predictor: FeatureModel;
beforeAll(async () => {
  predictor = await pretrained.finetune(trainingTargets(pretrained.heads, train, measurementTargets), { seed });
});

const column = ({ rows, columns, data }: Matrix, j: number) =>
  Array.from({ length: rows }, (_, row) => data[row * columns + j] as number);
const targetsOf = (targets: (row: number) => readonly HeadTarget[], examples = train) =>
  trainingTargets(pretrained.heads, examples, (_, row) => targets(row));
const refusedBy = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).code;
};

describe('a feature model', () => {
  it('shows the features as its layers, the first one as layer 0 too', async () => {
    const [first, second] = (await features.rows(inputs)) as [Matrix, Matrix];
    expect([pretrained.layers, pretrained.width]).toEqual([2, plantedWidth]);
    expect(await Promise.all([0, 1, 2].map((layer) => pretrained.activations(inputs, layer)))).toEqual([
      first,
      first,
      second,
    ]);
    const { lengths, states } = await pretrained.tokenStates(inputs, 2);
    expect([new Set(lengths), states]).toEqual([new Set([1]), second]);
    expect(await refusedBy(pretrained.activations(inputs, 3))).toBe('no-such-layer');
    expect((await pretrained.logits([])).rows).toBe(0);
  });

  it('learns heads that are the logistic regression on the last layer', async () => {
    const hard = train.map(({ measurements }) => Number(measurements[1]));
    const soft = train.map((_, row) => (row % 10) / 10);
    const weights = train.map((_, row) => row % 3);
    const l2 = 0.01;
    const data = targetsOf((row) => [
      { head: 'aggregate', target: soft[row] as number, weight: weights[row] as number },
      { head: 'measurement-2', target: hard[row] as number, weight: 1 },
    ]);
    const model = await createFeatureModel({ features, measurements: 3, seed, l2 }).finetune(data, { seed });
    const logits = await model.logits(train);
    const last = (await features.rows(train))[1] as Matrix;
    for (const [head, targets, options] of [
      ['aggregate', soft.map(Math.fround), { weights }],
      ['measurement-2', hard, {}],
    ] as const) {
      const fitted = await fitLogisticRegression(matrixRows(last), targets, { l2, standardize: true, ...options });
      const expected = Array.from({ length: last.rows }, (_, row) =>
        fitted.weights.reduce((sum, w, k) => sum + w * (last.data[row * last.columns + k] as number), fitted.bias),
      );
      const got = column(logits, model.heads.indexOf(head));
      expect(Math.max(...got.map((z, row) => Math.abs(z - (expected[row] as number))))).toBeLessThan(1e-4);
    }
  });

  it('leaves out examples of weight 0, and keeps heads whose weights are all 0', async () => {
    const answer = (row: number) => Number(train[row]?.groundTruth);
    const half = train.slice(0, 400);
    const shown = await pretrained.finetune(
      targetsOf((row) => [{ head: 'aggregate', target: answer(row), weight: 1 }], half),
      { seed },
    );
    const masked = await pretrained.finetune(
      targetsOf((row) => [{ head: 'aggregate', target: row < 400 ? answer(row) : 1, weight: Number(row < 400) }]),
      { seed },
    );
    expect(masked.headWeights).toEqual(shown.headWeights);
    const [before, after] = [await pretrained.logits(inputs), await masked.logits(inputs)];
    expect(column(after, 0)).not.toEqual(column(before, 0));
    for (const j of [1, 2, 3, 4]) expect(column(after, j)).toEqual(column(before, j));
  });

  it('answers targets that are all alike by a constant', async () => {
    const data = targetsOf(() => [
      { head: 'aggregate', target: 1, weight: 1 },
      { head: 'ground-truth', target: 0, weight: 0.5 },
    ]);
    const logits = await (await pretrained.finetune(data, { seed })).logits(inputs);
    expect(new Set(column(logits, 0))).toEqual(new Set([Math.fround(Math.log(801))]));
    expect(new Set(column(logits, 1))).toEqual(new Set([Math.fround(-Math.log(801))]));
  });

  it('comes back bit for bit from its heads, and learns the same whatever it starts from', async () => {
    const opened = createFeatureModel({ features, measurements: 3, seed: 7, headWeights: predictor.headWeights });
    expect(await opened.logits(inputs)).toEqual(await predictor.logits(inputs));
    const data = trainingTargets(pretrained.heads, train, measurementTargets);
    const again = await createFeatureModel({ features, measurements: 3, seed: 9 }).finetune(data, { seed: 5 });
    const learned: readonly HeadId[] = ['aggregate', 'measurement-1', 'measurement-2', 'measurement-3'];
    for (const j of learned.map((head) => again.heads.indexOf(head))) {
      expect(column(await again.logits(inputs), j)).toEqual(column(await predictor.logits(inputs), j));
    }
    const foreign = () => createFeatureModel({ features, measurements: 2, seed, headWeights: predictor.headWeights });
    expect(foreign).toThrow(/shape of heads\.weight to be 8 × 4, got "8 × 5"/);
  });

  it('gives a text the same logits alone and in any company', async () => {
    const whole = await predictor.logits(inputs);
    const alone = await predictor.logits(inputs.slice(3, 4));
    expect([...alone.data]).toEqual([...whole.data.subarray(3 * 5, 4 * 5)]);
  });

  it('finds the direction in few wide features at its default strength', async () => {
    const rng = createRng(0, 'wide-features');
    const width = 128;
    const rows = Array.from({ length: 1200 }, () => Array.from({ length: width }, () => rng.normal()));
    const labels = rows.map((x) => Number((x[0] as number) + (x[1] as number) + 0.5 * rng.normal() > 0));
    const examples = rows.map((_, i) => ({ id: `${i}`, text: '' }));
    const wide = featureRowsById(
      examples.map(({ id }) => id),
      [matrix(rows)],
    );
    const start = createFeatureModel({ features: wide, measurements: 1, seed });
    const data = trainingTargets(start.heads, examples.slice(0, 200), (_, row) => [
      { head: 'aggregate', target: labels[row] as number, weight: 1 },
    ]);
    const logits = await (await start.finetune(data, { seed })).logits(examples.slice(200));
    expect(aurocOf(column(logits, 0), labels.slice(200).map(Boolean)).value).toBeGreaterThan(0.8);
  });

  it.each<[string, Partial<FinetuneOptions>]>([
    ['targets that move', { retarget: ({ targets, weights }) => ({ targets, weights }) }],
    ['next tokens', { nextTokenWeight: 1 }],
    ['adapters', { trainable: 'lora' }],
    ['a prompt', { trainable: 'prompt' }],
    ['early stopping', { validation: { data: targetsOf(() => []), everySteps: 1, patience: 1 } }],
  ])('refuses %s by one code', async (_, options) => {
    const training = pretrained.finetune(
      targetsOf(() => []),
      { seed, ...options },
    );
    expect(await refusedBy(training)).toBe('frozen-features');
  });

  it('refuses what only a network has, and targets of another shape', async () => {
    const intervention = { layer: 1, states: await pretrained.activations(inputs, 1) };
    expect(await refusedBy(pretrained.headOutputs(inputs, 1))).toBe('frozen-features');
    expect(await refusedBy(pretrained.logLikelihoods([]))).toBe('frozen-features');
    expect(await refusedBy(pretrained.intervene(inputs, intervention))).toBe('frozen-features');
    expect(await refusedBy(pretrained.interventionGradient(inputs, intervention, intervention.states))).toBe(
      'frozen-features',
    );
    const { inputs: some, targets, weights } = targetsOf(() => []);
    expect(await refusedBy(pretrained.finetune({ inputs: some.slice(1), targets, weights }, { seed }))).toBe(
      'wrong-targets',
    );
    expect(
      await refusedBy(
        pretrained.finetune(
          targetsOf(() => [], []),
          { seed },
        ),
      ),
    ).toBe('no-examples');
  });
});

describe('feature rows by id', () => {
  it('refuse layers that differ, ids given twice, and inputs without a row', async () => {
    const one = matrix([[1], [2]]);
    expect(() => featureRowsById(['a', 'b'], [])).toThrow(/at least one/);
    expect(() =>
      featureRowsById(
        ['a', 'b'],
        [
          one,
          matrix([
            [1, 2],
            [3, 4],
          ]),
        ],
      ),
    ).toThrow(/layer 2 .* 2 × 1, .* got "2 × 2"/);
    expect(() => featureRowsById(['a', 'a'], [one])).toThrow(/each there once, got "a"/);
    const input = (id: string) => ({ id, text: '' });
    await expect(featureRowsById(['a', 'b'], [one]).rows(['b', 'x', 'y'].map(input))).rejects.toThrow(
      /of 3 examples to be one row each, got none for 2 of them \("x" is the first\)/,
    );
  });
});

/** Every technique for measurement tampering that reads activations or trains heads. */
const usable = [
  'untrusted-finetuning',
  'trusted-finetuning',
  'trusted-probe',
  'evidence-probe',
  'evidence-finetuning',
  'exclusion-finetuning',
  'exclusion-finetuning-each',
  'pace',
  'dirtiness-probe',
  'measurement-gap',
  'mahalanobis',
  'quantum-entropy',
  'spectral-signature',
  'local-outlier-factor',
  'isolation-forest',
  'variational-autoencoder',
  'finetuning-divergence',
] as const;

describe.each(usable)('%s on frozen features', (id) => {
  it('finds the planted signal, the same each time, and in finite numbers', async () => {
    const technique: Technique = techniques[id];
    const fitted = () => fitOn(technique, train, { context: contextOf(predictor, pretrained) });
    const scores = await (await fitted()).score(inputs);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(await (await fitted()).score(inputs)).toEqual(scores);
    expect(
      aurocOf(
        scores,
        test.map(({ groundTruth }) => groundTruth),
      ).lower,
    ).toBeGreaterThan(0.5);
  });
});

it.each([
  'boundless-das',
  'confidence-loss',
  'early-stopping',
  'generative-finetuning',
  'zero-shot',
  'few-shot',
] as const)('%s says that it needs a network', async (id) => {
  const work = async () =>
    (await fitOn<unknown>(techniques[id], train, { context: contextOf(predictor, pretrained) })).score(inputs);
  expect(await refusedBy(work())).toBe('frozen-features');
});

function aurocOf(scores: ArrayLike<number>, labels: readonly boolean[]): DefinedEstimate {
  const estimate = auroc(Float64Array.from(scores), labels);
  if (!isDefined(estimate)) throw new Error(estimate.undefined);
  return estimate;
}
