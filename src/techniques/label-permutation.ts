import { z } from 'zod';
import type { Input, SupervisedExample } from '../core/examples.ts';
import type { Matrix, StrongModel } from '../core/models.ts';
import { createRng } from '../core/random.ts';
import type { Technique } from '../core/techniques.ts';
import { decision, type FittedLogisticRegression, fitLogisticRegression } from '../solvers/logistic-regression.ts';
import { matrixRows } from '../solvers/matrix-rows.ts';
import { requireNeeds } from './needs.ts';
import { requireBothClasses } from './shared/binary-task.ts';
import { evidenceTask } from './shared/evidence-task.ts';
import { resolveLayer } from './shared/layers.ts';

/** Hyperparameters of {@link labelPermutation}. */
export interface LabelPermutationOptions {
  /** How many permutations, k. @default 20 */
  readonly permutations: number;
  /** Whose activations to probe. @default 'last' */
  readonly layer: 'last' | number;
  /** L2 strength, λ in mean BCE + λ‖w‖² on standardised activations. @default 0.01 */
  readonly l2: number;
  /** Most training examples to permute among; of these, the trusted and the inconsistent are learned from. @default 6000 */
  readonly examples: number;
}

/**
 * Control: the evidence probe, at a fixed layer and strength, on supervision (trusted flag, measurements and tamper
 * evidence together) that was dealt out at random among the inputs, k times anew. Score: the first probe's logit;
 * `scoreAll` gives all k, whose AUROC should scatter about one half: anything else means that labels leak in by
 * another way than supervision.
 *
 * Defaults: 20 permutations among 6,000 training examples, last layer, λ = 0.01. Source: methods.md 13 (required controls).
 */
export const labelPermutation: Technique<LabelPermutationOptions> = {
  id: 'label-permutation',
  title: 'Label permutation',
  source: 'methods.md 13 and 11.3',
  role: 'control',
  needs: { structures: ['trusted-subset', 'several-measurements', 'untrusted-examples'] },
  options: z.strictObject({
    permutations: z.int().min(1).default(20).describe('How many permutations'),
    layer: z
      .union([z.literal('last'), z.int().min(0)])
      .default('last')
      .describe('Layer to probe, 0 = embedding'),
    l2: z.number().positive().default(0.01).describe('L2 strength'),
    examples: z.int().min(20).default(6000).describe('Most training examples to permute among'),
  }),
  calibrated: false,
  async fit(view, options, { seed, predictor, signal, progress }) {
    requireNeeds(labelPermutation, view);
    const { permutations, l2 } = options;
    const layer = resolveLayer('label-permutation', options.layer, predictor);
    const rng = createRng(seed, 'label-permutation');
    const pool = rng.sample(view.examples, Math.min(options.examples, view.examples.length));
    const activations = await predictor.activations(pool, layer);
    const probes: FittedLogisticRegression[] = [];
    for (let k = 0; k < permutations; k++) {
      signal.throwIfAborted();
      const { rows, targets } = questionOf(rng.shuffle(pool), view.measurementNames);
      const source = matrixRows(rowsOf(activations, rows));
      probes.push(await fitLogisticRegression(source, targets, { l2, standardize: true }));
      progress(k + 1, permutations, 'permutations');
    }
    return {
      score: async (inputs) => (await scoresOf(predictor, layer, probes.slice(0, 1), inputs))[0] as Float64Array,
      scoreAll: (inputs) => scoresOf(predictor, layer, probes, inputs),
      details: { layer, l2, permutations, examples: pool.length },
    };
  },
};

/** The evidence question when the input at each row gets the supervision that stands there: rows and their targets. */
function questionOf(dealt: readonly SupervisedExample[], measurementNames: readonly string[]) {
  const task = evidenceTask('label-permutation', { examples: dealt, measurementNames });
  requireBothClasses(task, 2);
  const rowOf = new Map(dealt.map((example, row) => [example, row]));
  return { rows: task.examples.map((example) => rowOf.get(example) as number), targets: task.targets };
}

async function scoresOf(
  model: StrongModel,
  layer: number,
  probes: readonly FittedLogisticRegression[],
  inputs: readonly Input[],
): Promise<readonly Float64Array[]> {
  const activations = await model.activations(inputs, layer);
  return probes.map((probe) => decision(activations, probe));
}

function rowsOf({ columns, data }: Matrix, rows: readonly number[]): Matrix {
  const picked = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    picked.set(data.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return { rows: rows.length, columns, data: picked };
}
