import type { OnnxNode, OnnxTensor } from './onnx-model.ts';

/** Names that exporters make up for folded tensors. */
const madeUp = /^(onnx::\w+|val_\d+|_?v_\d+|\d+)$/;

/**
 * Tells weights (floats of more than one element) from constants. A weight whose name an exporter made up, because it
 * folded a transposition into it, is named after the module of the product that uses it: `encoder.layer.0.query.weight`.
 */
export function nameWeights(initializers: ReadonlyMap<string, OnnxTensor>, nodes: readonly OnnxNode[]) {
  const isWeight = ({ dtype, shape }: OnnxTensor) => dtype === 'float32' && shape.reduce((a, b) => a * b, 1) > 1;
  const found = [...initializers].filter(([, tensor]) => isWeight(tensor));
  const derived = derivedNames(nodes);
  const taken = new Set(found.map(([name]) => name).filter((name) => !madeUp.test(name)));
  const weightNames = new Map<string, string>();
  for (const [name] of found) {
    const better = madeUp.test(name) ? derived.get(name) : undefined;
    const chosen = better !== undefined && !taken.has(better) ? better : name;
    taken.add(chosen);
    weightNames.set(name, chosen);
  }
  return {
    weightNames,
    weights: new Map(found.map(([name, tensor]) => [weightNames.get(name) as string, tensor])),
    constants: new Map([...initializers].filter(([name]) => !weightNames.has(name))),
  };
}

/** `<scope>.weight` by the name of a product's second operand; the first product that uses it counts. */
function derivedNames(nodes: readonly OnnxNode[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { operator, inputs, scope } of nodes) {
    const [, second] = inputs;
    if ((operator !== 'MatMul' && operator !== 'Gemm') || !second || scope === '' || names.has(second)) continue;
    names.set(second, `${scope}.weight`);
  }
  return names;
}
