import { z } from 'zod';
import type { Matrix } from '../core/models.ts';
import type { Technique } from '../core/techniques.ts';
import { erase } from '../solvers/eraser.ts';
import { fitInlp } from '../solvers/inlp.ts';
import { fitLeace } from '../solvers/leace.ts';
import { decision, fitLogisticRegression } from '../solvers/logistic-regression.ts';
import { matrixRows } from '../solvers/matrix-rows.ts';
import { fitOracleLeace, oracleErase } from '../solvers/oracle-leace.ts';
import { requireNeeds } from './needs.ts';
import { requireBothClasses } from './shared/binary-task.ts';
import { type LabelOptions, labelOptions } from './shared/label-options.ts';
import { labelledTask } from './shared/labelled-task.ts';
import { resolveLayer } from './shared/layers.ts';

/** Hyperparameters of {@link leaceControl}. */
export interface LeaceControlOptions extends LabelOptions {
  /** What erases; `oracle-leace` is told the labels of training examples and leaves judged ones as they are. @default 'leace' */
  readonly eraser: 'leace' | 'oracle-leace' | 'inlp';
  /** Whose activations to probe. @default 'last' */
  readonly layer: 'last' | number;
  /** L2 strength of the probe, λ in mean BCE + λ‖w‖² on standardised activations. @default 0.01 */
  readonly l2: number;
}

/** Training activations without the labels, and what to do to others. */
interface Erasure {
  readonly trained: Matrix;
  apply(activations: Matrix): Matrix;
  readonly directions: number;
}

/** Log-odds are told to this precision: smaller differences come from rounding, which an AUROC would take for knowledge. */
const precision = 1e-4;

/**
 * Control: the very label that the probe learns is erased from frozen activations before it learns. By LEACE or its oracle
 * form, on the same examples, no linear probe can gain anything, so the score must be at chance; by INLP next to
 * nothing. What a probe on the labels finds beyond this control, it found linearly. Score: probe logit, rounded to 1e-4.
 *
 * Defaults: LEACE of however faint a trace, weak labels, the last layer of the model before it saw any measurement, λ = 0.01.
 * Source: methods.md 6 and 13 (required controls); arXiv 2306.03819.
 */
export const leaceControl: Technique<LeaceControlOptions> = {
  id: 'leace-control',
  title: 'LEACE control',
  source: 'methods.md 6 and 13; arXiv 2306.03819',
  role: 'control',
  needs: { structures: [] },
  options: labelOptions.extend({
    eraser: z.enum(['leace', 'oracle-leace', 'inlp']).default('leace').describe('What erases the labels'),
    layer: z
      .union([z.literal('last'), z.int().min(0)])
      .default('last')
      .describe('Layer to probe, 0 = embedding'),
    l2: z.number().positive().default(0.01).describe('L2 strength of the probe'),
  }),
  calibrated: false,
  // What is left of labels that were erased is their base rate.
  ignoresMeasurements: true,
  async fit(view, options, context) {
    requireNeeds(leaceControl, view);
    const { eraser, labels, l2 } = options;
    const task = labelledTask('leace-control', view, labels);
    requireBothClasses(task, 2);
    const model = context[options.model];
    const layer = resolveLayer('leace-control', options.layer, model);
    const activations = await model.activations(task.examples, layer);
    context.signal.throwIfAborted();
    const { trained, apply, directions } = await erasures[eraser](activations, task.probabilities, () =>
      context.signal.throwIfAborted(),
    );
    const fitted = await fitLogisticRegression(matrixRows(trained), task.probabilities, { l2, standardize: true });
    return {
      score: async (inputs) => {
        const scores = decision(apply(await model.activations(inputs, layer)), fitted);
        return scores.map((score) => Math.round(score / precision) * precision);
      },
      details: { eraser, directions, layer, labels, model: options.model, l2, examples: task.examples.length },
    };
  },
};

type Erase = (activations: Matrix, labels: ArrayLike<number>, onDirection: () => void) => Promise<Erasure>;

const erasures: Readonly<Record<LeaceControlOptions['eraser'], Erase>> = {
  async leace(activations, labels) {
    const eraser = await fitLeace(matrixRows(activations), labels, { tolerance: 0 });
    const apply = (others: Matrix) => erase(others, eraser);
    return { trained: apply(activations), apply, directions: eraser.rank };
  },
  async 'oracle-leace'(activations, labels) {
    const eraser = await fitOracleLeace(matrixRows(activations), labels, { cutoff: 0 });
    return { trained: oracleErase(activations, labels, eraser), apply: (others) => others, directions: 1 };
  },
  async inlp(activations, labels, onDirection) {
    const eraser = await fitInlp(activations, labels, { mostDirections: 32, onDirection });
    const apply = (others: Matrix) => erase(others, eraser);
    return { trained: apply(activations), apply, directions: eraser.rank };
  },
};
