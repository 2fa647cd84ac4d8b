import { createDenseProducts, type Dense } from '../../solvers/dense-products.ts';
import { minimizeLbfgs } from '../../solvers/lbfgs.ts';
import { ccsLoss, type PairLayout } from './ccs-loss.ts';

/** A linear probe σ(w·x + b): its parameters are the weights and then the bias, (width + 1). */
export interface CcsProblem {
  /** (2·n·v × width + 1) normalised states in the order of {@link PairLayout}, each with a 1 at its end. */
  readonly rows: Dense;
  readonly layout: PairLayout;
}

export interface CcsSearchOptions {
  readonly optimizer: 'adamw' | 'lbfgs';
  /** Steps of AdamW, or most iterations of L-BFGS. */
  readonly epochs: number;
  /** Of AdamW. */
  readonly learningRate: number;
  /** Decoupled for AdamW; λ of the explicit λ‖(w, b)‖²/2 for L-BFGS. */
  readonly weightDecay: number;
}

export interface CcsMinimum {
  /** (width + 1) */
  readonly parameters: Float64Array;
  /** Without the penalty. */
  readonly loss: number;
}

/** Told how much is done; may throw to stop. */
export type Watch = (done: number, total: number) => void;

/**
 * Minimises the CCS loss from each start (methods.md 5.1 and 5.2), all in float64: AdamW takes its full-batch steps on all
 * starts side by side, so that their logits are one product; L-BFGS with a strong-Wolfe line search takes one at a time.
 *
 * @param starts (restarts × width + 1)
 */
export async function searchCcs(
  problem: CcsProblem,
  starts: Dense,
  options: CcsSearchOptions,
  watch: Watch = () => {},
): Promise<readonly CcsMinimum[]> {
  const evaluator = createEvaluator(problem);
  const search = options.optimizer === 'adamw' ? searchByAdamw : searchByLbfgs;
  return search(evaluator, starts, options, watch).finally(() => evaluator.dispose());
}

interface Evaluator {
  /** Loss without penalty, and its gradient, at each row of `parameters`. */
  evaluate(parameters: Dense): Promise<{ readonly losses: Float64Array; readonly gradient: Float64Array }>;
  dispose(): Promise<void>;
}

function createEvaluator({ rows, layout }: CcsProblem): Evaluator {
  const products = createDenseProducts({});
  return {
    async evaluate(parameters) {
      const logits = await products.multiply(parameters, rows, { transposeB: true });
      const slopes = new Float64Array(logits.data.length);
      const losses = Float64Array.from({ length: parameters.rows }, (_, r) => {
        const [start, end] = [r * rows.rows, (r + 1) * rows.rows];
        return ccsLoss(logits.data.subarray(start, end), slopes.subarray(start, end), layout);
      });
      const gradient = await products.multiply({ ...logits, data: slopes }, rows);
      return { losses, gradient: gradient.data };
    },
    dispose: () => products.dispose(),
  };
}

/** Decay of the two moments and the guard against division by 0: PyTorch's defaults. */
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

async function searchByAdamw(evaluator: Evaluator, starts: Dense, options: CcsSearchOptions, watch: Watch) {
  const { epochs, learningRate, weightDecay } = options;
  const data = starts.data.slice();
  const point = { ...starts, data };
  const first = new Float64Array(data.length);
  const second = new Float64Array(data.length);
  for (let step = 1; step <= epochs; step++) {
    const { gradient } = await evaluator.evaluate(point);
    const [scale1, scale2] = [1 / (1 - beta1 ** step), 1 / (1 - beta2 ** step)];
    for (let k = 0; k < data.length; k++) {
      const slope = gradient[k] as number;
      const mean = beta1 * (first[k] as number) + (1 - beta1) * slope;
      const square = beta2 * (second[k] as number) + (1 - beta2) * slope * slope;
      first[k] = mean;
      second[k] = square;
      (data[k] as number) *= 1 - learningRate * weightDecay;
      (data[k] as number) -= (learningRate * mean * scale1) / (Math.sqrt(square * scale2) + epsilon);
    }
    if (step % 20 === 0) watch(step, epochs);
  }
  const { losses } = await evaluator.evaluate(point);
  const { columns } = starts;
  return Array.from(losses, (loss, r) => ({ parameters: data.slice(r * columns, (r + 1) * columns), loss }));
}

async function searchByLbfgs(evaluator: Evaluator, starts: Dense, options: CcsSearchOptions, watch: Watch) {
  const { columns } = starts;
  const minima: CcsMinimum[] = [];
  for (let r = 0; r < starts.rows; r++) {
    const start = starts.data.slice(r * columns, (r + 1) * columns);
    minima.push(await minimizeFrom(evaluator, start, options));
    watch(r + 1, starts.rows);
  }
  return minima;
}

async function minimizeFrom(evaluator: Evaluator, start: Float64Array, options: CcsSearchOptions): Promise<CcsMinimum> {
  const { epochs, weightDecay } = options;
  const at = async (point: Float64Array) => {
    const { losses, gradient } = await evaluator.evaluate({ rows: 1, columns: point.length, data: point });
    return { loss: losses[0] as number, gradient };
  };
  const penalised = async (point: Float64Array, slope: Float64Array) => {
    const { loss, gradient } = await at(point);
    slope.set(gradient.map((g, j) => g + weightDecay * (point[j] as number)));
    return loss + (weightDecay / 2) * point.reduce((sum, x) => sum + x * x, 0);
  };
  const { point } = await minimizeLbfgs(penalised, start, { maxIterations: epochs });
  return { parameters: point, loss: (await at(point)).loss };
}
