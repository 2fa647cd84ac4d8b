import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/core/models.ts';
import { createRng } from '../../../src/core/random.ts';
import { erase } from '../../../src/solvers/eraser.ts';
import { ccsLoss } from '../../../src/techniques/shared/ccs-loss.ts';
import { pairRows, pairScores } from '../../../src/techniques/shared/ccs-pairs.ts';
import { searchCcs } from '../../../src/techniques/shared/ccs-search.ts';
import { createStarts } from '../../../src/techniques/shared/ccs-starts.ts';
import type { PairStates } from '../../../src/techniques/shared/pair-activations.ts';
import { eraseSides, fitPairNormalisation, mapSides } from '../../../src/techniques/shared/pair-normalisation.ts';
import { projectDifferences } from '../../../src/techniques/shared/project-differences.ts';
import { resolveSign } from '../../../src/techniques/shared/sign.ts';
import { vincDirection, vincObjective } from '../../../src/techniques/shared/vinc-direction.ts';
import { plantedExamples } from '../planted-world.ts';

describe('the loss of CCS', () => {
  const layout = { examples: 7, wordings: 3, promptVariance: 0.7 };
  const rng = createRng(0, 'logits');
  const logits = Float64Array.from({ length: 42 }, () => 2 * rng.normal());

  it('has the gradient that differences of it have', () => {
    const slopes = new Float64Array(42);
    ccsLoss(logits, slopes, layout);
    const at = (k: number, by: number) =>
      ccsLoss(
        logits.map((z, j) => (j === k ? z + by : z)),
        new Float64Array(42),
        layout,
      );
    slopes.forEach((slope, k) => {
      expect(slope).toBeCloseTo((at(k, 1e-5) - at(k, -1e-5)) / 2e-5, 8);
    });
  });

  it('is the same with the sides exchanged', () => {
    const exchanged = logits.map((_, k) => logits[k % 14 < 7 ? k + 7 : k - 7] as number);
    const [a, b] = [new Float64Array(42), new Float64Array(42)];
    expect(ccsLoss(exchanged, b, layout)).toBeCloseTo(ccsLoss(logits, a, layout), 14);
    a.forEach((slope, k) => {
      expect(b[k % 14 < 7 ? k + 7 : k - 7]).toBeCloseTo(slope, 14);
    });
  });

  it('is 0 where one side is sure to be right, 1/4 where the probe knows nothing', () => {
    const one = { examples: 1, wordings: 1, promptVariance: 0 };
    expect(ccsLoss(Float64Array.of(-40, 40), new Float64Array(2), one)).toBeCloseTo(0, 12);
    expect(ccsLoss(Float64Array.of(0, 0), new Float64Array(2), one)).toBeCloseTo(0.25, 12);
  });
});

describe('scores of CCS', () => {
  it('are the log-odds of ½(p(x⁺) + 1 − p(x⁻)), and finite where p is 0 or 1', () => {
    const states = [{ negative: matrix([[-0.3], [-900]]), positive: matrix([[0.8], [900]]) }];
    const [score = 0, sure = 0] = pairScores(states, Float64Array.of(1.5, 0.2));
    const p = (x: number) => 1 / (1 + Math.exp(-(1.5 * x + 0.2)));
    const belief = 0.5 * (p(0.8) + 1 - p(-0.3));
    expect(score).toBeCloseTo(Math.log(belief / (1 - belief)), 6);
    expect(sure).toBeGreaterThan(1000);
    expect(Number.isFinite(sure)).toBe(true);
  });
});

describe('the search', () => {
  const states = [randomStates(40, 4)];
  const problem = () => {
    return { rows: pairRows(states), layout: { examples: 40, wordings: 1, promptVariance: 0 } };
  };

  it('takes starts side by side as it takes each alone', async () => {
    const starts = await createStarts('linear', 3, states, createRng(0, 'starts'));
    const options = { optimizer: 'adamw', epochs: 50, learningRate: 0.01, weightDecay: 0.01 } as const;
    const together = await searchCcs(problem(), starts, options);
    for (const [r, minimum] of together.entries()) {
      const alone = { ...starts, rows: 1, data: starts.data.slice(r * 5, (r + 1) * 5) };
      const [other] = await searchCcs(problem(), alone, options);
      expect(other?.loss).toBeCloseTo(minimum.loss, 10);
    }
    expect(new Set(together.map(({ loss }) => loss)).size).toBe(3);
  });

  it('starts within PyTorch’s bounds, on the unit sphere, or on orthogonal components', async () => {
    const rows = async (init: 'linear' | 'spherical' | 'pca') => {
      const { data } = await createStarts(init, 3, states, createRng(0, 'starts'));
      return [0, 1, 2].map((r) => data.subarray(r * 5, (r + 1) * 5));
    };
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, j) => sum + x * (b[j] as number), 0);
    for (const row of await rows('linear')) expect(Math.max(...row.map(Math.abs))).toBeLessThanOrEqual(0.5);
    for (const row of await rows('spherical')) expect(dot(row, row)).toBeCloseTo(1, 12);
    const [a, b] = (await rows('pca')) as [Float64Array, Float64Array];
    expect([dot(a, a), dot(b, b), dot(a, b), a[4]]).toEqual([1, 1, 0, 0].map((x) => expect.closeTo(x, 8)));
  });

  it('stops when its watcher throws', async () => {
    const starts = await createStarts('linear', 1, states, createRng(0, 'starts'));
    const stop = () => {
      throw new Error('stopped');
    };
    const options = { optimizer: 'adamw', epochs: 1000, learningRate: 0.01, weightDecay: 0 } as const;
    await expect(searchCcs(problem(), starts, options, stop)).rejects.toThrow('stopped');
  });
});

describe('normalisation', () => {
  const states = [randomStates(200, 3, 2), randomStates(200, 3, -1)];

  it.each(['mean', 'mean-and-scale', 'burns', 'leace'] as const)(
    '%s hides the side on the training pairs',
    async (kind) => {
      const normalised = (await fitPairNormalisation(kind, states))(states);
      for (const { negative, positive } of normalised) {
        const [low, high] = [meansOf(negative), meansOf(positive)];
        low.forEach((mean, j) => {
          // Of gaps from 2 on, LEACE leaves what is too faint for its tolerance.
          expect(Math.abs(mean - (high[j] as number))).toBeLessThan(kind === 'leace' ? 0.15 : 1e-5);
        });
      }
    },
  );

  it('scales dimensions one by one, or a side as a whole, and leaves constant ones', async () => {
    const constant = states.map(({ negative, positive }) => ({
      negative: withConstant(negative),
      positive: withConstant(positive),
    }));
    const spread = async (kind: 'mean-and-scale' | 'burns') => {
      const normalised = (await fitPairNormalisation(kind, constant))(constant);
      return deviationsOf(normalised[1]?.positive as Matrix);
    };
    expect(await spread('mean-and-scale')).toEqual([1, 1, 0].map((x) => expect.closeTo(x, 5)));
    const burns = await spread('burns');
    expect(burns.reduce((sum, x) => sum + x, 0) / 3).toBeCloseTo(1, 5);
    expect(burns[2]).toBeCloseTo(0, 5);
  });

  it('uses what it learned, whatever it is given', async () => {
    const normalise = await fitPairNormalisation('mean-and-scale', states);
    const few = states.map(({ negative, positive }) => ({
      negative: firstRow(negative),
      positive: firstRow(positive),
    }));
    expect(normalise(few)[1]?.positive.data).toEqual(firstRow(normalise(states)[1]?.positive as Matrix).data);
    expect((await fitPairNormalisation('none', states))(states)).toBe(states);
  });
});

describe('VINC', () => {
  it('gives a score even where every direction is worse than none', async () => {
    // Sides that agree: the negative covariance is nowhere positive, so the erased direction has the largest eigenvalue.
    const states = [randomStates(100, 4, 1, 0.1), randomStates(100, 4, 1, 0.1)];
    const eraser = await eraseSides(states, false);
    const objective = await vincObjective(states, { variance: 0, negativeCovariance: 0.5, centroids: true });
    const direction = await vincDirection(objective, eraser);
    const scores = projectDifferences(
      mapSides(states, (side) => erase(side, eraser)),
      direction,
    );
    expect(Math.max(...scores) - Math.min(...scores)).toBeGreaterThan(0.01);
  });

  it('says what to do when erasure leaves nothing', async () => {
    const states = Array.from({ length: 4 }, (_, wording) => randomStates(100, 3, wording));
    const eraser = await eraseSides(states, true);
    const objective = await vincObjective(states, { variance: 0, negativeCovariance: 0.5, centroids: true });
    await expect(vincDirection(objective, eraser)).rejects.toThrow(/at least 1, got 0\. Set erasePrompts to false/);
  });
});

describe('the sign', () => {
  const examples = plantedExamples(0, 100);
  const labels = Float64Array.from(examples, ({ groundTruth }, index) => (groundTruth === index % 5 > 0 ? 0.9 : 0.2));
  const raw = Float64Array.from(examples, ({ groundTruth }, index) => (groundTruth ? -1 : 1) + (index % 7) / 10);

  it('turns a score that disagrees with the labels, and scales it to them', async () => {
    const task = { technique: 'ccs', examples, labels };
    const turned = await resolveSign(task, raw, false);
    expect(turned).toMatchObject({ slope: -1, offset: 0, details: { flipped: true, signExamples: 100 } });
    expect(turned.details.signAuroc).toBeGreaterThan(0.7);
    const scaled = await resolveSign(task, raw, true);
    expect(scaled.slope).toBeLessThan(0);
    const mean = raw.reduce((sum, z) => sum + 1 / (1 + Math.exp(-scaled.slope * z - scaled.offset)), 0) / 100;
    expect(mean).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / 100, 5);
  });

  it('leaves a score alone that says nothing of the labels', async () => {
    const scale = await resolveSign({ technique: 'ccs', examples, labels }, new Float64Array(100), true);
    expect(scale).toMatchObject({ slope: 1, offset: 0, details: { flipped: false, signAuroc: 0.5 } });
  });
});

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, data: Float32Array.from(rows.flat()) };
}

/** Sides at ±shift that share most of what varies, but for noise. */
function randomStates(n: number, width: number, shift = 1, noise = 1): PairStates {
  const rng = createRng(n, 'states', shift, noise);
  const shared = Array.from({ length: n }, () => Array.from({ length: width }, (_, j) => (j + 1) * rng.normal()));
  const side = (sign: number) => matrix(shared.map((row) => row.map((x) => x + sign * shift + noise * rng.normal())));
  return { negative: side(-1), positive: side(1) };
}

function columnsOf({ rows, columns, data }: Matrix): number[][] {
  return Array.from({ length: columns }, (_, j) =>
    Array.from({ length: rows }, (_, i) => data[i * columns + j] as number),
  );
}

function meansOf(rows: Matrix): number[] {
  return columnsOf(rows).map((column) => column.reduce((sum, x) => sum + x, 0) / column.length);
}

function deviationsOf(rows: Matrix): number[] {
  const means = meansOf(rows);
  return columnsOf(rows).map((column, j) =>
    Math.sqrt(column.reduce((sum, x) => sum + (x - (means[j] as number)) ** 2, 0) / column.length),
  );
}

function withConstant({ rows, columns, data }: Matrix): Matrix {
  return { rows, columns, data: data.map((x, k) => (k % columns === 2 ? 0.1 : x)) };
}

function firstRow({ columns, data }: Matrix): Matrix {
  return { rows: 1, columns, data: data.slice(0, columns) };
}
