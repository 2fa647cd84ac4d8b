import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import { createTrainer } from '../../src/graph/create-trainer.ts';
import { initialWeights } from '../../src/models/architecture.ts';
import { trainingSession } from '../../src/models/compiled.ts';
import { targetFeeds, textFeeds } from '../../src/models/feeds.ts';
import { modelWeights } from '../../src/models/model-graph.ts';
import { computeReadouts } from '../../src/models/readouts.ts';
import { createDecoder } from '../../src/models/transformer.ts';
import { referenceForward, type Weights } from './reference-transformer.ts';

const architecture = { width: 16, layers: 3, heads: 2, maxTokens: 24, vocabulary: 30 };
const heads = 4;
const network = createDecoder(architecture);
const model = { network, heads, readAt: 'last' as const };
const runtime = { threads: 1, device: 'cpu' as const };
const weights = randomWeights(0);
const arrays = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
const rng = createRng(1);
const encoded = [1, 5, 8, 9, 16, 23].map((length) => Uint16Array.from({ length }, () => rng.integer(2, 29)));

/** Larger than at the start of training, so that every part matters. */
function randomWeights(seed: number) {
  const random = createRng(seed, 'weights');
  return new Map(
    [...initialWeights(architecture, heads, 0)].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value) => value + 0.2 * random.normal()) },
    ]),
  );
}

describe('transformer', () => {
  it('reads at the last token what computing every position in full gives', async () => {
    const readouts = await computeReadouts(model, arrays, encoded, runtime);
    encoded.forEach((ids, i) => {
      const { logits, hidden } = referenceForward(architecture, weights, ids);
      const wanted = [...logits, ...hidden.flat()];
      const row = readouts[i] as Float32Array;
      expect(row).toHaveLength(wanted.length);
      for (const [k, value] of wanted.entries()) expect(row[k]).toBeCloseTo(value, 4);
    });
  });

  it('has the gradient that the reference slopes by, at one and two threads', async () => {
    const matrix = (low: number) => ({
      rows: encoded.length,
      columns: heads,
      data: Float32Array.from({ length: encoded.length * heads }, () => low + (1 - low) * rng.uniform()),
    });
    const [targets, lossWeights] = [matrix(0), matrix(0.5)];
    const batch = { bucket: 24, rows: encoded.map((_, row) => row) };
    // Two rows more than there are texts: filler must weigh nothing.
    const shape = { batch: 8, tokens: 24 };
    const feeds = {
      ...textFeeds(encoded, batch, shape),
      ...targetFeeds(targets, lossWeights, batch, shape),
    };
    const direction = directionOf(2);
    const lossAt = (step: number) => referenceLoss(moved(direction, step), targets.data, lossWeights.data);
    const slope = (lossAt(1e-5) - lossAt(-1e-5)) / 2e-5;
    const loss = { model, trainable: [...modelWeights(model).keys()], nextTokens: false };
    for (const threads of [1, 2]) {
      const session = await trainingSession(loss, shape, { ...runtime, threads });
      const trainer = await createTrainer(arrays);
      expect(await trainer.accumulate(session, feeds)).toBeCloseTo(lossAt(0), 4);
      const gradients = await trainer.gradients();
      const along = [...direction].reduce((total, [name, d]) => total + dot(gradients[name] ?? [], d), 0);
      expect(along / slope).toBeCloseTo(1, 3);
    }
  });
});

function directionOf(seed: number): Map<string, Float64Array> {
  const random = createRng(seed, 'direction');
  return new Map([...weights].map(([name, { data }]) => [name, Float64Array.from(data, () => random.normal())]));
}

function moved(direction: ReadonlyMap<string, Float64Array>, step: number): Weights {
  return new Map(
    [...weights].map(([name, { shape, data }]) => {
      const along = direction.get(name) ?? [];
      return [name, { shape, data: Array.from(data, (value, i) => value + step * (along[i] ?? 0)) }];
    }),
  );
}

function referenceLoss(at: Weights, targets: ArrayLike<number>, lossWeights: ArrayLike<number>): number {
  const losses = encoded.flatMap((ids, row) =>
    referenceForward(architecture, at, ids).logits.map((z, head) => {
      const cell = row * heads + head;
      return (lossWeights[cell] ?? 0) * (Math.log1p(Math.exp(z)) - z * (targets[cell] ?? 0));
    }),
  );
  return losses.reduce((a, b) => a + b, 0) / encoded.length;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
}
