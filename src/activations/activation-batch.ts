/** Activations of some examples on their way to a store. An example's rows come together, in one batch. */
export interface ActivationBatch {
  /** Example ids, each once in all batches together. */
  readonly ids: readonly string[];
  /** Token positions of each example's rows, from 0; absent where every example has one row that is of no single token. */
  readonly positions?: readonly (readonly number[])[];
  /** By layer, (rows × columns), row-major; an example has as many rows as positions, one where these are absent. */
  readonly layers: ReadonlyMap<number, Float32Array>;
}
