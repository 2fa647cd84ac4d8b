import type { Input } from '../core/examples.ts';
import type {
  Completion,
  FinetuneOptions,
  HeadId,
  Intervention,
  Matrix,
  StrongModel,
  TrainingTargets,
} from '../core/models.ts';

/** A model's read-outs on known texts: logits, and hidden states by layer, all with one row per text. */
export interface RecordedReadouts {
  readonly heads: readonly HeadId[];
  /** Attention heads per block of the model. */
  readonly attentionHeads: number;
  readonly texts: readonly string[];
  readonly logits: Matrix;
  readonly layers: readonly Matrix[];
}

/**
 * A model that answers for known texts from what was recorded, and asks the real one (opened at first need) for
 * anything else and for training. Many techniques so share one forward pass.
 */
export function withRecordedReadouts(recorded: RecordedReadouts, open: () => Promise<StrongModel>): StrongModel {
  const rowOf = new Map(recorded.texts.map((text, row) => [text, row]));
  let opened: Promise<StrongModel> | undefined;
  const real = () => {
    opened ??= open();
    return opened;
  };
  const rowsOf = (inputs: readonly Input[]): number[] | undefined => {
    const rows = inputs.map(({ text }) => rowOf.get(text));
    return rows.includes(undefined) ? undefined : (rows as number[]);
  };
  return Object.freeze({
    heads: recorded.heads,
    layers: recorded.layers.length - 1,
    width: (recorded.layers[0] as Matrix).columns,
    attentionHeads: recorded.attentionHeads,
    logits: async (inputs: readonly Input[]) => {
      const rows = rowsOf(inputs);
      return rows ? takeRows(recorded.logits, rows) : (await real()).logits(inputs);
    },
    activations: async (inputs: readonly Input[], layer: number) => {
      const rows = rowsOf(inputs);
      const known = recorded.layers[layer];
      return rows && known ? takeRows(known, rows) : (await real()).activations(inputs, layer);
    },
    headOutputs: async (inputs: readonly Input[], layer: number) => (await real()).headOutputs(inputs, layer),
    logLikelihoods: async (completions: readonly Completion[]) => (await real()).logLikelihoods(completions),
    tokenStates: async (inputs: readonly Input[], layer: number) => (await real()).tokenStates(inputs, layer),
    intervene: async (inputs: readonly Input[], intervention: Intervention) =>
      (await real()).intervene(inputs, intervention),
    interventionGradient: async (inputs: readonly Input[], intervention: Intervention, coefficients: Matrix) =>
      (await real()).interventionGradient(inputs, intervention, coefficients),
    finetune: async (data: TrainingTargets, options: FinetuneOptions) => (await real()).finetune(data, options),
  });
}

function takeRows({ columns, data }: Matrix, rows: readonly number[]): Matrix {
  const taken = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    taken.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return { rows: rows.length, columns, data: taken };
}
