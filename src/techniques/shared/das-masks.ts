/** Soft cuts of d rotated coordinates into consecutive subspaces (Wu et al. 2023). */

/**
 * Where the subspaces begin and end, (subspaces + 1): b_k = d · Σ_{l<k} softmax(shares)_l, from 0 to d. Equal shares divide
 * the coordinates evenly, and no choice of shares makes a width negative or the sum other than d.
 */
export function boundariesOf(shares: Float64Array, dimensions: number): Float64Array {
  const widths = softmax(shares);
  const boundaries = new Float64Array(shares.length + 1);
  widths.forEach((width, k) => {
    boundaries[k + 1] = (boundaries[k] as number) + dimensions * width;
  });
  return boundaries;
}

/**
 * How far each coordinate belongs to a subspace, (subspaces × d): σ((c_i − b_k)/T) · σ((b_{k+1} − c_i)/T) at the coordinates'
 * centres c_i = i + ½, i from 0. As T goes to 0 each coordinate belongs to one subspace alone.
 */
export function masksOf(shares: Float64Array, temperature: number, dimensions: number): Float64Array {
  const boundaries = boundariesOf(shares, dimensions);
  return Float64Array.from({ length: shares.length * dimensions }, (_, cell) => {
    const [above, below] = sides(boundaries, temperature, Math.floor(cell / dimensions), cell % dimensions);
    return above * below;
  });
}

/** Gradient by the shares, (subspaces), of what has `maskGradient` (subspaces × d) by the masks. */
export function sharesGradient(
  shares: Float64Array,
  temperature: number,
  dimensions: number,
  maskGradient: Float64Array,
): Float64Array {
  const boundaries = boundariesOf(shares, dimensions);
  const flows = new Float64Array(boundaries.length);
  maskGradient.forEach((gradient, cell) => {
    const k = Math.floor(cell / dimensions);
    const [above, below] = sides(boundaries, temperature, k, cell % dimensions);
    const flow = (gradient * above * below) / temperature;
    (flows[k] as number) -= flow * (1 - above);
    (flows[k + 1] as number) += flow * (1 - below);
  });
  const widths = softmax(shares);
  // The last boundary is d whatever the shares, so every width moves the boundaries after it but that one.
  const byWidth = widths.map(
    (_, l) => dimensions * flows.subarray(l + 1, shares.length).reduce((sum, flow) => sum + flow, 0),
  );
  const mean = byWidth.reduce((sum, gradient, l) => sum + gradient * (widths[l] as number), 0);
  return widths.map((width, l) => width * ((byWidth[l] as number) - mean));
}

function sides(boundaries: Float64Array, temperature: number, k: number, coordinate: number): [number, number] {
  const centre = coordinate + 0.5;
  const logistic = (distance: number) => 1 / (1 + Math.exp(-distance / temperature));
  return [logistic(centre - (boundaries[k] as number)), logistic((boundaries[k + 1] as number) - centre)];
}

function softmax(values: Float64Array): Float64Array {
  const most = values.reduce((a, b) => Math.max(a, b));
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
