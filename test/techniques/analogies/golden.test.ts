import { expect, it } from 'vitest';
import { calibrateCosines } from '../../../src/techniques/shared/calibrate-cosines.ts';
import { askUnit } from '../../../src/techniques/shared/unit-ranking.ts';
import { readGolden } from '../../stats/golden.ts';
import { matrix } from '../fake-model.ts';

interface Golden {
  /** (pairs × heads·depth) */
  readonly better: number[][];
  readonly worse: number[][];
  readonly heads: number;
  readonly train: number[];
  readonly held: number[];
  readonly answers: { accuracy: number; direction: number[]; cosines: number[] }[];
  readonly meanCosines: number[];
  readonly slope: number;
  readonly offset: number;
}

const golden = readGolden<Golden>('mean-shift');
const readings = { better: matrix(golden.better), worse: matrix(golden.worse) };

it.each(golden.answers.map((wanted, index) => ({ index, wanted })))(
  'head $index answers as with scikit-learn',
  async ({ index, wanted }) => {
    const { accuracy, direction, cosines } = await askUnit(readings, { index, count: golden.heads }, golden);
    expect(accuracy).toBeCloseTo(wanted.accuracy, 12);
    closeTo(direction, wanted.direction);
    closeTo(cosines, wanted.cosines);
  },
);

it('calibrates as scikit-learn does without a penalty, within a percent', async () => {
  const { slope, offset } = await calibrateCosines(Float64Array.from(golden.meanCosines), 'alternating');
  expect(Math.abs(slope / golden.slope - 1)).toBeLessThan(0.01);
  expect(offset).toBeCloseTo(golden.offset, 2);
});

it('calibrates pairs in both orders by the same rule for all', async () => {
  const cosines = Float64Array.from(golden.meanCosines);
  const { slope } = await calibrateCosines(cosines, 'both-orders');
  // The slope at which the mean of c·(1 − σ(slope·c)) is 0, by bisection.
  const pull = (at: number) => cosines.reduce((sum, c) => sum + c / (1 + Math.exp(at * c)), 0);
  let [low, high] = [0, 100];
  while (high - low > 1e-9)
    [low, high] = pull((low + high) / 2) > 0 ? [(low + high) / 2, high] : [low, (low + high) / 2];
  expect(Math.abs(slope / low - 1)).toBeLessThan(0.01);
});

function closeTo(actual: Float64Array, wanted: readonly number[]): void {
  expect(actual).toHaveLength(wanted.length);
  wanted.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, 6);
  });
}
