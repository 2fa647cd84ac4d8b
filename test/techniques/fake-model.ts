import type { Input } from '../../src/core/examples.ts';
import type {
  Completion,
  FinetuneOptions,
  HeadId,
  Matrix,
  StrongModel,
  TokenStates,
  TrainingTargets,
} from '../../src/core/models.ts';
import { createRng, type Rng } from '../../src/core/random.ts';

/** A text whose "content" is a few numbers, the opposite ones when "No" comes after them; other words are nothing. */
export function textOf(features: readonly number[]): string {
  return features.join(' ');
}

export function featuresOf(text: string): number[] {
  const words = text.split(/\s+/);
  const sign = words.at(-1) === 'No' ? -1 : 1;
  return words.flatMap((word) => (word === '' || Number.isNaN(Number(word)) ? [] : [sign * Number(word)]));
}

/** (n × columns) from rows. */
export function matrix(rows: readonly (readonly number[])[], columns = rows[0]?.length ?? 0): Matrix {
  return { rows: rows.length, columns, data: Float32Array.from(rows.flat()) };
}

/** `aggregate`, `ground-truth` and `measurements` measurement heads. */
export function headsOf(measurements: number): readonly HeadId[] {
  return [
    'aggregate',
    'ground-truth',
    ...Array.from({ length: measurements }, (_, j) => `measurement-${j + 1}` as const),
  ];
}

interface Affine {
  readonly w: Float64Array;
  readonly b: Float64Array;
}

/**
 * A perceptron with `layers` tanh layers of the features' width in place of the transformer: x → tanh(Wx + b) → … →
 * heads. `finetune` is Adam on the contract's loss at 30 times the asked learning rate, since it is so small.
 */
export function createFakeModel(width: number, measurements: number, layers: number, seed: number): StrongModel {
  const rng = createRng(seed, 'fake-model');
  const heads = headsOf(measurements);
  const hidden = Array.from({ length: layers }, () => randomAffine(width, width, rng));
  return fakeModel(width, heads, [...hidden, randomAffine(heads.length, width, rng)]);
}

function fakeModel(width: number, heads: readonly HeadId[], network: readonly Affine[]): StrongModel {
  const layers = network.length - 1;
  const states = (inputs: readonly Input[]) => inputs.map(({ text }) => forward(network, featuresOf(text)));
  const activations = async (inputs: readonly Input[], layer: number) =>
    matrix(
      states(inputs).map((state) => [...(state[layer] as Float64Array)]),
      width,
    );
  return {
    heads,
    layers,
    width,
    attentionHeads: 1,
    logits: async (inputs) =>
      matrix(
        states(inputs).map((state) => [...(state[layers + 1] as Float64Array)]),
        heads.length,
      ),
    activations,
    headOutputs: activations,
    logLikelihoods: async (completions) => Float64Array.from(completions, fakeLogLikelihood),
    tokenStates: async (inputs, layer) =>
      tokenStatesOf(
        inputs.map(({ text }) => tokensOf(text).map((token) => forward(network, token)[layer] as Float64Array)),
        width,
      ),
    intervene: async (_, { layer, states }) =>
      matrix(
        rowsOf(states).map((state) => [...(forward(network.slice(layer), state).at(-1) as Float64Array)]),
        heads.length,
      ),
    interventionGradient: async (_, { layer, states }, coefficients) =>
      matrix(
        rowsOf(states).map((state, row) => stateGradient(network.slice(layer), state, rowsOf(coefficients)[row] ?? [])),
        width,
      ),
    finetune: async (data, options) => fakeModel(width, heads, train(network, data, options)),
  };
}

/** Something that the texts decide: their bytes, scrambled, in [-4, 0]. */
export function fakeLogLikelihood({ prompt, answer }: Completion): number {
  const scrambled = [...`${prompt}\n${answer}`].reduce(
    (sum, character) => (sum * 31 + character.charCodeAt(0)) % 4001,
    7,
  );
  return -scrambled / 1000;
}

/** Two to four tokens: the features turned round by one place less with each, so that the last one is the features. */
function tokensOf(text: string): readonly (readonly number[])[] {
  const features = featuresOf(text);
  const count = 2 + (text.length % 3);
  return Array.from({ length: count }, (_, token) => {
    const turn = (count - 1 - token) % features.length;
    return [...features.slice(turn), ...features.slice(0, turn)];
  });
}

/** One text's tokens after another's. */
export function tokenStatesOf(texts: readonly (readonly ArrayLike<number>[])[], width: number): TokenStates {
  const rows = texts.flat().map((row) => Array.from(row));
  return { lengths: Int32Array.from(texts, ({ length }) => length), states: matrix(rows, width) };
}

function rowsOf({ rows, columns, data }: Matrix): readonly (readonly number[])[] {
  return Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, (row + 1) * columns)]);
}

/** ∂ Σ coefficients · logits / ∂ state, where `network` is what follows the state. */
function stateGradient(
  network: readonly Affine[],
  state: readonly number[],
  coefficients: readonly number[],
): number[] {
  const states = forward(network, state);
  let delta = [...coefficients];
  for (let layer = network.length - 1; layer >= 0; layer--) {
    const { w } = network[layer] as Affine;
    const x = states[layer] as Float64Array;
    const back = Array.from(x, (_, j) => delta.reduce((sum, d, i) => sum + d * (w[i * x.length + j] as number), 0));
    delta = layer === 0 ? back : back.map((d, j) => d * (1 - (x[j] as number) ** 2));
  }
  return delta;
}

function randomAffine(rows: number, columns: number, rng: Rng): Affine {
  const w = Float64Array.from({ length: rows * columns }, () => rng.normal() / Math.sqrt(columns));
  return { w, b: new Float64Array(rows) };
}

/** Activations of every layer, then the logits. */
function forward(network: readonly Affine[], features: readonly number[]): Float64Array[] {
  const states = [Float64Array.from(features)];
  network.forEach(({ w, b }, layer) => {
    const x = states[layer] as Float64Array;
    const z = b.map((bias, i) => x.reduce((sum, value, j) => sum + value * (w[i * x.length + j] as number), bias));
    states.push(layer < network.length - 1 ? z.map(Math.tanh) : z);
  });
  return states;
}

/** As the contract says, with batches of 16 unless asked otherwise; predicting tokens is beyond it. */
function train(start: readonly Affine[], data: TrainingTargets, options: FinetuneOptions): readonly Affine[] {
  const { seed, learningRate = 1e-3, epochs = 10, batchSize = 16, together = 1, retarget, validation } = options;
  const network = copyOf(start);
  const rng = createRng(seed, 'fake-finetune');
  const adam = createAdam(network, 30 * learningRate);
  const groups = Array.from({ length: data.inputs.length / together }, (_, group) =>
    Array.from({ length: together }, (_, i) => group * together + i),
  );
  const size = together * Math.max(1, Math.floor(batchSize / together));
  const steps = epochs * Math.ceil(data.inputs.length / size);
  let [step, best, since] = [0, { loss: Number.POSITIVE_INFINITY, network: start }, 0];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = rng.shuffle(groups).flat();
    for (let at = 0; at < order.length; at += size) {
      const part = rowsFrom(data, order.slice(at, at + size));
      const { rows, targets, weights } = part;
      const logits = logitsOn(network, part);
      const asked = retarget?.({ rows, logits, targets, weights, step, steps });
      adam(gradients(network, { ...part, ...asked }));
      step++;
      if (!validation || (step % validation.everySteps !== 0 && step !== steps)) continue;
      const loss = meanLoss(network, validation.data);
      since = loss < best.loss ? 0 : since + 1;
      if (since === 0) best = { loss, network: copyOf(network) };
      if (since >= validation.patience) return best.network;
    }
  }
  return validation ? best.network : network;
}

function copyOf(network: readonly Affine[]): readonly Affine[] {
  return network.map(({ w, b }) => ({ w: w.slice(), b: b.slice() }));
}

/** Some rows of training data, one below the other. */
function rowsFrom({ inputs, targets, weights }: TrainingTargets, rows: readonly number[]) {
  const taken = ({ columns, data }: Matrix) =>
    matrix(
      rows.map((row) => [...data.subarray(row * columns, (row + 1) * columns)]),
      columns,
    );
  return { rows, inputs: rows.map((row) => inputs[row] as Input), targets: taken(targets), weights: taken(weights) };
}

function logitsOn(network: readonly Affine[], { inputs }: Pick<TrainingTargets, 'inputs'>): Matrix {
  const columns = (network.at(-1) as Affine).b.length;
  return matrix(
    inputs.map(({ text }) => [...(forward(network, featuresOf(text)).at(-1) as Float64Array)]),
    columns,
  );
}

function meanLoss(network: readonly Affine[], data: TrainingTargets): number {
  const terms = Array.from(logitsOn(network, data).data, (z, cell) => {
    const bce = Math.max(z, 0) - z * (data.targets.data[cell] as number) + Math.log1p(Math.exp(-Math.abs(z)));
    return bce * (data.weights.data[cell] as number);
  });
  return terms.reduce((sum, term) => sum + term, 0) / data.inputs.length;
}

function gradients(network: readonly Affine[], { inputs, targets, weights }: TrainingTargets): readonly Affine[] {
  const total = network.map(({ w, b }) => ({ w: new Float64Array(w.length), b: new Float64Array(b.length) }));
  for (const [row, { text }] of inputs.entries()) {
    const states = forward(network, featuresOf(text));
    const logits = states[network.length] as Float64Array;
    let delta: Float64Array = logits.map((logit, j) => {
      const cell = row * logits.length + j;
      const error = 1 / (1 + Math.exp(-logit)) - (targets.data[cell] as number);
      return ((weights.data[cell] as number) * error) / inputs.length;
    });
    for (let layer = network.length - 1; layer >= 0; layer--) {
      delta = backward(network[layer] as Affine, total[layer] as Affine, states[layer] as Float64Array, delta);
    }
  }
  return total;
}

/** Adds the gradient of one affine map and returns the gradient before the tanh that made its input. */
function backward({ w }: Affine, total: Affine, x: Float64Array, delta: Float64Array): Float64Array {
  const back = new Float64Array(x.length);
  delta.forEach((d, i) => {
    (total.b[i] as number) += d;
    x.forEach((value, j) => {
      (total.w[i * x.length + j] as number) += d * value;
      (back[j] as number) += d * (w[i * x.length + j] as number);
    });
  });
  return back.map((d, j) => d * (1 - (x[j] as number) ** 2));
}

function createAdam(network: readonly Affine[], rate: number): (gradients: readonly Affine[]) => void {
  const arrays = network.flatMap(({ w, b }) => [w, b]);
  const moments = arrays.map(({ length }) => ({ m: new Float64Array(length), v: new Float64Array(length) }));
  let t = 0;
  return (gradients) => {
    t++;
    gradients
      .flatMap(({ w, b }) => [w, b])
      .forEach((gradient, k) => {
        const { m, v } = moments[k] as (typeof moments)[number];
        const weights = arrays[k] as Float64Array;
        gradient.forEach((g, i) => {
          m[i] = 0.9 * (m[i] as number) + 0.1 * g;
          v[i] = 0.99 * (v[i] as number) + 0.01 * g * g;
          const mean = (m[i] as number) / (1 - 0.9 ** t);
          (weights[i] as number) -= (rate * mean) / (Math.sqrt((v[i] as number) / (1 - 0.99 ** t)) + 1e-8);
        });
      });
  };
}
