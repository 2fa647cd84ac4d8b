import { type Value, valuesOf } from '../graph.ts';
import { shapeError } from '../shape-error.ts';
import { sameShape } from '../shapes.ts';
import { mul, neg, sub } from './arithmetic.ts';
import { reduceSum } from './reductions.ts';
import { logSoftmax } from './softmax.ts';
import { softplus } from './unary.ts';

/** Binary cross-entropy in nats, element by element: softplus(z) − z · y for logits z and targets y in [0, 1] of one shape. */
export function bceWithLogits(logits: Value, targets: Value): Value {
  if (!sameShape(logits.shape, targets.shape)) {
    throw shapeError('bceWithLogits', "logits' and targets' shapes", 'equal', [logits.shape, targets.shape]);
  }
  return sub(softplus(logits), mul(logits, targets));
}

/** Cross-entropy in nats per row: logits (…, classes) and int32 or int64 class indices (…) → (…). */
export function crossEntropy(logits: Value, targets: Value): Value {
  valuesOf('crossEntropy', [logits]);
  if (!sameShape(logits.shape.slice(0, -1), targets.shape)) {
    throw shapeError('crossEntropy', "logits' shape without the last axis and targets' shape", 'equal', [
      logits.shape,
      targets.shape,
    ]);
  }
  return neg(reduceSum(mul(logSoftmax(logits), oneHot(targets, logits.shape.at(-1) as number)), { axes: -1 }));
}

/** Indices (…) as rows of zeros with a single one: (…, depth), float32. */
function oneHot(indices: Value, depth: number): Value {
  const { graph } = indices;
  const inputs = [indices, graph.constant([depth], [1], indices.dtype), graph.constant([0, 1], [2])];
  return graph.emit({ operator: 'OneHot', inputs }, [...indices.shape, depth]);
}
