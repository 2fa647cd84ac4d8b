import { createGradientSession, type GradientSession } from '../../graph/gradient-session.ts';
import { gradients } from '../../graph/gradients.ts';
import { Graph, type Value } from '../../graph/graph.ts';
import { add, bceWithLogits, linear, matmul, mul, reduceSum, reshape, softmax } from '../../graph/operators.ts';

/** Sizes that fix the graph of a training step. */
export interface AttentionShape {
  readonly batch: number;
  /** Padded tokens per text. */
  readonly tokens: number;
  readonly width: number;
  readonly queryKeyWidth: number;
}

/** Names of what is trained, with their shapes. */
function attentionParameters({ width, queryKeyWidth }: Omit<AttentionShape, 'batch' | 'tokens'>) {
  return {
    query: [width, queryKeyWidth],
    key: [width, queryKeyWidth],
    weight: [width, 1],
    bias: [1],
  } as const;
}

/**
 * Loss and gradients of a step of an attention probe: Σ example-weights · BCE(logits, targets) + λ‖v‖². Inputs: `states`
 * (batch × tokens × width), `last` (batch × width), `mask` (batch × tokens; 0 at tokens, very negative at padding),
 * `targets` and `example-weights` (batch × 1), `l2` (1).
 */
export function attentionSession(shape: AttentionShape): Promise<GradientSession> {
  const graph = new Graph();
  const parameters = Object.fromEntries(
    Object.entries(attentionParameters(shape)).map(([name, size]) => [name, graph.parameter(name, size)]),
  );
  const logits = attentionLogits(graph, shape, parameters);
  const [targets, weights] = [graph.input('targets', logits.shape), graph.input('example-weights', logits.shape)];
  const { weight } = parameters as { weight: Value };
  const fit = reduceSum(mul(bceWithLogits(logits, targets), weights));
  const loss = add(fit, reduceSum(mul(graph.input('l2', [1]), reduceSum(mul(weight, weight)))));
  const names = Object.keys(parameters);
  const flows = gradients(loss, Object.values(parameters));
  return createGradientSession(graph, loss, Object.fromEntries(names.map((name, i) => [name, flows[i] as Value])));
}

/** (batch × 1) */
function attentionLogits(
  graph: Graph,
  { batch, tokens, width, queryKeyWidth }: AttentionShape,
  { query, key, weight, bias }: Readonly<Record<string, Value>>,
): Value {
  const states = graph.input('states', [batch, tokens, width]);
  const queries = matmul(graph.input('last', [batch, width]), query as Value);
  // (q Wkᵀ) · h instead of q · (h Wk): one vector per text is mapped, not one per token.
  const mapped = reshape(matmul(queries, key as Value, { transposeB: true }), [batch, 1, width]);
  const scores = matmul(mapped, states, { transposeB: true, alpha: 1 / Math.sqrt(queryKeyWidth) });
  const mask = reshape(graph.input('mask', [batch, tokens]), [batch, 1, tokens]);
  const pooled = matmul(softmax(add(scores, mask)), states);
  return linear(reshape(pooled, [batch, width]), weight as Value, bias as Value);
}
