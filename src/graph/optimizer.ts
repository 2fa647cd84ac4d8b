import { expected } from '../core/errors.ts';

/** Arrays by parameter name. */
export type Arrays = Readonly<Record<string, Float32Array>>;

export interface AdamWOptions {
  /** Decay per step is learningRate · weightDecay · parameter, apart from the gradient (decoupled). @default 0.01 */
  readonly weightDecay?: number;
  /** Whether the parameter decays. @default every one */
  readonly decays?: (name: string) => boolean;
  /** Decay rates of the running mean of the gradient and of its square, in [0, 1). @default 0.9, 0.999 */
  readonly beta1?: number;
  readonly beta2?: number;
  /** Added to the root of the squared mean. @default 1e-8 */
  readonly epsilon?: number;
  /** Gradients whose norm, taken over all parameters together, exceeds this are scaled down to it. @default Infinity */
  readonly maxNorm?: number;
}

export interface Optimizer {
  /** Steps taken so far. */
  readonly steps: number;
  /**
   * Changes the parameters in place and returns the norm of the gradients before clipping. Gradients are by parameter
   * name, of the parameters' lengths.
   * @throws UserError (`gradient-not-finite`) when that norm is not finite; nothing has changed then.
   */
  step(gradients: Arrays, learningRate: number): number;
}

/**
 * AdamW (Loshchilov and Hutter 2019, as in PyTorch): with bias-corrected means m̂ and v̂ of the clipped gradient and
 * its square, p ← p · (1 − lr · decay) − lr · m̂ / (√v̂ + ε). It runs on the host, over arrays that sessions read in
 * place, so that per step only gradients leave the runtime.
 */
export function createAdamW(parameters: Arrays, options: AdamWOptions = {}): Optimizer {
  const { weightDecay = 0.01, decays = () => true, maxNorm = Number.POSITIVE_INFINITY } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const states = Object.entries(parameters).map(([name, parameter]) => ({
    name,
    parameter,
    mean: new Float32Array(parameter.length),
    square: new Float32Array(parameter.length),
    decay: decays(name) ? weightDecay : 0,
  }));
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    step(gradients, learningRate) {
      const norm = globalNorm(states.map(({ name }) => gradients[name] as Float32Array));
      if (!Number.isFinite(norm)) {
        throw expected('gradient-not-finite', 'norm of the gradients', 'finite', norm, 'Lower the learning rate');
      }
      steps++;
      const rates = {
        scale: norm > maxNorm ? maxNorm / norm : 1,
        beta1,
        beta2,
        // lr · m̂ / (√v̂ + ε) with both corrections moved to the factors.
        size: learningRate / (1 - beta1 ** steps),
        correction: 1 / Math.sqrt(1 - beta2 ** steps),
        epsilon,
      };
      for (const state of states) {
        update(state, gradients[state.name] as Float32Array, rates, 1 - learningRate * state.decay);
      }
      return norm;
    },
  };
}

interface Rates {
  readonly scale: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly size: number;
  readonly correction: number;
  readonly epsilon: number;
}

interface State {
  readonly parameter: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

function update({ parameter, mean, square }: State, gradient: Float32Array, rates: Rates, keep: number): void {
  const { scale, beta1, beta2, size, correction, epsilon } = rates;
  for (let i = 0; i < parameter.length; i++) {
    const g = (gradient[i] as number) * scale;
    const m = beta1 * (mean[i] as number) + (1 - beta1) * g;
    const v = beta2 * (square[i] as number) + (1 - beta2) * g * g;
    mean[i] = m;
    square[i] = v;
    parameter[i] = keep * (parameter[i] as number) - (size * m) / (Math.sqrt(v) * correction + epsilon);
  }
}

function globalNorm(arrays: readonly Float32Array[]): number {
  let sum = 0;
  for (const array of arrays) for (let i = 0; i < array.length; i++) sum += (array[i] as number) ** 2;
  return Math.sqrt(sum);
}
