import { expected } from '../core/errors.ts';
import type { Matrix } from '../core/models.ts';
import { type Concept, centreConcept } from './concept.ts';
import { crossMoments } from './cross-moments.ts';
import { requireColumns } from './eraser.ts';
import { pseudoInverse } from './pseudo-inverse.ts';
import type { RowSource } from './row-source.ts';

/** x ↦ x − map · (z − mean). */
export interface OracleEraser {
  /** (k) Mean of the concept. */
  readonly mean: Float64Array;
  /** (k × columns) row-major: Σzz⁺ Σzx, the columns of the map one after another. */
  readonly map: Float64Array;
}

export interface OracleLeaceOptions {
  /** Eigenvalues of Σzz of at most this count as 0. @default 0.01 */
  readonly cutoff?: number;
}

/**
 * LEACE that is told the concept of each row it is to be erased from: r = x − Σxz Σzz⁺ (z − mean), the least change
 * after which x and z are uncorrelated (methods.md 6). One pass.
 * @throws UserError as `fitLeace` does.
 */
export async function fitOracleLeace(
  source: RowSource,
  concept: Concept,
  { cutoff = 0.01 }: OracleLeaceOptions = {},
): Promise<OracleEraser> {
  const z = centreConcept(concept, source.rows);
  const { cross } = await crossMoments(source, z);
  const scale = 1 / (source.rows - 1);
  const { inverse } = pseudoInverse(
    scatterOf(z.data, z.columns).map((value) => value * scale),
    z.columns,
    { absolute: cutoff, relative: 1e-9 },
  );
  const { columns } = source;
  const map = new Float64Array(cross.length);
  for (let a = 0; a < z.columns; a++) {
    for (let b = 0; b < z.columns; b++) {
      const factor = (inverse[a * z.columns + b] as number) * scale;
      for (let j = 0; j < columns; j++) (map[a * columns + j] as number) += factor * (cross[b * columns + j] as number);
    }
  }
  return { mean: z.mean, map };
}

/**
 * The rows with the concept erased, computed in float64.
 * @throws UserError (`columns`, `length`) when rows or concept have another shape than those of the fit.
 */
export function oracleErase(matrix: Matrix, concept: Concept, { mean, map }: OracleEraser): Matrix {
  const { rows, columns, data } = matrix;
  requireColumns(columns, map.length / mean.length);
  const values = 'data' in concept ? concept.data : concept;
  if (values.length !== rows * mean.length) {
    const next = 'Give one row of values per example.';
    throw expected('length', 'the number of values of the concept', `${rows} × ${mean.length}`, values.length, next);
  }
  const erased = new Float32Array(data.length);
  const change = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    change.fill(0);
    mean.forEach((centre, k) => {
      const z = Number(values[i * mean.length + k]) - centre;
      for (let j = 0; j < columns; j++) (change[j] as number) += z * (map[k * columns + j] as number);
    });
    for (let j = 0; j < columns; j++)
      erased[i * columns + j] = (data[i * columns + j] as number) - (change[j] as number);
  }
  return { rows, columns, data: erased };
}

/** (k × k) Σ z zᵀ */
function scatterOf(data: Float64Array, columns: number): Float64Array {
  const scatter = new Float64Array(columns * columns);
  for (let start = 0; start < data.length; start += columns) {
    for (let a = 0; a < columns; a++) {
      for (let b = 0; b < columns; b++) {
        (scatter[a * columns + b] as number) += (data[start + a] as number) * (data[start + b] as number);
      }
    }
  }
  return scatter;
}
