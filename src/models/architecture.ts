import { createRng, type Rng } from '../core/random.ts';
import type { ModelConfig } from './config.ts';
import { initialHeads } from './heads.ts';
import type { WeightShape } from './network.ts';
import type { NamedTensor, NamedTensors } from './safetensors.ts';

/** All that fixes a decoder's weights and graph. */
export interface Architecture extends ModelConfig {
  /** Token ids of its tokenizer. */
  readonly vocabulary: number;
}

/** How a weight starts: `normal` with this standard deviation, or every element the same. */
type Start = { readonly normal: number } | { readonly fill: number };

interface WeightSpec extends WeightShape {
  readonly start: Start;
}

/** Every weight by name, in a fixed order. Products are x·W, so matrices are (inputs × outputs). */
export function weightSpecs(architecture: Architecture): ReadonlyMap<string, WeightSpec> {
  const { width, layers, maxTokens, vocabulary } = architecture;
  const specs = new Map<string, WeightSpec>();
  specs.set('embedding', { shape: [vocabulary, width], start: { normal: 0.5 } });
  specs.set('positions', { shape: [maxTokens, width], start: { normal: 0.1 } });
  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    addNorm(specs, `${block}.attention-norm`, width);
    addLinear(specs, `${block}.query-key-value`, width, 3 * width, 1);
    addLinear(specs, `${block}.attention-output`, width, width, layers);
    addNorm(specs, `${block}.mlp-norm`, width);
    addLinear(specs, `${block}.mlp-input`, width, 4 * width, 1);
    addLinear(specs, `${block}.mlp-output`, 4 * width, width, layers);
  }
  addNorm(specs, 'final-norm', width);
  return specs;
}

function addNorm(specs: Map<string, WeightSpec>, name: string, width: number): void {
  specs.set(`${name}.scale`, { shape: [width], start: { fill: 1 } });
  specs.set(`${name}.bias`, { shape: [width], start: { fill: 0 } });
}

/** Residual branches start smaller the more blocks add up (GPT-2). */
function addLinear(
  specs: Map<string, WeightSpec>,
  name: string,
  inputs: number,
  outputs: number,
  blocks: number,
): void {
  specs.set(`${name}.weight`, { shape: [inputs, outputs], start: { normal: 1 / Math.sqrt(3 * inputs * blocks) } });
  specs.set(`${name}.bias`, { shape: [outputs], start: { fill: 0 } });
}

/** Random weights of a decoder with `heads` heads, theirs last; the same seed gives the same ones. */
export function initialWeights(architecture: Architecture, heads: number, seed: number): NamedTensors {
  const rng = createRng(seed, 'initial-weights');
  const own = [...weightSpecs(architecture)].map(
    ([name, { shape, start }]) => [name, { shape, data: startValues(shape, start, rng) }] as const,
  );
  return new Map([...own, ...initialHeads(architecture.width, heads, rng)]);
}

function startValues(shape: readonly number[], start: Start, rng: Rng): NamedTensor['data'] {
  const size = shape.reduce((product, length) => product * length, 1);
  if ('fill' in start) return new Float32Array(size).fill(start.fill);
  return Float32Array.from({ length: size }, () => start.normal * rng.normal());
}
