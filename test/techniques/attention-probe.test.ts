import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import type { SupervisedExample } from '../../src/core/examples.ts';
import type { StrongModel } from '../../src/core/models.ts';
import { createRng } from '../../src/core/random.ts';
import type { Technique } from '../../src/core/techniques.ts';
import { inputsOf } from '../../src/core/training-view.ts';
import { createTrainer } from '../../src/graph/create-trainer.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { techniques } from '../../src/techniques/registry.ts';
import { attentionSession } from '../../src/techniques/shared/attention-graph.ts';
import { createAttentionScorer } from '../../src/techniques/shared/attention-scorer.ts';
import { type AttentionWeights, attentionFeeds } from '../../src/techniques/shared/attention-training.ts';
import { fitProbe } from '../../src/techniques/shared/probe.ts';
import { type ProbeOptions, probeOptions } from '../../src/techniques/shared/probe-options.ts';
import { createFakeModel, textOf } from './fake-model.ts';
import { plantedExamples, plantedMeasurementNames, plantedWidth } from './planted-world.ts';
import { createSpyModel } from './spy-model.ts';
import { contextOf, fitOn, judged } from './support.ts';

const width = 6;

/**
 * Texts of 4 to 12 tokens. One in the middle bears a mark, and beside it the label; everywhere else the label's dimension
 * holds a sign at random. The last token knows that it is the last.
 */
const planted = createSpyModel({
  width,
  layers: 2,
  tokens: ([label = 0, length = 0, marked = 0, key = 0], layer) => {
    const rng = createRng(0, key, layer);
    return Array.from({ length }, (_, token) => {
      const isMarked = token === marked && layer === 2;
      const sign = isMarked ? label : rng.choice([-1, 1]);
      return [Number(isMarked), sign, Number(token === length - 1), rng.normal(), rng.normal(), rng.normal()];
    });
  },
});

function plantedTask(count: number, seed: number) {
  const rng = createRng(seed, 'planted-attention');
  const targets = Array.from({ length: count }, () => rng.chance(0.5));
  const examples = targets.map((target, i): SupervisedExample => {
    const length = rng.integer(4, 12);
    const text = textOf([target ? 1 : -1, length, rng.integer(1, length - 2), rng.integer(0, 2 ** 30)]);
    return { id: `${seed}-${i}`, text, measurements: [target], trusted: true };
  });
  return { technique: 'a-probe', examples, targets, positives: 'positives', negatives: 'negatives' };
}

const train = plantedTask(600, 0);
const test = plantedTask(400, 1);

async function fitted(options: object, model: StrongModel = planted, task = train, seed = 0) {
  return fitProbe(model, task, probeOptions.parse(options) as ProbeOptions, contextOf(model, model, seed));
}

async function aurocOf(options: object, model: StrongModel = planted): Promise<number> {
  const probe = await fitted(options, model);
  return (auroc(await probe.score(test.examples), test.targets) as { value: number }).value;
}

describe('the attention form of a probe', () => {
  it.each([{}, { queryKeyWidth: 'width' }, { queryKeyWidth: 1 }])(
    'finds a label at a marked token, where the linear form sees nothing: %j',
    async (options) => {
      const fixed = { ...options, layer: 2, l2: [1e-3] };
      expect(await aurocOf({ ...fixed, form: 'attention' })).toBeGreaterThan(0.95);
      expect(Math.abs((await aurocOf(fixed)) - 0.5)).toBeLessThan(0.1);
    },
  );

  it('looks at the layer it is told, and tells what it did', async () => {
    const { details } = await fitted({ form: 'attention', layer: 2, l2: [0.01], training: { epochs: 1 } });
    expect(details).toEqual({ form: 'attention', layer: 2, l2: 0.01, queryKeyWidth: 16, examples: 600 });
    expect(await aurocOf({ form: 'attention', layer: 1, training: { epochs: 4 } })).toBeLessThan(0.65);
    const beyond = fitted({ form: 'attention', layer: 3 });
    await expect(beyond).rejects.toThrow(UserError);
    await expect(beyond).rejects.toThrow(/option "layer" of a-probe to be at most 2, got 3/);
  });

  it('has its layer and L2 strength chosen by linear probes', async () => {
    const told = createSpyModel({
      width: 2,
      layers: 3,
      tokens: ([label = 0, length = 0, , key = 0], layer) => {
        const rng = createRng(0, key, layer);
        return Array.from({ length }, () => [rng.normal(), layer === 2 ? label + rng.normal() : rng.normal()]);
      },
    });
    const [attention, linear] = await Promise.all(
      ['attention', 'linear'].map((form) => fitted({ form, training: { epochs: 2 } }, told)),
    );
    const { layer, l2, crossValidatedAuroc } = linear?.details ?? {};
    expect(attention?.details).toMatchObject({ layer: 2, l2, crossValidatedAuroc });
    expect(layer).toBe(2);
  });

  it('is the same bit for bit by seed, and another by another', async () => {
    const options = { form: 'attention', layer: 2, l2: [1e-3], training: { epochs: 2 } };
    const scores = async (seed: number) => (await fitted(options, planted, train, seed)).score(test.examples);
    expect(await scores(3)).toEqual(await scores(3));
    expect(await scores(4)).not.toEqual(await scores(3));
  });

  it('scores a text alike alone and in any company', async () => {
    const probe = await fitted({ form: 'attention', layer: 2, l2: [1e-3], training: { epochs: 2 } });
    const together = await probe.score([...test.examples].reverse());
    const alone = await probe.score(test.examples.slice(0, 1));
    expect(alone[0]).toBe(together.at(-1));
    expect(await probe.score([])).toHaveLength(0);
  });

  it('does not depend on the units of the hidden states', async () => {
    const options = { form: 'attention', layer: 2, l2: [1e-3], training: { epochs: 2 } };
    const units = [100, 1, 0.01, 1, 7, 1];
    const scaled: StrongModel = {
      ...planted,
      tokenStates: async (inputs, layer) => {
        const { lengths, states } = await planted.tokenStates(inputs, layer);
        const data = states.data.map((value, i) => 3 + value * (units[i % width] as number));
        return { lengths, states: { ...states, data } };
      },
    };
    const scores = await (await fitted(options)).score(test.examples);
    const others = await (await fitted(options, scaled)).score(test.examples);
    others.forEach((score, i) => {
      expect(score).toBeCloseTo(scores[i] as number, 3);
    });
  });

  it('learns from no more examples than it may, of both classes', async () => {
    const few = { form: 'attention', layer: 2, l2: [1e-3], training: { epochs: 1, mostExamples: 50 } };
    expect((await fitted(few)).details).toMatchObject({ examples: 50 });
    const rare = { ...train, targets: train.targets.map((_, i) => i < 2) };
    await expect(fitted(few, planted, rare)).resolves.toBeDefined();
    await expect(fitted(few, planted, { ...train, targets: train.targets.map((_, i) => i < 1) })).rejects.toThrow(
      /number of positives that a-probe learns from to be at least 2, got 1/,
    );
  });

  it('stops when asked to, and refuses options it does not know', async () => {
    const options = probeOptions.parse({ form: 'attention', layer: 2, l2: [1e-3] }) as ProbeOptions;
    let epochs = 0;
    const stop = new AbortController();
    const progress = () => void (++epochs === 2 && stop.abort(new Error('stopped by hand')));
    const context = { ...contextOf(planted), progress, signal: stop.signal };
    await expect(fitProbe(planted, train, options, context)).rejects.toThrow('stopped by hand');
    expect(probeOptions.safeParse({ training: { epoch: 3 } }).success).toBe(false);
    expect(probeOptions.safeParse({ queryKeyWidth: 0 }).success).toBe(false);
    expect(probeOptions.safeParse({ form: 'mean' }).success).toBe(false);
  });
});

describe('every probe', () => {
  const examples = plantedExamples(0, 800);
  const inputs = inputsOf(judged(plantedExamples(2, 200)));
  const model = createFakeModel(plantedWidth, plantedMeasurementNames.length, 2, 0);
  const ids = ['trusted-probe', 'evidence-probe', 'dirtiness-probe', 'pace', 'ground-truth-probe'] as const;

  it.each(ids)('has an attention form, at any layer it is told: %s', async (id) => {
    const technique: Technique = techniques[id];
    for (const layer of [0, 1, 2]) {
      const scored = await Promise.all(
        ['attention', 'linear'].map(async (form) => {
          const options = { form, layer, queryKeyWidth: 4, training: { epochs: 3 } };
          const { score, details } = await fitOn(technique, examples, { context: contextOf(model), options });
          expect(details?.layer).toBe(layer);
          return score(inputs);
        }),
      );
      expect(scored[0]?.every(Number.isFinite)).toBe(true);
      expect(new Set(scored[0]).size).toBeGreaterThan(1);
      expect(scored[0]).not.toEqual(scored[1]);
    }
  });
});

describe('the pooled logit', () => {
  const sizes = { width: 5, queryKeyWidth: 3 };
  const lengths = [1, 4, 7];
  const weights = randomWeights();
  const sequences = lengths.map((length, i) => normals(length * sizes.width, `text-${i}`));

  it('is that of a slow plain implementation, standardisation included', () => {
    const mean = Float64Array.from(normals(sizes.width, 'mean'));
    const scale = Float64Array.from(normals(sizes.width, 'scale'), (value) => 0.5 + Math.abs(value));
    const logit = createAttentionScorer(weights, { mean, scale });
    for (const states of sequences) {
      const rows = rowsOf(states).map((row) => row.map((h, j) => (h - (mean[j] ?? 0)) / (scale[j] ?? 1)));
      expect(logit(states)).toBeCloseTo(slowLogit(rows), 9);
    }
  });

  it('makes the loss that training lowers, padding left out', async () => {
    const [loss] = await lossAndGradients(weights);
    expect(loss).toBeCloseTo(slowLoss(weights), 5);
  });

  it('is differentiated by every weight', async () => {
    const [, gradients] = await lossAndGradients(weights);
    for (const name of Object.keys(weights) as (keyof AttentionWeights & string)[]) {
      const gradient = gradients[name] as Float32Array;
      expect(gradient.some((value) => value !== 0)).toBe(true);
      gradient.forEach((slope, i) => {
        expect(slope).toBeCloseTo((slowLoss(nudged(name, i, 1e-3)) - slowLoss(nudged(name, i, -1e-3))) / 2e-3, 4);
      });
    }
  });

  const l2 = 0.3;
  const targets = [true, false, true];

  async function lossAndGradients(at: AttentionWeights) {
    const session = await attentionSession({ batch: 4, tokens: 8, ...sizes });
    const trainer = await createTrainer(structuredClone(at));
    const data = { sequences, targets, width: sizes.width };
    const loss = await trainer.accumulate(session, attentionFeeds(data, { rows: [0, 1, 2], bucket: 8 }, 4, l2));
    const gradients = structuredClone(await trainer.gradients());
    await trainer.dispose();
    await session.dispose();
    return [loss, gradients] as const;
  }

  function slowLoss(at: Readonly<Record<string, ArrayLike<number>>>): number {
    const logits = sequences.map((states) => slowLogit(rowsOf(states), at));
    const losses = logits.map((z, i) => Math.log1p(Math.exp(z)) - (targets[i] ? z : 0));
    return sum(losses) / losses.length + l2 * sum(Array.from(at.weight ?? [], (v) => v ** 2));
  }

  function nudged(name: string, index: number, by: number) {
    const wide = Object.fromEntries(Object.entries(weights).map(([key, data]) => [key, Float64Array.from(data)]));
    (wide[name] as Float64Array)[index] = ((wide[name] as Float64Array)[index] as number) + by;
    return wide;
  }

  /** methods.md 11.3: a_t = softmax_t((h_last Wq) · (h_t Wk) / √w), logit = (Σ a_t h_t) · v + b. */
  function slowLogit(rows: readonly number[][], at: Readonly<Record<string, ArrayLike<number>>> = weights): number {
    const { queryKeyWidth } = sizes;
    const times = (row: readonly number[], matrix: ArrayLike<number>) =>
      Array.from({ length: queryKeyWidth }, (_, k) => sum(row.map((h, j) => h * (matrix[j * queryKeyWidth + k] ?? 0))));
    const query = times(rows.at(-1) as number[], at.query ?? []);
    const scores = rows.map((row) => sum(times(row, at.key ?? []).map((k, i) => k * (query[i] ?? 0))));
    const shares = scores.map((score) => Math.exp(score / Math.sqrt(queryKeyWidth)));
    const pooled = (rows[0] as number[]).map((_, j) => sum(rows.map((row, t) => (row[j] ?? 0) * (shares[t] ?? 0))));
    return sum(pooled.map((h, j) => (h / sum(shares)) * (at.weight?.[j] ?? 0))) + (at.bias?.[0] ?? 0);
  }

  function randomWeights(): AttentionWeights {
    const { width, queryKeyWidth } = sizes;
    const [query, key] = ['query', 'key'].map((name) => normals(width * queryKeyWidth, name)) as [
      Float32Array,
      Float32Array,
    ];
    return { query, key, weight: normals(width, 'weight'), bias: normals(1, 'bias') };
  }

  function rowsOf(states: Float32Array): number[][] {
    return Array.from({ length: states.length / sizes.width }, (_, t) => [
      ...states.subarray(t * sizes.width, (t + 1) * sizes.width),
    ]);
  }
});

function normals(length: number, label: string): Float32Array {
  const rng = createRng(0, label);
  return Float32Array.from({ length }, () => rng.normal());
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
