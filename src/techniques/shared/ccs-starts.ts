import type { Rng } from '../../core/random.ts';
import type { Dense } from '../../solvers/dense-products.ts';
import { matrixRows } from '../../solvers/matrix-rows.ts';
import { fitPca } from '../../solvers/pca.ts';
import type { PairStates } from './pair-activations.ts';
import { pairDifferences } from './pair-differences.ts';

export const ccsInits = ['linear', 'spherical', 'pca'] as const;

/**
 * Where the probes of CCS start, (restarts × width + 1) with the bias last (methods.md 5.2): `linear` is PyTorch's uniform
 * ±1/√width, `spherical` a point on the unit sphere of all width + 1 parameters, `pca` the principal components of the
 * pairs' differences, largest first, without bias; components beyond the width start as `spherical`.
 *
 * @param states Normalised states of each wording.
 */
export async function createStarts(
  init: (typeof ccsInits)[number],
  restarts: number,
  states: readonly PairStates[],
  rng: Rng,
): Promise<Dense> {
  const width = (states[0] as PairStates).negative.columns;
  const columns = width + 1;
  const data = new Float64Array(restarts * columns);
  for (let start = 0; start < data.length; start += columns) {
    const row = data.subarray(start, start + columns);
    if (init === 'linear') fillUniform(row, rng);
    else fillSpherical(row, rng);
  }
  if (init === 'pca') await setComponents(data, columns, states);
  return { rows: restarts, columns, data };
}

function fillUniform(row: Float64Array, rng: Rng): void {
  const bound = 1 / Math.sqrt(row.length - 1);
  for (let j = 0; j < row.length; j++) row[j] = (2 * rng.uniform() - 1) * bound;
}

function fillSpherical(row: Float64Array, rng: Rng): void {
  for (let j = 0; j < row.length; j++) row[j] = rng.normal();
  const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
  for (let j = 0; j < row.length; j++) (row[j] as number) /= length;
}

async function setComponents(data: Float64Array, columns: number, states: readonly PairStates[]): Promise<void> {
  const differences = pairDifferences(states);
  const width = columns - 1;
  const components = Math.min(data.length / columns, width, differences.rows);
  const { map } = await fitPca(matrixRows(differences), { components });
  for (let r = 0; r < components; r++) {
    data.set(map.subarray(r * width, (r + 1) * width), r * columns);
    data[r * columns + width] = 0;
  }
}
