/**
 * A forward pass in which hidden states from outside stand at the last token of a layer, and its vector–Jacobian product.
 */
import { expected } from '../core/errors.ts';
import { gradients } from '../graph/gradients.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { linear, mul, reduceSum } from '../graph/operators.ts';
import { headShapes } from './heads.ts';
import { buildModel, type ModelShape } from './model-graph.ts';
import type { BatchShape } from './network.ts';
import { replaceLast } from './replace-states.ts';

/** Inputs besides those of the model: states (batch × width) and coefficients of the logits (batch × heads). */
export const interventionInputNames = { states: 'states', coefficients: 'coefficients' } as const;

/** Head logits, (batch × heads), as a function of the states put in at `layer`. */
export function buildIntervention(
  graph: Graph,
  model: ModelShape,
  layer: number,
  shape: BatchShape,
): { readonly states: Value; readonly logits: Value } {
  const { network } = model;
  const states = graph.input(interventionInputNames.states, [shape.batch, network.width]);
  if (layer === network.layers) return { states, logits: headLogits(graph, model, states) };
  let replaced = false;
  const { logits } = buildModel(graph, model, shape, 'last', (inputs) => (own, at) => {
    if (at !== layer) return own;
    replaced = true;
    return replaceLast(own, states, inputs);
  });
  if (replaced) return { states, logits };
  const next = `Have its \`build\` hand each layer's states to \`replace\`, or intervene at layer ${network.layers}.`;
  throw expected('no-interventions', `the ${network.family} network`, 'open to interventions', 'one that is not', next);
}

/** ∂ Σ coefficients · logits / ∂ states, (batch × width). */
export function buildInterventionGradient(graph: Graph, model: ModelShape, layer: number, shape: BatchShape): Value {
  const { states, logits } = buildIntervention(graph, model, layer, shape);
  const coefficients = graph.input(interventionInputNames.coefficients, logits.shape);
  return gradients(reduceSum(mul(logits, coefficients)), [states])[0] as Value;
}

function headLogits(graph: Graph, { network, heads }: ModelShape, states: Value): Value {
  const [weight, bias] = [...headShapes(network.width, heads)].map(([name, { shape }]) => graph.parameter(name, shape));
  return linear(states, weight as Value, bias as Value);
}
