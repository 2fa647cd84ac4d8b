/** Log probabilities of chosen next tokens, which keeps the logits of the whole vocabulary inside the graph. */
import { expected } from '../core/errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { concat, gatherElements, logSoftmax, reshape, slice } from '../graph/operators.ts';
import { buildModel, type ModelShape } from './model-graph.ts';
import type { BatchShape, NetworkOutputs } from './network.ts';

/** Inputs besides those of the model: rows of the tokens predicted from (text · tokens + position) and the ids predicted. */
export const predictedNames = { rows: 'predicted-rows', ids: 'predicted-ids' } as const;

/** Logits that are held at once: 64 MiB. */
const logitsAtOnce = 2 ** 24;

/**
 * Natural log probability of each of `count` ids as the next token at its row, (count).
 * @throws UserError (`no-next-tokens`) when the network does not predict tokens from those before them.
 */
export function buildLogLikelihoods(graph: Graph, model: ModelShape, shape: BatchShape, count: number): Value {
  const nextTokenLogits = requireNextTokens(model, buildModel(graph, model, shape, 'all'));
  const rows = graph.input(predictedNames.rows, [count], 'int32');
  const ids = graph.input(predictedNames.ids, [count], 'int32');
  const most = Math.max(1, Math.floor(logitsAtOnce / model.network.vocabulary));
  const starts = Array.from({ length: Math.ceil(count / most) }, (_, i) => i * most);
  const parts = starts.map((start) => {
    const end = Math.min(count, start + most);
    const logits = nextTokenLogits(slice(rows, 0, start, end));
    const chosen = reshape(slice(ids, 0, start, end), [end - start, 1]);
    return reshape(gatherElements(logSoftmax(logits), chosen, 1), [end - start]);
  });
  return concat(parts, 0);
}

function requireNextTokens(
  { network }: ModelShape,
  { nextTokenLogits }: Pick<NetworkOutputs, 'nextTokenLogits'>,
): NonNullable<NetworkOutputs['nextTokenLogits']> {
  if (network.causal && nextTokenLogits) return nextTokenLogits;
  const thing = `the ${network.family} network of log likelihoods`;
  const next = 'Choose a causal language model whose files have its token head.';
  throw expected('no-next-tokens', thing, 'one that predicts each next token', 'one that does not', next);
}
