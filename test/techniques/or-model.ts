import type { Example } from '../../src/core/examples.ts';
import type { Matrix, StrongModel } from '../../src/core/models.ts';
import { createRng, type Rng } from '../../src/core/random.ts';
import { identityRotation, rotateBack, skewLength, turnRotation } from '../../src/techniques/shared/das-rotation.ts';
import { featuresOf, headsOf, textOf } from './fake-model.ts';

/** A world whose model computes measurement_j = outcome OR tampering_j from a hidden state in which they are known to sit. */
export interface OrWorld {
  readonly model: StrongModel;
  readonly examples: readonly Example[];
  /** Directions of the hidden state of the outcome and of tampering with each measurement, (m + 1) of (width). */
  readonly directions: readonly Float64Array[];
}

/**
 * Hidden states are Qᵀc, Q a random rotation: c holds ±1 for the outcome and for each tampering, with little noise, and plain
 * noise in the `noise` other coordinates, at least one. Every layer has that state. Each measurement's logit is a soft OR, which
 * does not tell its two causes apart; the aggregate's is a soft AND of these and has some noise. Nobody tampers with a real
 * outcome, so that real and fake positives mirror each other.
 */
export function createOrWorld(measurements: number, noise: number, seed: number, n: number): OrWorld {
  const rng = createRng(seed, 'or-world');
  const width = 1 + measurements + noise;
  const skew = Float64Array.from({ length: skewLength(width) }, () => rng.normal());
  const rotation = turnRotation(identityRotation(width), skew, width);
  const examples = Array.from({ length: n }, (_, i) => createExample(`or-${seed}-${i}`, measurements, rotation, rng));
  const directions = Array.from({ length: width }, (_, i) => rotation.slice(i * width, (i + 1) * width));
  return { model: createModel(measurements, directions), examples, directions: directions.slice(0, 1 + measurements) };
}

function createExample(id: string, measurements: number, rotation: Float64Array, rng: Rng): Example {
  const trusted = rng.chance(0.3);
  const groundTruth = rng.chance(0.4);
  // Half of the attempts are on everything, so that there are fake positives whatever the number of measurements.
  const [attempted, everything] = [!trusted && !groundTruth && rng.chance(0.6), rng.chance(0.5)];
  const tamperings = Array.from({ length: measurements }, () => attempted && (everything || rng.chance(0.5)));
  const width = Math.sqrt(rotation.length);
  const causes = [groundTruth, ...tamperings].map((on) => (on ? 1 : -1) + 0.1 * rng.normal());
  const others = Array.from({ length: width - causes.length }, () => 0.5 * rng.normal());
  const state = rotateBack(Float64Array.from([...causes, ...others]), rotation, width);
  return {
    id,
    text: textOf([...state]),
    measurements: tamperings.map((on) => on || groundTruth),
    trusted,
    groundTruth,
  };
}

function createModel(measurements: number, directions: readonly Float64Array[]): StrongModel {
  const heads = headsOf(measurements);
  const width = directions.length;
  const logitsOf = (state: ArrayLike<number>): number[] => {
    const along = directions.map((direction) => direction.reduce((sum, v, i) => sum + v * (state[i] as number), 0));
    const [outcome, ...others] = along as [number, ...number[]];
    const logits = others.slice(0, measurements).map((tampering) => 4 * Math.tanh(2 * softMaximum(outcome, tampering)));
    return [0.5 * (others.at(-1) as number) - softMaximum(...logits.map((logit) => -logit)), 0, ...logits];
  };
  const statesOf = (inputs: readonly { text: string }[]) => inputs.map(({ text }) => featuresOf(text));
  const matrixOf = (rows: readonly (readonly number[])[], columns: number): Matrix => ({
    rows: rows.length,
    columns,
    data: Float32Array.from(rows.flat()),
  });
  const rowsOf = ({ rows, columns, data }: Matrix) =>
    Array.from({ length: rows }, (_, row) => Array.from(data.subarray(row * columns, (row + 1) * columns)));
  const refuse = () => Promise.reject(new Error('Boundless DAS has no use for this.'));
  return {
    heads,
    layers: 2,
    width,
    attentionHeads: 1,
    logits: async (inputs) => matrixOf(statesOf(inputs).map(logitsOf), heads.length),
    activations: async (inputs) => matrixOf(statesOf(inputs), width),
    intervene: async (_, { states }) => matrixOf(rowsOf(states).map(logitsOf), heads.length),
    interventionGradient: async (_, { states }, coefficients) => {
      const factors = rowsOf(coefficients);
      const product = (state: readonly number[], row: number) =>
        logitsOf(state).reduce((sum, logit, head) => sum + logit * (factors[row]?.[head] as number), 0);
      return matrixOf(
        rowsOf(states).map((state, row) => differences((x) => product(x, row), state)),
        width,
      );
    },
    headOutputs: refuse,
    logLikelihoods: refuse,
    tokenStates: refuse,
    finetune: refuse,
  };
}

/** log Σ exp at a sharpness of 4. */
function softMaximum(...values: readonly number[]): number {
  return Math.log(values.reduce((sum, value) => sum + Math.exp(4 * value), 0)) / 4;
}

/** Central differences in float64. */
function differences(f: (x: readonly number[]) => number, x: readonly number[]): number[] {
  const at = (i: number, step: number) => f(x.map((value, j) => (j === i ? value + step : value)));
  return x.map((_, i) => (at(i, 1e-5) - at(i, -1e-5)) / 2e-5);
}
