import { expected } from '../core/errors.ts';
import { allocateSlots } from './adamw-arrays.ts';

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

/** What AdamW remembers between steps; with the parameters, all that a bit-identical continuation needs. */
export interface OptimizerState {
  /** Steps taken. */
  readonly steps: number;
  /** Running means of the gradient and of its square, by parameter name, of the parameters' lengths. */
  readonly means: Arrays;
  readonly squares: Arrays;
}

export interface Optimizer {
  /** Steps taken so far, those before a restored state included. */
  readonly steps: number;
  /** The parameters by name, which `step` changes in place; sessions may read them as they lie. */
  readonly parameters: Arrays;
  /** Where the next step finds the gradients, by parameter name, of the parameters' lengths; sessions may write here. */
  readonly gradients: Arrays;
  /**
   * Changes the parameters and returns the norm of the gradients before clipping.
   * @throws UserError (`gradient-not-finite`) when that norm is not finite; nothing has changed then.
   */
  step(learningRate: number): number;
  /** A copy of what the optimizer remembers, which later steps leave alone. */
  state(): OptimizerState;
}

/**
 * AdamW (Loshchilov and Hutter 2019, as in PyTorch): with bias-corrected means m̂ and v̂ of the clipped gradient and
 * its square, p ← p · (1 − lr · decay) − lr · m̂ / (√v̂ + ε), in float32. It runs on the host, in WebAssembly, over arrays
 * of its own that sessions read and write in place; `initial` is copied. With `from`, which is copied too, it continues
 * bit-identically.
 * @throws UserError (`wrong-optimizer-state`) when `from` is not of these parameters.
 */
export function createAdamW(initial: Arrays, options: AdamWOptions = {}, from?: OptimizerState): Optimizer {
  const { weightDecay = 0.01, decays = () => true, maxNorm = Number.POSITIVE_INFINITY } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  if (from) requireState(from, initial);
  const slots = allocateSlots(initial);
  for (const { name, mean, square } of from ? slots : []) {
    mean.set(from?.means[name] as Float32Array);
    square.set(from?.squares[name] as Float32Array);
  }
  const byName = (part: 'weight' | 'gradient' | 'mean' | 'square'): Arrays =>
    Object.fromEntries(slots.map((slot) => [slot.name, slot[part]]));
  let steps = from?.steps ?? 0;
  return {
    get steps() {
      return steps;
    },
    parameters: byName('weight'),
    gradients: byName('gradient'),
    step(learningRate) {
      const norm = Math.sqrt(slots.reduce((sum, slot) => sum + slot.squares(), 0));
      if (!Number.isFinite(norm)) throw gradientNotFinite(norm);
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
      for (const slot of slots) {
        slot.update({ ...rates, keep: 1 - learningRate * (decays(slot.name) ? weightDecay : 0) });
      }
      return norm;
    },
    state: () => ({ steps, means: copies(byName('mean')), squares: copies(byName('square')) }),
  };
}

/** The error of a step whose gradients have no finite norm. */
export function gradientNotFinite(norm: number) {
  return expected('gradient-not-finite', 'norm of the gradients', 'finite', norm, 'Lower the learning rate');
}

/** @throws UserError (`wrong-optimizer-state`) when `state` is not of these parameters. */
export function requireState(state: OptimizerState, parameters: Arrays): void {
  for (const [name, { length }] of Object.entries(parameters)) {
    for (const [kind, arrays] of [['mean', state.means] as const, ['square', state.squares] as const]) {
      if (arrays[name]?.length === length) continue;
      const thing = `optimizer state "${name}" (running ${kind})`;
      const got = arrays[name] ? `${arrays[name].length} values` : 'nothing';
      const advice = 'Resume with the weights and options that the state was saved with';
      throw expected('wrong-optimizer-state', thing, `${length} values`, got, advice);
    }
  }
}

function copies(arrays: Arrays): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.slice()]));
}

/** Arrays of zeros of the same names and lengths. */
export function zerosLike(arrays: Arrays): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, { length }]) => [name, new Float32Array(length)]));
}
