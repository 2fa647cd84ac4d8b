import { createRng, type Rng } from '../../core/random.ts';
import type { TechniqueContext } from '../../core/techniques.ts';
import { createTrainer } from '../../graph/create-trainer.ts';
import type { GradientSession } from '../../graph/gradient-session.ts';
import type { Arrays } from '../../graph/optimizer.ts';
import { warmupCosine } from '../../graph/schedule.ts';
import type { Feeds } from '../../graph/session.ts';
import { type Batch, batchesOf } from '../../models/batching.ts';
import { type AttentionShape, attentionSession } from './attention-graph.ts';
import type { AttentionTraining } from './probe-options.ts';

/** What an attention probe learns from. */
interface AttentionData {
  /** Standardised hidden states at every token of each text, (length × width). */
  readonly sequences: readonly Float32Array[];
  readonly targets: readonly boolean[];
  readonly width: number;
}

/** What an attention probe learns: `query` and `key` (width × queryKeyWidth), `weight` (width), `bias` (1). */
export type AttentionWeights = Arrays & Readonly<Record<'query' | 'key' | 'weight' | 'bias', Float32Array>>;

interface TrainingOptions extends Omit<AttentionTraining, 'mostExamples'> {
  readonly queryKeyWidth: number;
  /** λ in mean BCE + λ‖weight‖². */
  readonly l2: number;
}

/**
 * At the start every query is zero, so that a text is pooled evenly: the loss then says of each token whether it helps,
 * while attention that starts at one token would let hardly any gradient through to the others. Keys are normal of
 * variance 1 / width; the map is small but not zero, since queries learn only through it.
 */
function initialAttention(width: number, queryKeyWidth: number, rng: Rng): AttentionWeights {
  const normal = (length: number, deviation: number) => Float32Array.from({ length }, () => deviation * rng.normal());
  return {
    query: new Float32Array(width * queryKeyWidth),
    key: normal(width * queryKeyWidth, 1 / Math.sqrt(width)),
    weight: normal(width, 0.001),
    bias: new Float32Array(1),
  };
}

/**
 * Trains by AdamW on batches of texts of alike length, with a warm-up over the first tenth of the steps and a cosine after.
 * Queries and keys decay, decoupled; the map has its penalty in the loss.
 */
export async function trainAttention(
  data: AttentionData,
  options: TrainingOptions,
  { seed, signal, progress }: Pick<TechniqueContext, 'seed' | 'signal' | 'progress'>,
): Promise<AttentionWeights> {
  const { width, sequences } = data;
  const { epochs, queryKeyWidth, weightDecay } = options;
  const lengths = sequences.map(({ length }) => length / width);
  const maxTokens = lengths.reduce((a, b) => Math.max(a, b));
  const batchSize = Math.min(options.batchSize, lengths.length);
  const rng = createRng(seed, 'attention-probe');
  const weights = initialAttention(width, queryKeyWidth, rng);
  const steps = epochs * Math.ceil(lengths.length / batchSize);
  const rate = warmupCosine({ peak: options.learningRate, steps, warmup: Math.ceil(steps / 10) });
  const trainer = await createTrainer(weights, { weightDecay, decays, maxNorm: 1 });
  const sessions = sessionsByLength({ batch: batchSize, width, queryKeyWidth });
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const batch of batchesOf(lengths, { batchSize, maxTokens }, rng)) {
        signal.throwIfAborted();
        await trainer.accumulate(await sessions.of(batch.bucket), attentionFeeds(data, batch, batchSize, options.l2));
        await trainer.update(rate(trainer.steps));
      }
      progress(epoch + 1, epochs, 'epochs');
    }
    await trainer.weights();
    return weights;
  } finally {
    await trainer.dispose();
    await sessions.dispose();
  }
}

function decays(name: string): boolean {
  return name === 'query' || name === 'key';
}

/** One compiled step per padded length. */
function sessionsByLength(shape: Omit<AttentionShape, 'tokens'>) {
  const made = new Map<number, Promise<GradientSession>>();
  return {
    of(tokens: number): Promise<GradientSession> {
      const session = made.get(tokens) ?? attentionSession({ ...shape, tokens });
      made.set(tokens, session);
      return session;
    },
    async dispose(): Promise<void> {
      await Promise.allSettled([...made.values()].map(async (session) => (await session).dispose()));
    },
  };
}

/** Inputs of a step besides the weights; rows that the batch lacks are empty texts that weigh nothing. */
export function attentionFeeds(
  { sequences, targets, width }: AttentionData,
  { rows, bucket }: Batch,
  batchSize: number,
  l2: number,
): Feeds {
  const states = new Float32Array(batchSize * bucket * width);
  const last = new Float32Array(batchSize * width);
  const mask = new Float32Array(batchSize * bucket);
  const [labels, weights] = [new Float32Array(batchSize), new Float32Array(batchSize)];
  rows.forEach((row, i) => {
    const sequence = sequences[row] as Float32Array;
    states.set(sequence, i * bucket * width);
    last.set(sequence.subarray(sequence.length - width), i * width);
    mask.fill(-1e9, i * bucket + sequence.length / width, (i + 1) * bucket);
    labels[i] = Number(targets[row]);
    weights[i] = 1 / rows.length;
  });
  return { states, last, mask, targets: labels, 'example-weights': weights, l2: Float32Array.of(l2) };
}
