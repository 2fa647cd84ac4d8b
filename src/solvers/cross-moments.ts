import type { CentredConcept } from './concept.ts';
import { requireFinite } from './require-finite.ts';
import { rowBlocks } from './row-blocks.ts';
import type { RowSource } from './row-source.ts';

export interface CrossMoments {
  /** (columns) Mean of the rows. */
  readonly mean: Float64Array;
  /** (k × columns) row-major: Σ (z − mean z)(x − mean)ᵀ. */
  readonly cross: Float64Array;
}

/**
 * Mean of the rows and their products with a concept, in one pass and float64 throughout: how exactly an eraser removes
 * a concept hangs on these alone.
 * @throws UserError (`not-finite`) naming the first value that is no finite number.
 */
export async function crossMoments(source: RowSource, concept: CentredConcept): Promise<CrossMoments> {
  const { columns } = source;
  const sum = new Float64Array(columns);
  const cross = new Float64Array(concept.columns * columns);
  // Products with what has mean 0 do not change when x is shifted; the first row is near enough to keep the digits.
  let shift: Float64Array | undefined;
  for await (const { start, rows, data } of rowBlocks(source, 4096)) {
    shift ??= Float64Array.from(data.subarray(0, columns));
    for (let i = 0; i < rows; i++) {
      addRow(sum, 0, data, i * columns, shift, 1);
      for (let k = 0; k < concept.columns; k++) {
        const z = concept.data[(start + i) * concept.columns + k] as number;
        if (z !== 0) addRow(cross, k * columns, data, i * columns, shift, z);
      }
    }
  }
  const mean = sum.map((value, j) => (shift?.[j] as number) + value / source.rows);
  if (![...mean, ...cross].every(Number.isFinite)) await requireFinite(source);
  return { mean, cross };
}

/** to ← to + factor · (x − shift) */
function addRow(to: Float64Array, at: number, data: Float32Array, from: number, shift: Float64Array, factor: number) {
  for (let j = 0; j < shift.length; j++) {
    (to[at + j] as number) += factor * ((data[from + j] as number) - (shift[j] as number));
  }
}
