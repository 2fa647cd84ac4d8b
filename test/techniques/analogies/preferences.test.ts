import { describe, expect, it } from 'vitest';
import { expected } from '../../../src/core/errors.ts';
import type { ContrastPair, Example } from '../../../src/core/examples.ts';
import type {
  BatchReadout,
  Completion,
  FinetuneOptions,
  StrongModel,
  TrainingTargets,
} from '../../../src/core/models.ts';
import { createRng } from '../../../src/core/random.ts';
import type { FittedTechnique, Technique } from '../../../src/core/techniques.ts';
import { inputsOf } from '../../../src/core/training-view.ts';
import { createPretrained } from '../../../src/models/strong-model.ts';
import { fewShot } from '../../../src/techniques/few-shot.ts';
import { preferenceFinetuning } from '../../../src/techniques/preference-finetuning.ts';
import { promptTuning } from '../../../src/techniques/prompt-tuning.ts';
import { targetTuned } from '../../../src/techniques/target-tuned.ts';
import { zeroShot } from '../../../src/techniques/zero-shot.ts';
import { plantedExamples as programs, smallOptions } from '../../models/planted.ts';
import { createFakeModel, fakeLogLikelihood, textOf } from '../fake-model.ts';
import { swapped } from '../latent/pair-world.ts';
import { contextOf, fitOn } from '../support.ts';

const fake = createFakeModel(4, 1, 1, 0);

/** The better candidate ends in the higher number; prompts are three numbers that tell nothing. */
function numberExamples(seed: number, n: number, trusted: (i: number) => boolean): readonly Example[] {
  const rng = createRng(seed, 'numbers');
  return Array.from({ length: n }, (_, i) => {
    const groundTruth = rng.chance(0.5);
    const prompt = `${textOf([rng.normal(), rng.normal(), rng.normal()])} `;
    const low = rng.normal();
    const high = low + 0.5 + rng.uniform();
    const pair = { prompt, negative: textOf([groundTruth ? low : high]), positive: textOf([groundTruth ? high : low]) };
    const measurements = [trusted(i) ? groundTruth : null];
    return {
      id: `${seed}-${i}`,
      text: pair.prompt + pair.positive,
      pairs: [pair],
      measurements,
      trusted: trusted(i),
      groundTruth,
    };
  });
}

const train = numberExamples(0, 200, (i) => i % 2 === 0);
const judged = numberExamples(1, 100, () => false);
const pairOf = ({ pairs }: Example) => (pairs as readonly ContrastPair[])[0] as ContrastPair;
const scoresOf = async (fitted: FittedTechnique, examples = judged) => [...(await fitted.score(inputsOf(examples)))];
const rightOn = async (fitted: FittedTechnique, examples = judged) =>
  (await scoresOf(fitted, examples)).filter((score, i) => score > 0 === examples[i]?.groundTruth).length /
  examples.length;
const withGroundTruth = (change: (example: Example) => boolean) =>
  train.map((example) => (change(example) ? { ...example, groundTruth: !example.groundTruth } : example));

it.each([zeroShot, fewShot, preferenceFinetuning, promptTuning, targetTuned])(
  '$id: exchanging the candidates turns the sign',
  async (technique) => {
    const fitted = await fitOn(technique as Technique, train, { context: contextOf(fake) });
    const exchanged = await fitted.score(inputsOf(judged).map(swapped));
    expect([...exchanged]).toEqual((await scoresOf(fitted)).map((score) => -score));
  },
);

describe('few-shot', () => {
  /** What the model is asked, where there is room for texts of `room` characters. */
  function asked(room = Number.POSITIVE_INFINITY) {
    const completions: Completion[] = [];
    const logLikelihoods = async (given: readonly Completion[]) => {
      const long = given.find(({ prompt, answer }) => (prompt + answer).length > room);
      if (long) throw expected('text-too-long', 'it', 'shorter', long.prompt.length, 'Shorten it.');
      completions.push(...given);
      return Float64Array.from(given, fakeLogLikelihood);
    };
    return { completions, context: contextOf({ ...fake, logLikelihoods }) };
  }
  const answers = new Map(
    train.map((example) => {
      const { groundTruth, trusted } = example;
      const pair = pairOf(example);
      return [pair.prompt + (groundTruth ? pair.positive : pair.negative), trusted];
    }),
  );

  it('puts four solved trusted examples before each prompt, with blank lines between', async () => {
    const { completions, context } = asked();
    const fitted = await fitOn(fewShot, train, { context });
    completions.length = 0;
    const scores = await scoresOf(fitted);
    expect(completions).toHaveLength(2 * judged.length);
    const drawn = completions.map(({ prompt }) => prompt.split('\n\n'));
    for (const [row, shots] of drawn.slice(0, judged.length).entries()) {
      expect(shots.pop()).toBe(judged[row]?.pairs?.[0]?.prompt);
      expect(shots.map((shot) => answers.get(shot))).toEqual([true, true, true, true]);
      expect(new Set(shots).size).toBe(4);
    }
    expect(new Set(drawn.flat()).size).toBeGreaterThan(80);
    expect(scores[0]).toBe(
      fakeLogLikelihood(completions[0] as Completion) - fakeLogLikelihood(completions[judged.length] as Completion),
    );
    expect(fitted.details).toEqual({ examples: 100, shotsAsked: 4, shots: 4 });
  });

  it('draws the same for the same seed and prompt, others for another', async () => {
    const scores = async (seed: number) =>
      scoresOf(await fitOn(fewShot, train, { context: contextOf(fake, fake, seed) }));
    expect(await scores(0)).toEqual(await scores(0));
    expect(await scores(1)).not.toEqual(await scores(0));
  });

  it('takes fewer where there is no room, and tells', async () => {
    const { completions, context } = asked(290);
    const fitted = await fitOn(fewShot, train, { context });
    expect(fitted.details).toMatchObject({ shotsAsked: 4, shots: 2 });
    completions.length = 0;
    const long = judged.map((example, i) => (i % 10 === 0 ? lengthened(example) : example));
    expect(await scoresOf(fitted, long)).toHaveLength(100);
    const shots = new Map(
      completions.map(({ prompt }) => [prompt.split('\n\n').at(-1), prompt.split('\n\n').length - 1]),
    );
    expect(long.map(({ pairs }) => shots.get(pairs?.[0]?.prompt as string))).toEqual(
      long.map((_, i) => (i % 10 === 0 ? 1 : 2)),
    );
    await expect(fitOn(fewShot, train, { context: asked(10).context }).then(scoresOf)).rejects.toMatchObject({
      code: 'text-too-long',
    });
  });

  function lengthened(example: Example): Example {
    return {
      ...example,
      pairs: (example.pairs ?? []).map((pair) => ({ ...pair, prompt: `0${' 0'.repeat(40)} ${pair.prompt}` })),
    };
  }
});

describe('target-tuned', () => {
  const fitAll = (examples: readonly Example[]) => fitOn(targetTuned, examples, { context: contextOf(fake) });

  it('learns from the ground truth of untrusted examples, and of no others', async () => {
    const scores = await scoresOf(await fitAll(train));
    expect(await rightOn(await fitAll(train))).toBeGreaterThan(0.9);
    expect(await scoresOf(await fitAll(withGroundTruth(({ trusted }) => trusted)))).toEqual(scores);
    expect(await rightOn(await fitAll(withGroundTruth(({ trusted }) => !trusted)))).toBeLessThan(0.1);
  });

  it('takes all where every one is trusted', async () => {
    const fitted = await fitAll(train.map((example) => ({ ...example, trusted: true })));
    expect(fitted.details?.examples).toBe(200);
  });
});

describe('preference-finetuning', () => {
  it('learns from measured trusted examples alone', async () => {
    const context = contextOf(fake);
    const fitted = await fitOn(preferenceFinetuning, train, { context });
    expect(fitted.details).toMatchObject({ examples: 100, trainable: 'lora', epochs: 2 });
    expect(await rightOn(fitted)).toBeGreaterThan(0.9);
    const changed = train.map((example) => (example.trusted ? example : { ...example, measurements: [true] }));
    expect(await scoresOf(await fitOn(preferenceFinetuning, changed, { context }))).toEqual(await scoresOf(fitted));
    const untrusted = train.map((example) => (example.trusted ? { ...example, measurements: [null] } : example));
    await expect(fitOn(preferenceFinetuning, untrusted, { context })).rejects.toThrow(
      /trusted examples with a measurement that preference-finetuning learns from to be at least 1, got 0/,
    );
  });
});

describe('on the project’s own decoder', () => {
  const pretrained = createPretrained({ ...smallOptions(), threads: 2 });
  const [source, target] = [programPairs(5, true), programPairs(6, false)];

  it('zero-shot is the difference of the mean log probabilities per token', async () => {
    const fitted = await fitOn(zeroShot, source, { context: contextOf(pretrained) });
    const scores = await scoresOf(fitted, target);
    for (const row of [0, 3]) {
      const { prompt, negative, positive } = pairOf(target[row] as Example);
      const [of, against] = await pretrained.logLikelihoods([positive, negative].map((answer) => ({ prompt, answer })));
      expect(scores[row]).toBeCloseTo((of as number) - (against as number), 5);
    }
    expect(new Set(scores).size).toBeGreaterThan(target.length / 2);
  });

  it.each([
    ['adapters', preferenceFinetuning, { learningRate: 5e-3 }],
    ['all weights', preferenceFinetuning, { learningRate: 3e-3, trainable: 'full' }],
    ['virtual tokens', promptTuning, { learningRate: 1e-2, epochs: 12 }],
  ] as const)('Bradley and Terry’s loss falls and orders held-out pairs: %s', async (_, technique, options) => {
    const losses: number[] = [];
    const watched = watching(pretrained, ({ logits }) => losses.push(pairLoss(logits)));
    const on = { options: { epochs: 8, batchSize: 16, ...options }, context: contextOf(watched) };
    const fitted = await fitOn(technique as Technique, source, on);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-5))).toBeLessThan(0.85 * mean(losses.slice(0, 5)));
    expect(await rightOn(fitted, target)).toBeGreaterThan(0.6);
  });
});

/** Pairs of a program that pops and one that does not, after the same words; the popping one is the better. */
function programPairs(seed: number, trusted: boolean): readonly Example[] {
  const rng = createRng(seed, 'program-pairs');
  const popping = programs(1200, seed);
  const [pops, others] = [true, false].map((wanted) => popping.filter(({ groundTruth }) => groundTruth === wanted));
  return Array.from({ length: 240 }, (_, i) => {
    const groundTruth = rng.chance(0.5);
    const [better, worse] = [pops?.[i]?.text as string, others?.[i]?.text as string];
    const pair = { prompt: 'vault ', negative: groundTruth ? worse : better, positive: groundTruth ? better : worse };
    const measurements = [trusted ? groundTruth : null, trusted ? groundTruth : null];
    return { id: `${seed}-${i}`, text: pair.prompt + pair.positive, pairs: [pair], measurements, trusted, groundTruth };
  });
}

/** A model whose finetuning shows each batch to a test. */
function watching(model: StrongModel, watch: (batch: BatchReadout) => void): StrongModel {
  const finetune = (data: TrainingTargets, options: FinetuneOptions) => {
    const retarget = (batch: BatchReadout) => {
      watch(batch);
      return options.retarget?.(batch) ?? batch;
    };
    return model.finetune(data, { ...options, retarget });
  };
  return { ...model, finetune };
}

/** Mean over pairs of −log σ(r_better − r_worse), the better one in the even rows. */
function pairLoss({ rows, columns, data }: BatchReadout['logits']): number {
  let sum = 0;
  for (let row = 0; row < rows; row += 2) {
    sum += Math.log1p(Math.exp((data[(row + 1) * columns] as number) - (data[row * columns] as number)));
  }
  return (2 * sum) / rows;
}
