import type { Input, SupervisedExample } from '../../core/examples.ts';
import { createRng } from '../../core/random.ts';
import type { FittedTechnique, Technique, TechniqueContext, TrainingView } from '../../core/techniques.ts';
import { requireNeeds } from '../needs.ts';
import { resolveLayer } from './layers.ts';
import { countWordings, type PairSource, type PairStates, pairActivations } from './pair-activations.ts';
import type { PairOptions } from './pair-options.ts';
import { resolveSign, type SignedScale } from './sign.ts';
import { weakTask } from './weak-task.ts';

/** A score of contrast pairs that no label had a part in; its sign is arbitrary. */
export interface PairScorer {
  /** One number per pair, (n), from the states of each wording. A pair's score must not depend on the others. */
  score(states: readonly PairStates[]): Float64Array;
  readonly details: NonNullable<FittedTechnique['details']>;
}

/** An unsupervised technique without its supervised rest. */
export interface PairFit {
  readonly technique: Pick<Technique, 'id' | 'needs'>;
  readonly wordings: 'all' | number;
  /** Learns from the states of each wording of the training pairs. */
  learn(states: readonly PairStates[]): Promise<PairScorer>;
}

/**
 * Turns what learns from the states of contrast pairs alone into a technique: draws the training pairs, reads their
 * states, and resolves the sign as {@link resolveSign} does, or not at all.
 *
 * @throws UserError `missing-structure`, `contrast-pairs`, `unknown-layer`, `pair-widths`, `too-few-examples`.
 */
export async function fitOnPairs(
  { technique, wordings, learn }: PairFit,
  view: TrainingView,
  options: PairOptions,
  context: TechniqueContext,
): Promise<FittedTechnique> {
  const { id, needs } = technique;
  // With pairs on some examples alone, the first without is worth naming.
  const asked = view.examples.some(({ pairs }) => pairs?.length) ? wordings : 'all';
  const counted = countWordings(id, view.examples, asked);
  const trusted = options.sign === 'trusted' ? (['trusted-subset'] as const) : [];
  requireNeeds({ id, needs: { structures: [...needs.structures, ...trusted] } }, view);
  const model = context[options.model];
  const layer = layerOf(id, options.layer, model);
  const source: PairSource = { technique: id, model, layer, wordings: counted };
  const examples = draw(view.examples, options.mostExamples, context.seed);
  const states = await pairActivations(source, examples);
  context.signal.throwIfAborted();
  const scorer = await learn(states);
  const scale = await signOf({ source, scorer, examples, states }, view, options, context);
  return {
    score: (inputs) => scoreInputs(source, scorer, scale, inputs),
    details: {
      layer,
      model: options.model,
      wordings: counted,
      examples: examples.length,
      ...scorer.details,
      sign: options.sign,
      ...scale.details,
    },
  };
}

function layerOf(id: string, layer: PairOptions['layer'], model: TechniqueContext['predictor']): number {
  return resolveLayer(id, layer === 'middle' ? Math.ceil(model.layers / 2) : layer, model);
}

function draw(examples: readonly SupervisedExample[], most: number, seed: number): readonly SupervisedExample[] {
  return examples.length <= most ? examples : createRng(seed, 'contrast-pairs').sample(examples, most);
}

interface Unsigned {
  readonly source: PairSource;
  readonly scorer: PairScorer;
  readonly examples: readonly SupervisedExample[];
  readonly states: readonly PairStates[];
}

async function signOf(
  { source, scorer, examples, states }: Unsigned,
  view: TrainingView,
  { sign, platt, mostExamples }: PairOptions,
  { seed }: TechniqueContext,
): Promise<SignedScale> {
  if (sign === 'none') return { slope: 1, offset: 0, details: {} };
  if (sign === 'weak-labels') {
    const raw = scorer.score(states);
    const task = weakTask(source.technique, examples);
    const labelled = new Set(task.examples);
    return resolveSign(
      task,
      raw.filter((_, row) => labelled.has(examples[row] as SupervisedExample)),
      platt,
    );
  }
  const trusted = view.examples.filter((example) => example.trusted).map(({ weakLabels: _, ...example }) => example);
  const task = weakTask(source.technique, draw(trusted, mostExamples, seed));
  return resolveSign(task, scorer.score(await pairActivations(source, task.examples)), platt);
}

async function scoreInputs(source: PairSource, scorer: PairScorer, scale: SignedScale, inputs: readonly Input[]) {
  if (inputs.length === 0) return new Float64Array(0);
  const raw = scorer.score(await pairActivations(source, inputs));
  return raw.map((score) => scale.slope * score + scale.offset);
}
