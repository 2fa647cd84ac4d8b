import type { Input } from '../../src/core/examples.ts';
import type { FinetuneOptions, HeadId, StrongModel, TrainingTargets } from '../../src/core/models.ts';
import { fakeLogLikelihood, featuresOf, headsOf, matrix, tokenStatesOf } from './fake-model.ts';

/** What a technique handed to `finetune`. */
export interface FinetuneCall {
  readonly data: TrainingTargets;
  readonly options: FinetuneOptions;
}

interface SpyModel extends StrongModel {
  readonly calls: readonly FinetuneCall[];
}

interface SpyParts {
  readonly width: number;
  readonly layers?: number;
  readonly measurements?: number;
  /** The activation of an example with these features at a layer. Default: the first `width` features. */
  readonly activation?: (features: readonly number[], layer: number) => readonly number[];
  /** The states of its tokens. Default: one token, with the example's activation. */
  readonly tokens?: (features: readonly number[], layer: number) => readonly (readonly number[])[];
  /** All head logits of an example with these features. Default: zeros. */
  readonly logits?: (features: readonly number[]) => readonly number[];
  /** The same after an intervention; its gradient is not known here and comes out as zeros. Default: unchanged. */
  readonly intervened?: (features: readonly number[], layer: number, state: readonly number[]) => readonly number[];
}

/** A model whose internals are written down in the test; `finetune` records its call and changes nothing. */
export function createSpyModel(parts: SpyParts): SpyModel {
  const { width, layers = 1, measurements = 3, activation, tokens, logits, intervened } = parts;
  const calls: FinetuneCall[] = [];
  const heads = headsOf(measurements);
  const activationOf = (features: readonly number[], layer: number) =>
    activation?.(features, layer) ?? tokens?.(features, layer).at(-1) ?? features.slice(0, width);
  const activations = async (inputs: readonly Input[], layer: number) =>
    matrix(
      inputs.map(({ text }) => activationOf(featuresOf(text), layer)),
      width,
    );
  const model: SpyModel = {
    heads,
    layers,
    width,
    attentionHeads: 1,
    calls,
    logits: async (inputs) =>
      matrix(
        inputs.map(({ text }) => logits?.(featuresOf(text)) ?? heads.map(() => 0)),
        heads.length,
      ),
    activations,
    headOutputs: activations,
    logLikelihoods: async (completions) => Float64Array.from(completions, fakeLogLikelihood),
    tokenStates: async (inputs, layer) =>
      tokenStatesOf(
        inputs.map(({ text }) => tokens?.(featuresOf(text), layer) ?? [activationOf(featuresOf(text), layer)]),
        width,
      ),
    intervene: async (inputs, { layer, states }) =>
      matrix(
        inputs.map(({ text }, row) => {
          const state = [...states.data.subarray(row * width, (row + 1) * width)];
          return intervened?.(featuresOf(text), layer, state) ?? logits?.(featuresOf(text)) ?? heads.map(() => 0);
        }),
        heads.length,
      ),
    interventionGradient: async (inputs) =>
      matrix(
        inputs.map(() => new Array<number>(width).fill(0)),
        width,
      ),
    finetune: async (data, options) => {
      calls.push({ data, options });
      return model;
    },
  };
  return model;
}

/** Target and weight of one head on the example at `row` of a recorded call. */
export function cell({ data }: FinetuneCall, row: number, head: HeadId): { target: number; weight: number } {
  const index = row * data.targets.columns + headsOf(data.targets.columns - 2).indexOf(head);
  return { target: data.targets.data[index] as number, weight: data.weights.data[index] as number };
}
