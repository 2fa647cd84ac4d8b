import type { Matrix } from '../../core/models.ts';
import type { Rng } from '../../core/random.ts';
import { createTrainer } from '../../graph/create-trainer.ts';
import { createGradientSession } from '../../graph/gradient-session.ts';
import { gradients } from '../../graph/gradients.ts';
import { Graph, type Value } from '../../graph/graph.ts';
import { add, exp, linear, mul, reduceMean, reduceSum, relu, slice, sub, tanh } from '../../graph/operators.ts';
import type { Arrays } from '../../graph/optimizer.ts';
import { createSession } from '../../graph/session.ts';

export interface AutoencoderOptions {
  /** Latent dimensions k, at least 1. */
  readonly latent: number;
  /** Factor on the KL divergence, in training and in scores, ≥ 0. */
  readonly klWeight: number;
  readonly epochs: number;
  /** Examples per step; all when there are fewer. The rest of an epoch that fills no batch is left out of it. */
  readonly batchSize: number;
  /** Adam's, constant. */
  readonly learningRate: number;
}

/** A fitted autoencoder. */
export interface Autoencoder {
  /** MSE + klWeight · KL of each row, (n). */
  score(rows: Matrix): Promise<Float64Array>;
  /** The two parts of each row's score: mean squared error, and KL divergence in nats. */
  parts(rows: Matrix): Promise<{ readonly error: Float64Array; readonly kl: Float64Array }>;
}

/** Rows scored at a time; the last block is filled up, so that a row's score does not depend on its company. */
const scoredRows = 256;
/** Log-variances are kept within ±10, so that scores far from all training rows stay finite. */
const mostLogVariance = 10;

/**
 * Variational autoencoder with one hidden layer each way, d → 2d → (μ, log σ²) of k dimensions and k → 2d → d, ReLU
 * between (methods.md 10.4). Rows are centred on the training rows' mean and divided by one number, the root of their
 * mean variance, so that predicting the mean has error 1 whatever the activations' unit. Trained by Adam on
 *
 *   (1/d) Σⱼ (xⱼ − x̂ⱼ)² + klWeight · ½ Σᵢ (μᵢ² + σᵢ² − log σᵢ² − 1),
 *
 * with the reparameterisation z = μ + σ·noise. Scores are the same expression at z = μ, without noise.
 */
export async function fitAutoencoder(
  rows: Matrix,
  options: AutoencoderOptions,
  rng: Rng,
  signal: AbortSignal,
): Promise<Autoencoder> {
  const unit = unitOf(rows);
  const weights = initialWeights(rows.columns, options.latent, rng);
  await trainWeights(weights, rows, unit, options, { rng, signal });
  const parts = (scored: Matrix) => computeParts(weights, scored, unit, options.latent, signal);
  return {
    parts,
    async score(scored) {
      const { error, kl } = await parts(scored);
      return error.map((value, row) => value + options.klWeight * (kl[row] as number));
    },
  };
}

interface Layer {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

function layersOf(width: number, latent: number): readonly Layer[] {
  return [
    { name: 'encoder.in', from: width, to: 2 * width },
    { name: 'encoder.out', from: 2 * width, to: 2 * latent },
    { name: 'decoder.in', from: latent, to: 2 * width },
    { name: 'decoder.out', from: 2 * width, to: width },
  ];
}

/** Uniform in ±1/√(inputs), biases too, as PyTorch's linear layers start. */
function initialWeights(width: number, latent: number, rng: Rng): Arrays {
  const draws = (length: number, bound: number) => Float32Array.from({ length }, () => bound * (2 * rng.uniform() - 1));
  return Object.fromEntries(
    layersOf(width, latent).flatMap(({ name, from, to }) => [
      [`${name}.weight`, draws(from * to, from ** -0.5)],
      [`${name}.bias`, draws(to, from ** -0.5)],
    ]),
  );
}

/** Mean squared error and KL divergence of each row, (rows) each; with `noise` at a drawn z, else at z = μ. */
function buildParts(graph: Graph, rows: number, width: number, latent: number, trains: boolean) {
  const x = graph.input('x', [rows, width]);
  const declare = (name: string, shape: readonly number[]) =>
    trains ? graph.parameter(name, shape) : graph.input(name, shape);
  const dense = (input: Value, index: number) => {
    const { name, from, to } = layersOf(width, latent)[index] as Layer;
    return linear(input, declare(`${name}.weight`, [from, to]), declare(`${name}.bias`, [to]));
  };
  const code = dense(relu(dense(x, 0)), 1);
  const mean = slice(code, 1, 0, latent);
  const raw = slice(code, 1, latent, 2 * latent);
  const logVariance = mul(tanh(mul(raw, 1 / mostLogVariance)), mostLogVariance);
  const noise = () => mul(exp(mul(logVariance, 0.5)), graph.input('noise', [rows, latent]));
  const rebuilt = dense(relu(dense(trains ? add(mean, noise()) : mean, 2)), 3);
  const difference = sub(x, rebuilt);
  const error = reduceMean(mul(difference, difference), { axes: 1 });
  const terms = sub(add(mul(mean, mean), exp(logVariance)), add(logVariance, 1));
  return { error, kl: mul(reduceSum(terms, { axes: 1 }), 0.5) };
}

async function trainWeights(
  weights: Arrays,
  rows: Matrix,
  unit: Unit,
  { latent, klWeight, epochs, batchSize, learningRate }: AutoencoderOptions,
  { rng, signal }: { readonly rng: Rng; readonly signal: AbortSignal },
): Promise<void> {
  const size = Math.min(batchSize, rows.rows);
  const graph = new Graph();
  const { error, kl } = buildParts(graph, size, rows.columns, latent, true);
  const loss = reduceMean(add(error, mul(kl, klWeight)));
  const flows = gradients(loss, graph.parameters);
  const named = Object.fromEntries(graph.parameters.map(({ name }, index) => [name, flows[index] as Value]));
  const session = await createGradientSession(graph, loss, named);
  const trainer = await createTrainer(weights, { weightDecay: 0 });
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      signal.throwIfAborted();
      const order = rng.shuffle([...Array(rows.rows).keys()]);
      for (let at = 0; at + size <= order.length; at += size) {
        const noise = Float32Array.from({ length: size * latent }, () => rng.normal());
        await trainer.accumulate(session, { x: inUnit(rows, order.slice(at, at + size), unit, size), noise });
        await trainer.update(learningRate);
      }
    }
    await trainer.weights();
  } finally {
    await trainer.dispose();
    await session.dispose();
  }
}

async function computeParts(weights: Arrays, rows: Matrix, unit: Unit, latent: number, signal: AbortSignal) {
  const [error, kl] = [new Float64Array(rows.rows), new Float64Array(rows.rows)];
  const graph = new Graph();
  const session = await createSession(graph, buildParts(graph, scoredRows, rows.columns, latent, false));
  try {
    for (let start = 0; start < rows.rows; start += scoredRows) {
      signal.throwIfAborted();
      const count = Math.min(scoredRows, rows.rows - start);
      const block = Array.from({ length: count }, (_, index) => start + index);
      const found = await session.run({ ...weights, x: inUnit(rows, block, unit, scoredRows) });
      error.set(found.error.subarray(0, count), start);
      kl.set(found.kl.subarray(0, count), start);
    }
  } finally {
    await session.dispose();
  }
  return { error, kl };
}

/** What rows are centred on and divided by. */
interface Unit {
  /** (columns) */
  readonly mean: Float64Array;
  readonly size: number;
}

function unitOf({ rows, columns, data }: Matrix): Unit {
  const mean = new Float64Array(columns);
  data.forEach((value, cell) => {
    (mean[cell % columns] as number) += value;
  });
  // Sums of float32 values are exact in float64, so that equal rows have size exactly 0.
  for (let j = 0; j < columns; j++) (mean[j] as number) /= rows;
  const sum = data.reduce((total, value, cell) => total + (value - (mean[cell % columns] as number)) ** 2, 0);
  return { mean, size: Math.sqrt(sum / data.length) || 1 };
}

/** Some rows in that unit, (`size` × columns), filled up with zeros. */
function inUnit({ columns, data }: Matrix, picked: readonly number[], { mean, size: by }: Unit, size: number) {
  const result = new Float32Array(size * columns);
  picked.forEach((row, place) => {
    for (let j = 0; j < columns; j++) {
      result[place * columns + j] = ((data[row * columns + j] as number) - (mean[j] as number)) / by;
    }
  });
  return result;
}
