import { describe, expect, it } from 'vitest';
import { erase } from '../../../src/solvers/eraser.ts';
import type { PairLayout } from '../../../src/techniques/shared/ccs-loss.ts';
import { ccsLoss } from '../../../src/techniques/shared/ccs-loss.ts';
import { pairRows } from '../../../src/techniques/shared/ccs-pairs.ts';
import { searchCcs } from '../../../src/techniques/shared/ccs-search.ts';
import type { PairStates } from '../../../src/techniques/shared/pair-activations.ts';
import { eraseSides, fitPairNormalisation, mapSides } from '../../../src/techniques/shared/pair-normalisation.ts';
import { projectDifferences } from '../../../src/techniques/shared/project-differences.ts';
import { vincDirection, vincObjective } from '../../../src/techniques/shared/vinc-direction.ts';
import { readGolden } from '../../stats/golden.ts';

interface Sizes {
  readonly examples: number;
  readonly wordings: number;
}

interface Hiddens extends Sizes {
  readonly width: number;
  /** (examples × wordings × 2 × width) */
  readonly hiddens: number[];
}

interface LossCase extends Sizes {
  readonly name: 'ccs' | 'ccs_prompt_var';
  /** (examples × wordings) */
  readonly negative: number[];
  readonly positive: number[];
  readonly loss: number;
  readonly negativeSlopes: number[];
  readonly positiveSlopes: number[];
}

interface SearchCase extends Hiddens {
  readonly optimizer: 'adamw' | 'lbfgs';
  readonly epochs: number;
  readonly learningRate?: number;
  readonly weightDecay: number;
  readonly start: number[];
  readonly parameters: number[];
  readonly loss: number;
}

interface VincCase extends Hiddens {
  readonly variance: number;
  readonly negativeCovariance: number;
  readonly erasePrompts: boolean;
  readonly objective: number[];
  readonly direction: number[];
  readonly scores: number[];
}

const golden = readGolden<{ losses: LossCase[]; searches: SearchCase[]; vinc: VincCase[] }>('latent-knowledge');

describe.each(golden.losses)('eleuther-elk’s loss $name at $wordings wordings', (given) => {
  const layout = layoutOf(given, given.name === 'ccs' ? 0 : 1);
  const logits = interleaved(given, given.negative, given.positive);

  it('has the same value and gradient', () => {
    const slopes = new Float64Array(logits.length);
    expect(ccsLoss(logits, slopes, layout)).toBeCloseTo(given.loss, 12);
    const wanted = interleaved(given, given.negativeSlopes, given.positiveSlopes);
    expect(largestGap(slopes, wanted)).toBeLessThan(1e-12);
  });
});

describe.each(golden.searches)('PyTorch’s $optimizer on the loss at $wordings wordings', (given) => {
  it('ends at the same probe', async () => {
    const states = statesOf(given);
    const normalise = await fitPairNormalisation('mean', states);
    const problem = { rows: pairRows(normalise(states)), layout: layoutOf(given, 0) };
    const start = { rows: 1, columns: given.width + 1, data: Float64Array.from(given.start) };
    const [minimum] = await searchCcs(problem, start, { learningRate: 1e-3, ...given });
    expect(minimum?.loss).toBeCloseTo(given.loss, 6);
    expect(largestGap(minimum?.parameters ?? [], given.parameters)).toBeLessThan(1e-4);
  });
});

describe.each(golden.vinc)('eleuther-elk’s VINC at $wordings wordings, prompts erased: $erasePrompts', (given) => {
  const states = statesOf(given);

  it('has the same objective', async () => {
    const objective = await vincObjective(states, { ...given, centroids: true });
    expect(largestGap(objective, given.objective)).toBeLessThan(1e-10);
  });

  it('has the same direction and scores', async () => {
    const eraser = await eraseSides(states, given.erasePrompts);
    const objective = await vincObjective(states, { ...given, centroids: true });
    const direction = await vincDirection(objective, eraser);
    const erased = mapSides(states, (side) => erase(side, eraser));
    expect(Math.abs(cosine(direction, given.direction))).toBeGreaterThan(0.999);
    expect(Math.abs(cosine(projectDifferences(erased, direction), given.scores))).toBeGreaterThan(0.999);
  });
});

function layoutOf({ examples, wordings }: Sizes, promptVariance: number): PairLayout {
  return { examples, wordings, promptVariance };
}

/** (examples × wordings) of each side as {@link PairLayout} has them. */
function interleaved({ examples, wordings }: Sizes, negative: number[], positive: number[]): Float64Array {
  const all = new Float64Array(2 * examples * wordings);
  for (let w = 0; w < wordings; w++) {
    for (let i = 0; i < examples; i++) {
      all[2 * w * examples + i] = negative[i * wordings + w] as number;
      all[(2 * w + 1) * examples + i] = positive[i * wordings + w] as number;
    }
  }
  return all;
}

function statesOf({ examples, wordings, width, hiddens }: Hiddens): readonly PairStates[] {
  const side = (w: number, k: number) => {
    const rows = Array.from({ length: examples }, (_, i) => {
      const start = ((i * wordings + w) * 2 + k) * width;
      return hiddens.slice(start, start + width);
    });
    return { rows: examples, columns: width, data: Float32Array.from(rows.flat()) };
  };
  return Array.from({ length: wordings }, (_, w) => ({ negative: side(w, 0), positive: side(w, 1) }));
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(b, (value, index) => Math.abs(value - (a[index] ?? Number.NaN))));
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x, (value, index) => value * (y[index] as number)).reduce((sum, product) => sum + product, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
