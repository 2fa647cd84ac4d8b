import { describe, expect, it } from 'vitest';
import type { StrongModel } from '../../../src/core/models.ts';
import { createRng, type Rng } from '../../../src/core/random.ts';
import type { Technique } from '../../../src/core/techniques.ts';
import { inputsOf } from '../../../src/core/training-view.ts';
import { beatrix } from '../../../src/techniques/beatrix.ts';
import { mahalanobis } from '../../../src/techniques/mahalanobis.ts';
import { quantumEntropy } from '../../../src/techniques/quantum-entropy.ts';
import { standardScale } from '../../../src/techniques/shared/layer-scores.ts';
import { spectralSignature } from '../../../src/techniques/spectral-signature.ts';
import { topologicalEvolution } from '../../../src/techniques/topological-evolution.ts';
import { textOf } from '../fake-model.ts';
import { createSpyModel } from '../spy-model.ts';
import { contextOf, fitOn } from '../support.ts';
import { positivesOf } from './positives.ts';

type Row = readonly number[];

interface Planted {
  readonly normal: readonly Row[];
  readonly untrusted?: readonly Row[];
  readonly test: readonly Row[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly model?: StrongModel;
  readonly seed?: number;
}

async function scores<O>(
  technique: Technique<O>,
  { normal, untrusted = [], test, options = {}, model, seed }: Planted,
) {
  const predictor = model ?? createSpyModel({ width: (normal[0] as Row).length });
  const examples = [...positivesOf(normal.map(textOf), true), ...positivesOf(untrusted.map(textOf), false)];
  const fitted = await fitOn(technique, examples, { context: contextOf(predictor, predictor, seed), options });
  return fitted.score(inputsOf(positivesOf(test.map(textOf), false)));
}

describe('mahalanobis', () => {
  it('is the distance under the Gaussian that normal examples came from', async () => {
    const rng = createRng(0, 'gaussian');
    // x = (2a, a + b, 3c) has covariance [[4, 2, 0], [2, 2, 0], [0, 0, 9]], whose inverse is written out below.
    const draw = () => [rng.normal(), rng.normal(), rng.normal()] as const;
    const normal = Array.from({ length: 20_000 }, () => draw()).map(([a, b, c]) => [2 * a + 5, a + b, 3 * c - 1]);
    const test = Array.from({ length: 50 }, () => draw()).map(([a, b, c]) => [5 * a + 5, 4 * b, 6 * c - 1]);
    const expected = test.map(([x = 0, y = 0, z = 0]) => {
      const [p, q, r] = [x - 5, y, z + 1];
      return (p * p * 0.5 - p * q + q * q + (r * r) / 9) / 3;
    });
    (await scores(mahalanobis, { normal, test })).forEach((score, i) => {
      const distance = expected[i] as number;
      expect(Math.abs(-score - distance)).toBeLessThan(0.05 * Math.max(1, distance));
    });
  });

  it('does not depend on the coordinates, unless it shrinks or subtracts the diagonal', async () => {
    const rng = createRng(1, 'affine');
    const [normal, test] = [gaussian(200, 3, rng), gaussian(20, 3, rng)];
    const turn = ([x = 0, y = 0, z = 0]: Row) => [x + 2 * y + 7, y - z, 3 * z + x - 2];
    const turned = { normal: normal.map(turn), test: test.map(turn) };
    expect(largestGap(await scores(mahalanobis, turned), await scores(mahalanobis, { normal, test }))).toBeLessThan(
      1e-4,
    );
    for (const options of [{ shrinkage: 0.5 }, { relative: true }]) {
      const [a, b] = [
        await scores(mahalanobis, { ...turned, options }),
        await scores(mahalanobis, { normal, test, options }),
      ];
      expect(largestGap(a, b)).toBeGreaterThan(0.1);
    }
  });

  it('is the squared distance to the mean over the total variance when shrunk all the way', async () => {
    const normal = [...axes([3, 1]), ...axes([1, 2])];
    const options = { shrinkage: 1 };
    // Variances (2·9 + 2·1)/7 and (2·1 + 2·4)/7.
    const [score] = await scores(mahalanobis, { normal, test: [[3, 4]], options });
    expect(score).toBeCloseTo(-25 / (30 / 7), 6);
  });

  it('relative, sees nothing where units are independent, and only their correlation otherwise', async () => {
    const options = { relative: true };
    const independent = await scores(mahalanobis, { normal: axes([3, 1]), test: [[9, 5]], options });
    expect(independent[0]).toBeCloseTo(0, 9);
    const normal = [
      [2, 2],
      [-2, -2],
      [1, -1],
      [-1, 1],
    ];
    const [along = 0, against = 0] = await scores(mahalanobis, {
      normal,
      test: [
        [2, 2],
        [2, -2],
      ],
      options,
    });
    expect(along).toBeGreaterThan(against + 0.5);
  });

  it('takes trusted positives as normal, or every trusted example', async () => {
    const rng = createRng(2, 'negatives');
    const positives = positivesOf(gaussian(100, 2, rng).map(textOf), true);
    const negatives = positivesOf(
      gaussian(100, 2, rng).map(([x = 0, y = 0]) => textOf([x + 50, y])),
      true,
    );
    const train = [...positives, ...negatives.map((example) => ({ ...example, measurements: [false, true, true] }))];
    const context = contextOf(createSpyModel({ width: 2 }));
    const at = async (options: Readonly<Record<string, unknown>>) =>
      (await (await fitOn(mahalanobis, train, { context, options })).score([{ id: 'far', text: '50 0' }]))[0] as number;
    expect(await at({})).toBeLessThan(-500);
    expect(await at({ normal: 'trusted' })).toBeGreaterThan(-3);
  });
});

describe('layers', () => {
  const rng = createRng(3, 'layers');
  const model = createSpyModel({
    width: 2,
    layers: 3,
    activation: (row, layer) => row.slice(2 * layer - 2, 2 * layer),
  });
  const [normal, test] = [gaussian(300, 6, rng), gaussian(40, 6, rng)];
  const at = (options: Readonly<Record<string, unknown>>, on = test) =>
    scores(mahalanobis, { normal, test: on, model, options });

  it('are averaged, or the most anomalous one counts', async () => {
    const single = await Promise.all([1, 2, 3].map((layer) => at({ layers: [layer] })));
    const of = (aggregate: (values: number[]) => number) =>
      test.map((_, i) => aggregate(single.map((layer) => layer[i] as number)));
    expect(
      largestGap(
        await at({}),
        of(([a = 0, b = 0, c = 0]) => (a + b + c) / 3),
      ),
    ).toBeLessThan(1e-9);
    expect(
      largestGap(
        await at({ aggregate: 'max' }),
        of((values) => Math.min(...values)),
      ),
    ).toBeLessThan(1e-9);
    expect(await at({ layers: 'last' })).toEqual(single[2]);
    expect(await at({ layers: [3, 3] })).toEqual(single[2]);
  });

  it('standardised, have mean 0 and deviation 1 on normal examples', async () => {
    const own = await at({ layers: [2], scale: 'standardised' }, normal);
    expect(own.reduce((sum, value) => sum + value, 0) / 300).toBeCloseTo(0, 9);
    expect(own.reduce((sum, value) => sum + value ** 2, 0) / 300).toBeCloseTo(1, 9);
  });

  it('standardised, are only centred where normal examples differ by no more than rounding', async () => {
    expect(standardScale(new Float64Array(3).fill(0.1)).spread).toBe(1);
    // Of n normal examples in more than n dimensions, all are at (n − 1)²/n from their mean.
    const few = { normal: gaussian(4, 8, createRng(9)), test: gaussian(10, 8, createRng(10)) };
    const plain = await scores(mahalanobis, { ...few, options: { layers: 'last' } });
    const centred = await scores(mahalanobis, { ...few, options: { layers: 'last', scale: 'standardised' } });
    expect(
      largestGap(
        centred,
        plain.map((score) => score + 9 / 4 / 8),
      ),
    ).toBeLessThan(1e-9);
  });

  it('must be there, and so must enough examples', async () => {
    await expect(at({ layers: [4] })).rejects.toThrow(/of mahalanobis to be at most 3, got 4\./);
    const few = scores(mahalanobis, { normal: normal.slice(0, 1), test, model });
    await expect(few).rejects.toThrow(
      /trusted training examples with every measurement positive that mahalanobis .* at least 2, got 1\./,
    );
    const context = { ...contextOf(model), signal: AbortSignal.abort() };
    await expect(fitOn(mahalanobis, positivesOf(normal.map(textOf), true), { context })).rejects.toThrow(/aborted/);
  });
});

describe('quantum-entropy', () => {
  it('is the squared whitened norm at alpha 0, in both forms', async () => {
    const rng = createRng(4, 'whitened');
    const planted = { normal: gaussian(100, 4, rng), untrusted: gaussian(80, 4, rng), test: gaussian(20, 4, rng) };
    const distances = (await scores(mahalanobis, planted)).map((score) => 4 * score);
    for (const form of ['published', 'cupbearer']) {
      const alone = await scores(quantumEntropy, { ...planted, options: { alpha: 0, form } });
      expect(largestGap(alone, distances)).toBeLessThan(1e-9);
    }
  });

  it('weighs each direction by the exponential of how much more untrusted examples vary there', async () => {
    const [normal, untrusted] = [axes([3, 2, 1]), axes([3, 6, 2])];
    // Whitened untrusted variances 1 : 9 : 4, raw ones 9 : 36 : 4; a row's own whitened squares are 5·x²/(2a²).
    const test = [
      [3, 0, 0],
      [0, 2, 0],
      [0, 0, 1],
    ];
    const published = await scores(quantumEntropy, { normal, untrusted, test });
    [1 / 9, 1, 4 / 9].forEach((share, i) => {
      expect((published[i] as number) / -(2.5 * Math.exp(4 * share))).toBeCloseTo(1, 6);
    });
    // The reference library's form: whitened coordinates run from the smallest variance up, raw ones in the order of units.
    const cupbearer = await scores(quantumEntropy, {
      normal,
      untrusted,
      test,
      options: { form: 'cupbearer', alpha: 2 },
    });
    [4 / 36, 1, 9 / 36].forEach((share, i) => {
      expect((cupbearer[i] as number) / -(2.5 * Math.exp(2 * share))).toBeCloseTo(1, 6);
    });
  });
});

describe('spectral-signature', () => {
  it('is the squared projection on the direction in which untrusted examples vary most', async () => {
    const untrusted = axes([1, 5, 2]).map(([x = 0, y = 0, z = 0]) => [x + 1, 0.6 * y - 0.8 * z, 0.8 * y + 0.6 * z]);
    const planted = {
      normal: axes([1, 1, 1]),
      untrusted,
      test: [
        [1, 6, 8],
        [9, -8, 6],
        [1, 0, 1],
      ],
    };
    const found = await scores(spectralSignature, { ...planted, options: { scale: 'none' } });
    expect(largestGap(found, [-100, 0, -0.64])).toBeLessThan(1e-4);
  });

  it('finds the few planted off a direction that nobody named', async () => {
    const rng = createRng(5, 'signature');
    const draw = (count: number, shift: number) =>
      gaussian(count, 8, rng).map((row) => row.map((value, j) => value + (j % 2 === 0 ? shift : -shift)));
    const planted = { normal: draw(50, 0), untrusted: [...draw(450, 0), ...draw(50, 3)] };
    const found = await scores(spectralSignature, { ...planted, test: [...draw(100, 0), ...draw(100, 3)] });
    expect(Math.min(...found.slice(0, 100))).toBeGreaterThan(Math.max(...found.slice(100)));
  });

  it('learns from untrusted positives, or from all untrusted examples', async () => {
    const negatives = positivesOf(axes([0, 9]).map(textOf), false).map((example) => ({
      ...example,
      measurements: [false, false, false],
    }));
    const train = [
      ...positivesOf(axes([1, 1]).map(textOf), true),
      ...positivesOf(axes([3, 1]).map(textOf), false),
      ...negatives,
    ];
    const at = async (untrusted: string) => {
      const context = contextOf(createSpyModel({ width: 2 }));
      const fitted = await fitOn(spectralSignature, train, { context, options: { untrusted, scale: 'none' } });
      return [...(await fitted.score([{ id: 'right', text: '2 0' }]))];
    };
    expect((await at('positives'))[0]).toBeCloseTo(-4, 5);
    expect((await at('all'))[0]).toBeCloseTo(0, 5);
  });
});

describe('beatrix', () => {
  const normal = Array.from({ length: 41 }, (_, i) => (i % 2 === 0 ? [1, 1] : [-1, -1]));

  it.each([
    [1, 2 / 3],
    [2, 1 / 3],
    [3, 4 / 9],
    [4, 1 / 3],
  ])('sees a correlation change under equal marginals: with powers up to %i, %f', async (powers, expected) => {
    // Of the three entries only a₁a₂ changes, from 1 to −1, by twice its bound, and only at odd powers.
    const found = await scores(beatrix, {
      normal,
      test: [
        [1, -1],
        [-1, 1],
        [1, 1],
        [-1, -1],
      ],
      options: { powers },
    });
    expect(largestGap(found, [-expected, -expected, 0, 0])).toBeLessThan(1e-5);
  });

  it('leaves alone what lies within madScale deviations of the median', async () => {
    // a² runs over 1 … 9: median 5, median absolute deviation 2.
    const squares = Array.from({ length: 9 }, (_, i) => [Math.sqrt(i + 1)]);
    const at = (madScale: number) =>
      scores(beatrix, { normal: squares, test: [[Math.sqrt(8)], [3]], options: { madScale } });
    expect(largestGap(await at(1), [-1 / 7, -2 / 7])).toBeLessThan(1e-6);
    expect([...(await at(2))]).toEqual([-0, -0]);
  });

  it('estimates the same from a drawn part of examples and entries, by seed', async () => {
    const rng = createRng(6, 'entries');
    const planted = { normal: gaussian(600, 24, rng), test: gaussian(20, 24, rng).map((row) => row.map((x) => 9 * x)) };
    const drawn = { ...planted, options: { entries: 150, references: 300 } };
    const [whole, part] = [await scores(beatrix, planted), await scores(beatrix, drawn)];
    whole.forEach((score, i) => {
      expect(Math.abs((part[i] as number) / score - 1)).toBeLessThan(0.5);
    });
    expect(await scores(beatrix, drawn)).toEqual(part);
    expect(await scores(beatrix, { ...drawn, seed: 1 })).not.toEqual(part);
  });
});

describe('topological-evolution', () => {
  const model = createSpyModel({
    width: 2,
    layers: 3,
    activation: (row, layer) => row.slice(2 * layer - 2, 2 * layer),
  });
  /** A point of the circle at each layer, at about the same place, or at another one in the layer after the first. */
  const points = (count: number, moved: boolean, rng: Rng): Row[] =>
    Array.from({ length: count }, () => {
      const angle = 2 * Math.PI * rng.uniform();
      return [0, moved ? Math.PI * (0.5 + rng.uniform()) : 0, 0].flatMap((shift) => {
        const at = angle + shift + 0.05 * rng.normal();
        return [Math.cos(at), Math.sin(at)];
      });
    });

  it.each(['pyod', 'projections'])(
    'sees neighbours change between layers whose own distributions do not (%s)',
    async (outlier) => {
      const rng = createRng(7, 'circle');
      const planted = {
        normal: points(400, false, rng),
        test: [...points(100, false, rng), ...points(100, true, rng)],
        model,
      };
      const found = await scores(topologicalEvolution, { ...planted, options: { outlier, references: 300 } });
      expect(shareOrdered(found)).toBeGreaterThan(0.97);
      expect(Math.abs(shareOrdered(await scores(mahalanobis, planted)) - 0.5)).toBeLessThan(0.15);
    },
  );

  it('needs two layers, and more normal examples than neighbours', async () => {
    const normal = points(10, false, createRng(8));
    const one = scores(topologicalEvolution, { normal, test: normal, model, options: { layers: 'last' } });
    await expect(one).rejects.toThrow(/layers that topological-evolution follows to be at least 2, got 1\./);
    await expect(scores(topologicalEvolution, { normal, test: normal, model })).rejects.toThrow(
      /at least 11, got 10\./,
    );
    expect(topologicalEvolution.options.safeParse({ references: 10 }).error?.message).toMatch(/more than neighbours/);
    expect(topologicalEvolution.options.safeParse({ references: 11 }).success).toBe(true);
  });
});

/** Of pairs of one score of the first half and one of the second, the share in which the first is higher. */
function shareOrdered(values: Float64Array): number {
  const half = values.length / 2;
  const [first, second] = [[...values.subarray(0, half)], [...values.subarray(half)]];
  const wins = first.map((a) => second.filter((b) => a > b).length);
  return wins.reduce((sum, count) => sum + count, 0) / half ** 2;
}

function gaussian(count: number, width: number, rng: Rng): number[][] {
  return Array.from({ length: count }, () => Array.from({ length: width }, () => rng.normal()));
}

/** Two rows ±a along each axis: mean 0, variances 2a²/(2·axes − 1), no correlation. */
function axes(lengths: Row): number[][] {
  return lengths.flatMap((length, j) => [length, -length].map((a) => lengths.map((_, k) => (k === j ? a : 0))));
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] as number))));
}
