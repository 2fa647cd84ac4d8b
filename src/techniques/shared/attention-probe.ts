import type { SupervisedExample } from '../../core/examples.ts';
import type { StrongModel } from '../../core/models.ts';
import { createRng } from '../../core/random.ts';
import type { FittedTechnique, TechniqueContext } from '../../core/techniques.ts';
import { createAttentionScorer } from './attention-scorer.ts';
import { trainAttention } from './attention-training.ts';
import type { BinaryTask } from './binary-task.ts';
import type { ProbeOptions } from './probe-options.ts';
import { sampleClasses } from './sample-classes.ts';
import { standardise, tokenScale } from './token-scale.ts';
import { readSequences } from './token-sequences.ts';

/** What an attention probe is fitted with; `layer` and `l2` have been chosen. */
interface AttentionProbeOptions extends Pick<ProbeOptions, 'queryKeyWidth' | 'training'> {
  readonly layer: number;
  /** λ in mean BCE + λ‖v‖². */
  readonly l2: number;
}

/** States of the training texts may take this many bytes. */
const mostBytes = 2 ** 30;
/** Examples whose length says how many of them fit. */
const lengthSample = 256;

/**
 * A probe on all tokens of a text: attention of one head with identity values pools the layer's states before the linear
 * map (methods.md 11.3). With states h standardised over the training texts' tokens, w = queryKeyWidth:
 * a_t = softmax_t((h_last Wq) · (h_t Wk) / √w), logit = (Σ_t a_t h_t) · v + b. Loss: mean BCE + λ‖v‖².
 */
export async function fitAttentionProbe(
  model: StrongModel,
  task: BinaryTask,
  { layer, l2, queryKeyWidth, training }: AttentionProbeOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  const { signal } = context;
  const { width } = model;
  const depth = queryKeyWidth === 'width' ? width : queryKeyWidth;
  const rows = await chooseRows(model, task, layer, { most: training.mostExamples, seed: context.seed });
  const sequences: Float32Array[] = [];
  await readSequences(model, pick(task.examples, rows), layer, signal, (states) => sequences.push(states));
  const scale = tokenScale(sequences, width);
  for (const states of sequences) standardise(states, scale);
  const data = { sequences, targets: pick(task.targets, rows), width };
  const weights = await trainAttention(data, { ...training, l2, queryKeyWidth: depth }, context);
  const logit = createAttentionScorer(weights, scale);
  return {
    score: async (inputs) => {
      const scores = new Float64Array(inputs.length);
      await readSequences(model, inputs, layer, undefined, (states, index) => {
        scores[index] = logit(states);
      });
      return scores;
    },
    details: { form: 'attention', queryKeyWidth: depth, examples: rows.length },
  };
}

/** As many examples as the options and memory allow, in the task's class proportions. */
async function chooseRows(
  model: StrongModel,
  { examples, targets }: BinaryTask,
  layer: number,
  { most, seed }: { readonly most: number; readonly seed: number },
): Promise<readonly number[]> {
  const rng = createRng(seed, 'attention-examples');
  const some: readonly SupervisedExample[] = rng.sample(examples, Math.min(lengthSample, examples.length));
  const { states } = await model.tokenStates(some, layer);
  const fitting = Math.floor(mostBytes / ((4 * states.data.length) / some.length));
  const count = Math.min(most, fitting);
  return count >= examples.length ? [...examples.keys()] : sampleClasses(targets, count, rng);
}

function pick<T>(values: readonly T[], rows: readonly number[]): T[] {
  return rows.map((row) => values[row] as T);
}
