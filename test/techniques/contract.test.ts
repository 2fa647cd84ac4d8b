import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { type DefinedEstimate, isDefined } from '../../src/core/estimates.ts';
import type { Example } from '../../src/core/examples.ts';
import type { StrongModel } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import type { Dataset } from '../../src/core/settings.ts';
import type { StructureId } from '../../src/core/structures.ts';
import type { FittedTechnique, Technique } from '../../src/core/techniques.ts';
import { createTrainingView, inputsOf } from '../../src/core/training-view.ts';
import { permuteDataset } from '../../src/experiments/permute.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { techniques } from '../../src/techniques/registry.ts';
import { measurementTargets, trainingTargets } from '../../src/techniques/shared/targets.ts';
import { createFakeModel } from './fake-model.ts';
import { plantedExamples, plantedMeasurementNames, plantedWidth } from './planted-world.ts';
import { contextOf, fitOn, judged } from './support.ts';

const train = plantedExamples(0, 800);
const other = plantedExamples(1, 500);
const test = judged(plantedExamples(2, 2500));
const inputs = inputsOf(test);
const plantedDataset: Dataset = {
  setting: 'planted',
  seed: 0,
  measurementNames: plantedMeasurementNames,
  splits: { train },
  notes: { counts: {}, dropped: {}, relabelled: {}, heldOut: {} },
};
const pretrained = createFakeModel(plantedWidth, plantedMeasurementNames.length, 2, 0);
let predictor: StrongModel;

beforeAll(async () => {
  const data = trainingTargets(pretrained.heads, train, measurementTargets);
  predictor = await pretrained.finetune(data, { seed: 0, epochs: 15, learningRate: 3e-4 });
});

/** Techniques whose direction the planted world leaves open, and why. */
const undecided: Readonly<Record<string, string>> = {
  pace: 'which way the rest of the outcome points follows from whether attempts turn the aggregate positive on balance',
  'leace-probe': 'the same as of pace; here attempts fail more often than not, which inverts it',
  'inlp-probe': 'the same as of leace-probe',
  'zero-shot': 'what the fake model thinks likely to be said has nothing to do with the outcome',
  'few-shot': 'the same as of zero-shot',
};

describe.each(Object.entries<Technique>(techniques))('%s', (id, technique) => {
  let fitted: FittedTechnique;
  let scores: Float64Array;
  const fitOnce = (examples: readonly Example[]) =>
    fitOn(technique, examples, { context: contextOf(predictor, pretrained) });

  beforeAll(async () => {
    fitted = await fitOnce(train);
    scores = await fitted.score(inputs);
  });

  it('is registered under its file name and says where it comes from', () => {
    expect(technique.id).toBe(id);
    expect(existsSync(new URL(`../../src/techniques/${id}.ts`, import.meta.url))).toBe(true);
    expect(technique.source).toContain('methods.md');
    expect(technique.needs.groundTruth ?? false).toBe(technique.role === 'ceiling');
  });

  it('has a default for every option and refuses unknown ones', () => {
    expect(technique.options.safeParse({}).success).toBe(true);
    expect(technique.options.safeParse({ 'no-such-option': 1 }).success).toBe(false);
  });

  it('cannot see hidden ground truth, unless it is a ceiling', async () => {
    expect(await scoresWithPermutedGroundTruth(technique)).toSatisfy((permuted: Float64Array) =>
      technique.role === 'ceiling' ? !sameNumbers(permuted, scores) : sameNumbers(permuted, scores),
    );
  });

  it('depends on the measurements, by itself or by the predictor, unless it declares that it does not', async () => {
    const { splits } = permuteDataset(plantedDataset, 'measurements', 0);
    const untold = await fitOn(technique, splits.train, { context: contextOf(pretrained) });
    expect(sameNumbers(await untold.score(inputs), scores)).toBe(technique.ignoresMeasurements ?? false);
  });

  it('gives the same scores bit for bit with the same seed', async () => {
    expect(await (await fitOnce(train)).score(inputs)).toEqual(scores);
    expect(await fitted.score(inputs)).toEqual(scores);
  });

  it('forgets an earlier fit, and a later one does not disturb it', async () => {
    const refitted = await fitOnce(other);
    expect(await fitted.score(inputs)).toEqual(scores);
    await fitOnce(train);
    expect(await refitted.score(inputs)).toEqual(await (await fitOnce(other)).score(inputs));
  });

  it('gives one finite score per input, and none for none', async () => {
    expect(scores).toHaveLength(inputs.length);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(await fitted.score([])).toHaveLength(0);
  });

  it.skipIf(technique.role === 'control' || id in undecided)('scores real positives higher than fake ones', () => {
    expect(aurocOf(scores).lower).toBeGreaterThan(0.5);
  });

  it('leaves the predictor and the pretrained model as they were', async () => {
    const before = await Promise.all([predictor, pretrained].map((model) => model.logits(inputs)));
    await (await fitOnce(train)).score(inputs);
    expect(await Promise.all([predictor, pretrained].map((model) => model.logits(inputs)))).toEqual(before);
  });

  it('takes ids as opaque', async () => {
    const renamed = train.map((example, index) => ({ ...example, id: `renamed-${(index * 7919) % 1000}` }));
    const relabelled = inputs.map((input, index) => ({ ...input, id: `other-${index}` }));
    expect(await (await fitOnce(renamed)).score(relabelled)).toEqual(scores);
  });

  it('scores an input alike alone and in any company', async () => {
    const backwards = (await fitted.score([...inputs].reverse())).reverse();
    const alone = await Promise.all(inputs.slice(0, 5).map(async (input) => (await fitted.score([input]))[0]));
    expect(largestGap(backwards, scores)).toBeLessThan(1e-6);
    expect(largestGap(alone as number[], scores.slice(0, 5))).toBeLessThan(1e-6);
  });

  it('tells what it chose as plain data', () => {
    expect(JSON.parse(JSON.stringify(fitted.details ?? {}))).toEqual(fitted.details ?? {});
  });

  it.each(technique.needs.structures)('refuses training examples without %s', async (structure) => {
    const { examples, measurementNames } = without(structure);
    const refusal = fitOn(technique, examples, { context: contextOf(predictor, pretrained), measurementNames });
    await expect(refusal).rejects.toThrow(UserError);
    await expect(refusal).rejects.toThrow(new RegExp(`${id} needs the structure "${structure}"\\. Run it on `));
  });

  it.runIf(technique.needs.groundTruth)('refuses a view without ground truth', async () => {
    const view = createTrainingView(train, plantedMeasurementNames, { groundTruth: false });
    const refusal = technique.fit(view, technique.options.parse({}), contextOf(predictor, pretrained));
    await expect(refusal).rejects.toThrow(UserError);
    await expect(refusal).rejects.toThrow(new RegExp(`training view of ${id}, a ceiling`));
  });
});

describe('the firewall check', () => {
  it('holds on a view that has no ground truth, own or inherited, and cannot be changed', () => {
    const view = createTrainingView(train, plantedMeasurementNames, { groundTruth: false });
    for (const thing of [view, ...view.examples]) {
      expect('groundTruth' in thing).toBe(false);
      expect(Object.isFrozen(thing)).toBe(true);
    }
  });

  it('catches a technique that gets at ground truth without being called a ceiling', async () => {
    const leaky = leakingTechnique();
    const scores = await (await fitOn(leaky, train, { context: contextOf(predictor) })).score(inputs);
    expect(sameNumbers(await scoresWithPermutedGroundTruth(leaky), scores)).toBe(false);
  });
});

/** A technique that asks for ground truth without being drawn apart as a ceiling. */
function leakingTechnique(): (typeof techniques)['ground-truth-probe'] {
  return { ...techniques['ground-truth-probe'], role: 'technique' };
}

async function scoresWithPermutedGroundTruth<Options>(technique: Technique<Options>): Promise<Float64Array> {
  const outcomes = createRng(0, 'permutation').shuffle(train.map(({ groundTruth }) => groundTruth));
  const permuted = train.map((example, index) => ({ ...example, groundTruth: outcomes[index] as boolean }));
  return (await fitOn(technique, permuted, { context: contextOf(predictor, pretrained) })).score(inputs);
}

/** The training examples as a setting without `structure` would give them. */
function without(structure: StructureId): { examples: readonly Example[]; measurementNames: readonly string[] } {
  const alternatives: Record<StructureId, () => readonly Example[]> = {
    'trusted-subset': () => train.filter(({ trusted }) => !trusted),
    'untrusted-examples': () => train.filter(({ trusted }) => trusted),
    'several-measurements': () =>
      train.map((example) => ({ ...example, measurements: example.measurements.slice(0, 1) })),
    'tamper-evidence': () => train.map(({ tamperEvidence: _, ...example }) => example),
    'contrast-pairs': () => train.map(({ pairs: _, ...example }) => example),
    paraphrases: () =>
      train.map((example) => ({ ...example, ...(example.pairs && { pairs: example.pairs.slice(0, 1) }) })),
    'difficulty-order': () => train.map(({ difficulty: _, ...example }) => example),
    'several-supervisors': () =>
      train.map((example) => ({
        ...example,
        ...(example.weakLabels && { weakLabels: example.weakLabels.slice(0, 1) }),
      })),
  };
  const measurementNames = plantedMeasurementNames.slice(0, structure === 'several-measurements' ? 1 : undefined);
  return { examples: alternatives[structure](), measurementNames };
}

function aurocOf(scores: Float64Array): DefinedEstimate {
  const estimate = auroc(
    scores,
    test.map(({ groundTruth }) => groundTruth),
  );
  if (!isDefined(estimate)) throw new Error(estimate.undefined);
  return estimate;
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, index) => Object.is(value, b[index]));
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] as number))));
}
