import type { AttentionWeights } from './attention-training.ts';
import type { TokenScale } from './token-scale.ts';

/**
 * The logit of a text by its states at every token, (length × width), as the model gives them. With z = (h − mean) /
 * scale: a = softmax_t((z_last Wq) · (z_t Wk) / √queryKeyWidth), logit = (Σ_t a_t z_t) · v + b, in float64. What is the same
 * for all tokens cancels in the softmax, so that a text costs width² + 2 · length · width.
 */
export function createAttentionScorer(
  { query, key, weight, bias }: AttentionWeights,
  { mean, scale }: TokenScale,
): (states: Float32Array) => number {
  const width = mean.length;
  const product = scaledProduct(query, key, scale);
  const map = Float64Array.from(weight, (value, j) => value / (scale[j] as number));
  return (states) => {
    const mapped = mapQuery(product, states.subarray(states.length - width), mean);
    const scores: number[] = [];
    const values: number[] = [];
    for (let start = 0; start < states.length; start += width) {
      let [score, value] = [0, bias[0] as number];
      for (let j = 0; j < width; j++) {
        const state = (states[start + j] as number) - (mean[j] as number);
        score += (mapped[j] as number) * state;
        value += (map[j] as number) * state;
      }
      scores.push(score);
      values.push(value);
    }
    return softmaxMean(scores, values);
  };
}

/** Wq Wkᵀ / √queryKeyWidth with both sides divided by the scale, (width × width). */
function scaledProduct(query: Float32Array, key: Float32Array, scale: Float64Array): Float64Array {
  const width = scale.length;
  const depth = query.length / width;
  return Float64Array.from({ length: width * width }, (_, cell) => {
    const [i, j] = [Math.floor(cell / width), cell % width];
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += (query[i * depth + k] as number) * (key[j * depth + k] as number);
    return sum / (Math.sqrt(depth) * (scale[i] as number) * (scale[j] as number));
  });
}

/** (h_last − mean) · product, (width). */
function mapQuery(product: Float64Array, last: Float32Array, mean: Float64Array): Float64Array {
  const width = mean.length;
  const mapped = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    const state = (last[i] as number) - (mean[i] as number);
    for (let j = 0; j < width; j++) mapped[j] = (mapped[j] as number) + state * (product[i * width + j] as number);
  }
  return mapped;
}

/** Σ softmax(scores) · values. */
function softmaxMean(scores: readonly number[], values: readonly number[]): number {
  const most = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let [total, sum] = [0, 0];
  scores.forEach((score, token) => {
    const share = Math.exp(score - most);
    total += share;
    sum += share * (values[token] as number);
  });
  return sum / total;
}
