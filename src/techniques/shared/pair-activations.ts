import { pairInputs } from '../../core/contrast-pairs.ts';
import { expected } from '../../core/errors.ts';
import type { Input } from '../../core/examples.ts';
import type { Matrix, StrongModel } from '../../core/models.ts';

/** Hidden states of the two sides of one wording of some contrast pairs, each (n × width). */
export interface PairStates {
  readonly negative: Matrix;
  readonly positive: Matrix;
}

/** Which states to ask a model for. */
export interface PairSource {
  /** Id of the technique that asks, for messages. */
  readonly technique: string;
  readonly model: StrongModel;
  readonly layer: number;
  /** The first so many wordings of each pair. */
  readonly wordings: number;
}

/**
 * How many wordings to use of the contrast pairs that `inputs` have: as many as asked for, or `all`.
 *
 * @throws UserError `contrast-pairs`, naming the first example whose pairs are missing, or not as many as the others'.
 */
export function countWordings(technique: string, inputs: readonly Input[], asked: 'all' | number): number {
  const most = inputs.reduce((sofar, { pairs }) => Math.max(sofar, pairs?.length ?? 0), 0);
  const wanted = asked === 'all' ? most : asked;
  const wording = `${wanted} contrast pair${wanted === 1 ? '' : 's'}, one per wording`;
  const lacking = inputs.find(({ pairs }) =>
    asked === 'all' ? (pairs?.length ?? 0) !== wanted : (pairs?.length ?? 0) < wanted,
  );
  if (lacking === undefined) return wanted;
  const next = `Give the example the same wordings as the others, leave it out, or ask ${technique} for fewer wordings.`;
  throw expected(
    'contrast-pairs',
    `example "${lacking.id}" to score by ${technique}`,
    wording,
    lacking.pairs?.length ?? 0,
    next,
  );
}

/**
 * States at the last token of both texts of each pair, one entry per wording.
 *
 * @throws UserError `contrast-pairs` as {@link countWordings}; `pair-widths` when the model's states of the two sides are
 * not equally wide, or are of another number than the examples.
 */
export async function pairActivations(source: PairSource, inputs: readonly Input[]): Promise<readonly PairStates[]> {
  const { technique, model, layer, wordings } = source;
  countWordings(technique, inputs, wordings);
  const states: PairStates[] = [];
  for (let wording = 0; wording < wordings; wording++) {
    const sides = pairInputs(inputs, wording);
    const negative = await model.activations(sides.negative, layer);
    const positive = await model.activations(sides.positive, layer);
    requireShape(technique, negative, positive, inputs, model.width);
    states.push({ negative, positive });
  }
  return states;
}

function requireShape(technique: string, negative: Matrix, positive: Matrix, inputs: readonly Input[], width: number) {
  const shape = ({ rows, columns }: Matrix) => `${rows} × ${columns}`;
  const wanted = `${inputs.length} × ${width}`;
  for (const [side, states] of Object.entries({ negative, positive })) {
    if (shape(states) === wanted && states.data.length === inputs.length * width) continue;
    const thing = `the activations of the ${side} sides of examples "${inputs[0]?.id}" to "${inputs.at(-1)?.id}"`;
    const next = `Take both sides that ${technique} compares from one layer of one model.`;
    throw expected('pair-widths', thing, `${wanted} as the model says`, shape(states), next);
  }
}
