/**
 * A loss of K linear outputs per row, e.g. cross-entropy. Logits and residuals lie output by output, (K × rows).
 */
export interface LinearLoss {
  readonly outputs: number;
  /**
   * Weighted sum of the losses of rows `start` to `start + rows`, and its derivatives by the logits into `residuals`.
   */
  block(start: number, rows: number, logits: Logits, residuals: Logits): number;
}

export type Logits = Float32Array | Float64Array;

/** Σ wᵢ·BCE(σ(zᵢ), yᵢ) in nats. @param targets (n) in [0, 1] @param weights (n) */
export function binaryCrossEntropy(targets: Float64Array, weights: Float64Array): LinearLoss {
  return {
    outputs: 1,
    block(start, rows, logits, residuals) {
      let value = 0;
      for (let i = 0; i < rows; i++) {
        const z = logits[i] as number;
        const target = targets[start + i] as number;
        const weight = weights[start + i] as number;
        // softplus(z) − y·z, without overflow.
        const tail = Math.exp(-Math.abs(z));
        value += weight * (Math.max(z, 0) + Math.log1p(tail) - target * z);
        residuals[i] = weight * ((z >= 0 ? 1 : tail) / (1 + tail) - target);
      }
      return value;
    },
  };
}

/** Σ wᵢ·(logΣₖ exp zᵢₖ − zᵢ,class) in nats. @param classes (n) from 0 @param weights (n) */
export function softmaxCrossEntropy(classes: ArrayLike<number>, outputs: number, weights: Float64Array): LinearLoss {
  return {
    outputs,
    block(start, rows, logits, residuals) {
      let value = 0;
      for (let i = 0; i < rows; i++) {
        const weight = weights[start + i] as number;
        const own = classes[start + i] as number;
        let most = Number.NEGATIVE_INFINITY;
        for (let k = i; k < outputs * rows; k += rows) most = Math.max(most, logits[k] as number);
        let sum = 0;
        for (let k = i; k < outputs * rows; k += rows) sum += Math.exp((logits[k] as number) - most);
        const normaliser = most + Math.log(sum);
        value += weight * (normaliser - (logits[own * rows + i] as number));
        for (let k = 0; k < outputs; k++) {
          const share = Math.exp((logits[k * rows + i] as number) - normaliser);
          residuals[k * rows + i] = weight * (share - (k === own ? 1 : 0));
        }
      }
      return value;
    },
  };
}
