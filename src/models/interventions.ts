import { expected } from '../core/errors.ts';
import type { Intervention, Matrix } from '../core/models.ts';
import type { Arrays } from '../graph/optimizer.ts';
import type { Feeds } from '../graph/session.ts';
import { batchesOf } from './batching.ts';
import { interventionGradientSession, interventionSession, type Runtime } from './compiled.ts';
import { shapeOf, textFeeds } from './feeds.ts';
import { interventionInputNames } from './intervention-graph.ts';
import type { ModelShape } from './model-graph.ts';
import type { BatchShape } from './network.ts';
import { inferenceBatch } from './readouts.ts';

/** A model and the texts that an intervention is made on. */
export interface InterventionTarget {
  readonly model: ModelShape;
  readonly weights: Arrays;
  /** Token ids, (n) texts. */
  readonly encoded: readonly Int32Array[];
  readonly runtime: Runtime;
}

/**
 * Head logits after an intervention, (n × heads).
 * @throws UserError (`no-interventions`) where the model is read anywhere but at the last token, or its network does not
 *   let states be replaced; (`wrong-states`) unless there is one row of the model's width per text.
 */
export async function computeIntervention(target: InterventionTarget, intervention: Intervention): Promise<Matrix> {
  requireIntervention(target, intervention);
  const { model, runtime } = target;
  const { layer, states } = intervention;
  return inBatches(target, layer, model.heads, async (shape, feeds, rows) => {
    const session = await interventionSession(model, layer, shape, runtime);
    const own = { [interventionInputNames.states]: rowsOf(states, rows, shape.batch) };
    return (await session.run({ ...feeds, ...own })).logits;
  });
}

/**
 * ∂ Σ coefficients · logits / ∂ states after an intervention, (n × width); coefficients (n × heads).
 * @throws UserError as {@link computeIntervention}; (`wrong-coefficients`).
 */
export async function computeInterventionGradient(
  target: InterventionTarget,
  intervention: Intervention,
  coefficients: Matrix,
): Promise<Matrix> {
  requireIntervention(target, intervention);
  const { model, runtime, encoded } = target;
  requireShape('coefficients', coefficients, encoded.length, model.heads, 'one row per input, one column per head');
  const { layer, states } = intervention;
  return inBatches(target, layer, model.network.width, async (shape, feeds, rows) => {
    const session = await interventionGradientSession(model, layer, shape, runtime);
    const own = {
      [interventionInputNames.states]: rowsOf(states, rows, shape.batch),
      [interventionInputNames.coefficients]: rowsOf(coefficients, rows, shape.batch),
    };
    return (await session.run({ ...feeds, ...own })).gradient;
  });
}

type Run = (shape: BatchShape, feeds: Feeds, rows: readonly number[]) => Promise<Float32Array>;

/** Rows of `columns` numbers for every text, computed in batches of alike lengths. */
async function inBatches(target: InterventionTarget, layer: number, columns: number, run: Run): Promise<Matrix> {
  const { model, weights, runtime } = target;
  const { network } = model;
  // At the last layer no token is computed, so that all texts are alike.
  const encoded = layer === network.layers ? target.encoded.map(() => noTokens) : target.encoded;
  const batchSize = batchSizeFor(encoded.length, inferenceBatch(network));
  const lengths = encoded.map(({ length }) => length);
  const data = new Float32Array(encoded.length * columns);
  for (const batch of batchesOf(lengths, { batchSize, maxTokens: network.maxTokens })) {
    runtime.signal?.throwIfAborted();
    const shape = shapeOf(batch, batchSize);
    const results = await run(shape, { ...weights, ...textFeeds(encoded, batch, shape) }, batch.rows);
    batch.rows.forEach((row, i) => {
      data.set(results.subarray(i * columns, (i + 1) * columns), row * columns);
    });
  }
  return { rows: encoded.length, columns, data };
}

const noTokens = Int32Array.of(0);

/** Batches of even size, few sizes in all, since each has a compiled graph of its own. */
function batchSizeFor(count: number, most: number): number {
  const batches = Math.max(1, Math.ceil(count / most));
  return Math.min(most, Math.ceil(count / batches / 16) * 16);
}

/** Some rows, then zeros up to `count`. */
function rowsOf({ columns, data }: Matrix, rows: readonly number[], count: number): Float32Array {
  const taken = new Float32Array(count * columns);
  rows.forEach((row, i) => {
    taken.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return taken;
}

function requireIntervention({ model, encoded }: InterventionTarget, { states }: Intervention): void {
  if (model.readAt !== 'last') {
    const next = 'Open the model with readAt: last.';
    throw expected('no-interventions', 'a model that is intervened on', 'read at the last token', model.readAt, next);
  }
  const shape = 'one row per input, one column per hidden dimension';
  requireShape('states', states, encoded.length, model.network.width, shape);
}

function requireShape(name: 'states' | 'coefficients', matrix: Matrix, rows: number, columns: number, what: string) {
  if (matrix.rows === rows && matrix.columns === columns && matrix.data.length === rows * columns) return;
  const got = `${matrix.rows} × ${matrix.columns}`;
  throw expected(`wrong-${name}`, `${name} of an intervention`, `${rows} × ${columns}`, got, `Give ${what}.`);
}
