import { describe, expect, it } from 'vitest';
import type { SupervisedExample } from '../../src/core/examples.ts';
import type { Matrix, StrongModel } from '../../src/core/models.ts';
import { createRng, type Rng } from '../../src/core/random.ts';
import { type Box, explain, possibleMeasurements } from '../../src/techniques/shared/das-causal-model.ts';
import { injectionScores } from '../../src/techniques/shared/das-injection.ts';
import { type Interchanges, interchangeLoss, type Subspaces } from '../../src/techniques/shared/das-interchange.ts';
import { drawPossibility, possibilityLoss } from '../../src/techniques/shared/das-loss.ts';
import { boundariesOf, masksOf, sharesGradient } from '../../src/techniques/shared/das-masks.ts';
import {
  identityRotation,
  rotate,
  rotateBack,
  skewLength,
  turnRotation,
} from '../../src/techniques/shared/das-rotation.ts';
import { createFakeModel, headsOf, textOf } from './fake-model.ts';
import { contextOf } from './support.ts';

type Known = Pick<SupervisedExample, 'measurements' | 'trusted'>;
const known = (trusted: boolean, ...measurements: (boolean | null)[]): Known => ({ trusted, measurements });
const [yes, no] = [true, false];

describe('what may have happened in an example', () => {
  it('is known of a trusted one', () => {
    expect(explain(known(true, yes, yes))).toEqual([undefined, [no, no]]);
    expect(explain(known(true, no, no))).toEqual([[no, no], undefined]);
  });

  it('has no explanation where nobody tampered and measurements differ', () => {
    expect(explain(known(true, yes, no))).toEqual([undefined, undefined]);
  });

  it('is every outcome and tampering that gives the measurements of an untrusted one', () => {
    expect(explain(known(false, yes, no))).toEqual([[yes, no], undefined]);
    expect(explain(known(false, yes, yes))).toEqual([
      [yes, yes],
      [null, null],
    ]);
    expect(explain(known(false, yes, null))).toEqual([
      [yes, null],
      [null, null],
    ]);
  });
});

describe('measurements that are possible after a swap', () => {
  const positive = explain(known(true, yes, yes));
  const negative = explain(known(true, no, no));
  const half = explain(known(false, yes, no));
  const doubtful = explain(known(false, yes, yes));

  it('follow the outcome of the source and keep the tampering of the base', () => {
    expect(possibleMeasurements(negative, positive, 0)).toEqual([[yes, yes]]);
    expect(possibleMeasurements(half, positive, 0)).toEqual([[yes, yes]]);
    expect(possibleMeasurements(half, negative, 0)).toEqual([[yes, no]]);
    expect(possibleMeasurements(doubtful, negative, 0)).toEqual([[null, null]]);
  });

  it('follow the tampering of the source with one measurement', () => {
    expect(possibleMeasurements(negative, half, 1)).toEqual([[yes, no]]);
    expect(possibleMeasurements(negative, half, 2)).toEqual([[no, no]]);
    expect(possibleMeasurements(positive, half, 1)).toEqual([[yes, yes]]);
    expect(possibleMeasurements(negative, doubtful, 2)).toEqual([[no, null]]);
    expect(expand(possibleMeasurements(doubtful, negative, 1))).toEqual(['01', '11']);
  });

  it('are the base’s own where the rest is swapped', () => {
    for (const base of [positive, negative, half, doubtful]) {
      expect(possibleMeasurements(base, half, 3)).toEqual(possibleMeasurements(base, base, 3));
    }
    expect(possibleMeasurements(half, positive, 3)).toEqual([[yes, no]]);
  });

  it.each([2, 3])('are, without repetition, those of an enumeration of all cases of %i measurements', (m) => {
    const cases = casesOf(m);
    for (const base of cases) for (const source of cases) expectEnumerated(base, source, m);
  });

  it.each([4, 5])('are those of an enumeration of cases of %i measurements', (m) => {
    const [cases, rng] = [casesOf(m), createRng(0, 'cases')];
    for (let i = 0; i < 300; i++) expectEnumerated(rng.choice(cases), rng.choice(cases), m);
  });
});

function expectEnumerated(base: Known, source: Known, m: number): void {
  for (let subspace = 0; subspace < m + 2; subspace++) {
    const found = expand(possibleMeasurements(explain(base), explain(source), subspace));
    if (found.join() !== enumerate(base, source, subspace).join()) {
      expect([base, source, subspace, found]).toEqual([base, source, subspace, enumerate(base, source, subspace)]);
    }
  }
}

/** Every example that supervision could see, but for trusted ones that differ. */
function casesOf(m: number): readonly Known[] {
  const measurements = Array.from({ length: 3 ** m }, (_, code) =>
    Array.from({ length: m }, (_, j) => [true, false, null][Math.floor(code / 3 ** j) % 3] as boolean | null),
  );
  const all = [true, false].flatMap((trusted) => measurements.map((row) => ({ trusted, measurements: row })));
  return all.filter((example) => explain(example).some(Boolean));
}

/** The same by going through every outcome and tampering of both. */
function enumerate(base: Known, source: Known, subspace: number): string[] {
  const m = base.measurements.length;
  const bits = (number: number) => Array.from({ length: m + 1 }, (_, i) => (number >> i) % 2 === 1);
  const measured = ([outcome, ...tamperings]: boolean[]) => tamperings.map((tampering) => outcome || tampering);
  const fits =
    ({ measurements, trusted }: Known) =>
    (variables: boolean[]) =>
      !(trusted && variables.slice(1).some(Boolean)) &&
      measured(variables).every((value, j) => measurements[j] === null || measurements[j] === value);
  const all = Array.from({ length: 2 ** (m + 1) }, (_, number) => bits(number));
  const vectors = all.filter(fits(base)).flatMap((own) =>
    all.filter(fits(source)).map((other) => {
      const mixed = own.map((value, i) => (i === subspace ? (other[i] as boolean) : value));
      return measured(mixed).map(Number).join('');
    }),
  );
  return [...new Set(vectors)].sort();
}

/** Vectors of disjoint boxes, sorted; one that is in two boxes comes twice. */
function expand(boxes: readonly Box[]): string[] {
  const vectors = (box: Box): string[] =>
    box.reduce<string[]>(
      (heads, value) => heads.flatMap((head) => (value === null ? [`${head}0`, `${head}1`] : [head + Number(value)])),
      [''],
    );
  return boxes.flatMap(vectors).sort();
}

describe('the loss of a set of measurements', () => {
  const heads = headsOf(3);
  const logits = [0.3, 9, -1.2, 0.7, 2.1];
  const p = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const chance = (vector: string) =>
    [...vector].reduce(
      (product, bit, j) => product * (bit === '1' ? (p[2 + j] as number) : 1 - (p[2 + j] as number)),
      1,
    );

  it('is minus the logarithm of the set’s probability, and the aggregate’s own where it is known', () => {
    const set: readonly Box[] = [
      [no, null, yes],
      [yes, yes, no],
    ];
    const total = expand(set).reduce((sum, vector) => sum + chance(vector), 0);
    expect(possibilityLoss(heads, set, logits).loss).toBeCloseTo(
      -0.7 * Math.log(total) - 0.3 * Math.log(1 - (p[0] as number)),
      12,
    );
  });

  it('is the measurement predictor’s own for a single vector', () => {
    const { loss } = possibilityLoss(heads, [[yes, yes, yes]], logits);
    expect(loss).toBeCloseTo(-0.7 * Math.log(chance('111')) - 0.3 * Math.log(p[0] as number), 12);
  });

  it('leaves the aggregate out where it is open, and everything where all is possible', () => {
    expect(possibilityLoss(heads, [[yes, yes, null]], logits).loss).toBeCloseTo(
      -0.7 * Math.log(chance('110') + chance('111')),
      12,
    );
    const { loss, gradient } = possibilityLoss(heads, [[null, null, null]], logits);
    expect([loss, ...gradient]).toEqual([-0, 0, 0, 0, 0, 0]);
  });

  it('has the gradient that differences show, and stays finite at extreme logits', () => {
    const sets: readonly Box[][] = [
      [
        [no, null, yes],
        [yes, yes, no],
      ],
      [
        [yes, yes, yes],
        [no, yes, yes],
      ],
      [[null, null, no]],
    ];
    for (const set of sets) {
      const { gradient } = possibilityLoss(heads, set, logits);
      logits.forEach((_, i) => {
        const at = (step: number) =>
          possibilityLoss(
            heads,
            set,
            logits.map((value, j) => value + (i === j ? step : 0)),
          ).loss;
        expect(gradient[i]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 8);
      });
    }
    const { loss, gradient } = possibilityLoss(heads, [[no, no, no]], [800, 0, 800, 800, 800]);
    expect(loss).toBeCloseTo(0.7 * 2400 + 0.3 * 800, 6);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  it('can be of one member of the set, drawn evenly', () => {
    const set: readonly Box[] = [
      [no, null, null],
      [yes, yes, yes],
    ];
    const rng = createRng(0, 'draws');
    const counts = new Map<string, number>();
    for (let i = 0; i < 5000; i++) {
      const [vector = ''] = expand(drawPossibility(set, rng));
      counts.set(vector, (counts.get(vector) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(expand(set));
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe('masks of subspaces', () => {
  const shares = Float64Array.of(0.4, -0.3, 0.1, 0.9, -1);

  it('are products of two soft steps, even at first', () => {
    expect([...boundariesOf(new Float64Array(4), 12)]).toEqual([0, 3, 6, 9, 12]);
    const masks = masksOf(new Float64Array(4), 0.5, 12);
    const step = (x: number) => 1 / (1 + Math.exp(-x / 0.5));
    expect(masks[12 + 4]).toBeCloseTo(step(4.5 - 3) * step(6 - 4.5), 12);
  });

  it('divide the coordinates into consecutive blocks as the temperature goes to zero', () => {
    const masks = masksOf(shares, 1e-6, 20);
    const owners = Array.from({ length: 20 }, (_, i) =>
      [0, 1, 2, 3, 4].filter((k) => (masks[k * 20 + i] as number) > 0.5),
    );
    expect(owners.every((of) => of.length === 1)).toBe(true);
    expect(owners.flat()).toEqual([...owners.flat()].sort());
    expect(masks.reduce((sum, value) => sum + value, 0)).toBeCloseTo(20, 9);
    const boundaries = boundariesOf(shares, 20);
    expect(boundaries.at(-1)).toBeCloseTo(20, 12);
    expect(
      owners.flat().map((k, i) => (boundaries[k] as number) < i + 0.5 && i + 0.5 < (boundaries[k + 1] as number)),
    ).not.toContain(false);
  });

  it.each([0.3, 4])('have the gradient by the shares that differences show, at temperature %f', (temperature) => {
    const weights = Float64Array.from({ length: 5 * 9 }, (_, i) => Math.sin(i + 1));
    const total = (at: Float64Array) =>
      masksOf(at, temperature, 9).reduce((sum, mask, i) => sum + mask * (weights[i] as number), 0);
    const gradient = sharesGradient(shares, temperature, 9, weights);
    shares.forEach((_, k) => {
      const moved = (step: number) => total(shares.map((value, j) => value + (j === k ? step : 0)));
      expect(gradient[k]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 7);
    });
  });
});

describe('rotations', () => {
  it('turn two coordinates by the angle of the Cayley transform', () => {
    const [cos, sin] = [Math.cos(2 * Math.atan(0.35)), Math.sin(2 * Math.atan(0.35))];
    const turned = turnRotation(identityRotation(2), [0.7], 2);
    expectClose(turned, [cos, sin, -sin, cos], 12);
  });

  it.each([1, 2, 5, 16, 31])('stay orthogonal however far they turn in %i dimensions', (d) => {
    const rotation = randomRotation(d, createRng(d, 'rotation'), 3);
    const rows = Float64Array.from({ length: 3 * d }, (_, i) => Math.cos(i));
    const there = rotate(rows, rotation, d);
    expectClose(rotateBack(there, rotation, d), rows, 11);
    expect(Math.hypot(...there)).toBeCloseTo(Math.hypot(...rows), 11);
  });
});

const [d, m] = [6, 3];
const model = createFakeModel(d, m, 2, 5);

describe('an interchange', () => {
  const interchanges = someInterchanges();
  const learned: Subspaces = {
    dimensions: d,
    rotation: randomRotation(d, createRng(1, 'learned'), 1),
    shares: Float64Array.of(0.3, -0.2, 0.1, 0, 0.2),
  };
  const lossAt = async (at: Subspaces) => (await interchangeLoss(model, 1, at, 0.8, interchanges)).loss;

  it('puts in what the base has outside the subspace and the source has inside', async () => {
    const { spy, put } = spied();
    await interchangeLoss(spy, 1, learned, 0.8, interchanges);
    const masks = masksOf(learned.shares, 0.8, d);
    const { base, difference, subspaces } = interchanges;
    const source = base.map((value, i) => value + (difference[i] as number));
    const [own, other] = [base, source].map((rows) => rotate(rows, learned.rotation, d)) as [
      Float64Array,
      Float64Array,
    ];
    const mixed = own.map((value, i) => {
      const mask = masks[(subspaces[Math.floor(i / d)] as number) * d + (i % d)] as number;
      return (1 - mask) * value + mask * (other[i] as number);
    });
    expectClose(put()[0]?.data ?? [], rotateBack(mixed, learned.rotation, d), 6);
  });

  it('has a loss whose gradient by the rotation is what differences show', async () => {
    const { skew } = await interchangeLoss(model, 1, learned, 0.8, interchanges);
    for (let i = 0; i < skewLength(d); i++) {
      const at = (step: number) => {
        const turn = Float64Array.from({ length: skewLength(d) }, (_, j) => (i === j ? step : 0));
        return lossAt({ ...learned, rotation: turnRotation(learned.rotation, turn, d) });
      };
      expect(skew[i]).toBeCloseTo(((await at(1e-2)) - (await at(-1e-2))) / 2e-2, 4);
    }
    expect(Math.hypot(...skew)).toBeGreaterThan(0.01);
  });

  it('has a loss whose gradient by the widths is what differences show', async () => {
    const { shares } = await interchangeLoss(model, 1, learned, 0.8, interchanges);
    for (let k = 0; k < m + 2; k++) {
      const at = (step: number) =>
        lossAt({ ...learned, shares: learned.shares.map((value, j) => value + (j === k ? step : 0)) });
      expect(shares[k]).toBeCloseTo(((await at(1e-2)) - (await at(-1e-2))) / 2e-2, 4);
    }
    expect(Math.hypot(...shares)).toBeGreaterThan(1e-3);
  });
});

describe('a score by injection', () => {
  const rng = createRng(3, 'injection');
  const inputs = Array.from({ length: 4 }, (_, i) => ({ id: `${i}`, text: textOf(normals(d, rng)) }));
  const injected: Matrix = { rows: 2, columns: d, data: Float32Array.from(normals(2 * d, rng)) };
  const learned = {
    dimensions: d,
    rotation: randomRotation(d, rng, 1),
    shares: Float64Array.from(normals(m + 2, rng)),
  };

  it.each(['together', 'one-at-a-time'] as const)('averages the aggregate over examples injected, %s', async (swap) => {
    const options = { swap, endTemperature: 0.1 };
    const scores = await injectionScores({ learned, layer: 1, injected, options }, inputs, contextOf(model));
    const masks = masksOf(learned.shares, 0.1, d);
    const chosen = swap === 'together' ? [[1, 2, 3]] : [[1], [2], [3]];
    const own = await model.activations(inputs, 1);
    const expected = new Float64Array(inputs.length);
    for (const subspaces of chosen) {
      for (const t of [0, 1]) {
        const swapped = Float64Array.from(own.data, (value, i) => (injected.data[t * d + (i % d)] as number) - value);
        const turned = rotate(swapped, learned.rotation, d).map(
          (value, i) => value * subspaces.reduce((sum, k) => sum + (masks[k * d + (i % d)] as number), 0),
        );
        const added = rotateBack(turned, learned.rotation, d);
        const states = { ...own, data: own.data.map((value, i) => value + (added[i] as number)) };
        const logits = await model.intervene(inputs, { layer: 1, states });
        expected.forEach((_, row) => {
          (expected[row] as number) += (logits.data[row * logits.columns] as number) / (2 * chosen.length);
        });
      }
    }
    expectClose(scores, expected, 5);
  });
});

function someInterchanges(): Interchanges {
  const rng = createRng(2, 'interchanges');
  const n = 10;
  return {
    inputs: Array.from({ length: n }, (_, i) => ({ id: `${i}`, text: textOf(normals(d, rng)) })),
    base: Float64Array.from(normals(n * d, rng)),
    difference: Float64Array.from(normals(n * d, rng)),
    subspaces: Array.from({ length: n }, (_, i) => i % (m + 2)),
    possible: Array.from({ length: n }, () => [Array.from({ length: m }, () => rng.choice([yes, no, no, null]))]),
  };
}

/** A model that keeps what was put in. */
function spied(): { spy: StrongModel; put: () => readonly Matrix[] } {
  const seen: Matrix[] = [];
  const spy: StrongModel = {
    ...model,
    intervene: (inputs, intervention) => {
      seen.push(intervention.states);
      return model.intervene(inputs, intervention);
    },
  };
  return { spy, put: () => seen };
}

function randomRotation(dimensions: number, rng: Rng, size: number): Float64Array {
  const skew = normals(skewLength(dimensions), rng).map((value) => size * value);
  return turnRotation(identityRotation(dimensions), skew, dimensions);
}

function normals(count: number, rng: Rng): number[] {
  return Array.from({ length: count }, () => rng.normal());
}

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, digits: number): void {
  expect(found).toHaveLength(wanted.length);
  Array.from(wanted).forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, digits);
  });
}
