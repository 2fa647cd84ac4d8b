/** Mean and standard deviation of each hidden dimension over tokens, (width) each. */
export interface TokenScale {
  readonly mean: Float64Array;
  /** 1 where a dimension is constant. */
  readonly scale: Float64Array;
}

/** Over all tokens of some texts, each (length × width). */
export function tokenScale(sequences: readonly Float32Array[], width: number): TokenScale {
  const mean = averages(sequences, width, (value) => value);
  const variance = averages(sequences, width, (value, j) => (value - (mean[j] as number)) ** 2);
  return { mean, scale: variance.map((value) => Math.sqrt(value) || 1) };
}

/** Takes the mean off and divides by the scale, in place. */
export function standardise(states: Float32Array, { mean, scale }: TokenScale): void {
  const width = mean.length;
  for (let i = 0; i < states.length; i++) {
    const j = i % width;
    states[i] = ((states[i] as number) - (mean[j] as number)) / (scale[j] as number);
  }
}

function averages(sequences: readonly Float32Array[], width: number, of: (value: number, dimension: number) => number) {
  const sums = new Float64Array(width);
  let tokens = 0;
  for (const states of sequences) {
    tokens += states.length / width;
    for (let i = 0; i < states.length; i++)
      sums[i % width] = (sums[i % width] as number) + of(states[i] as number, i % width);
  }
  return sums.map((sum) => sum / tokens);
}
