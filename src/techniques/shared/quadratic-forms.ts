import type { Matrix } from '../../core/models.ts';
import { createDenseProducts, type Dense } from '../../solvers/dense-products.ts';

const blockRows = 1024;

/** (x − mean)ᵀ A (x − mean) of each row x, (rows), in float64. @param form A, symmetric, (columns × columns). */
export async function quadraticForms(rows: Matrix, mean: Float64Array, form: Float64Array): Promise<Float64Array> {
  const { columns } = rows;
  const values = new Float64Array(rows.rows);
  const products = createDenseProducts({});
  try {
    for (let start = 0; start < rows.rows; start += blockRows) {
      const size = Math.min(blockRows, rows.rows - start);
      const centred = centredRows(rows, start, size, mean);
      const { data } = await products.multiply(centred, { rows: columns, columns, data: form });
      for (let row = 0; row < size; row++) {
        let sum = 0;
        for (let k = row * columns; k < (row + 1) * columns; k++) {
          sum += (centred.data[k] as number) * (data[k] as number);
        }
        values[start + row] = sum;
      }
    }
  } finally {
    await products.dispose();
  }
  return values;
}

function centredRows({ columns, data }: Matrix, start: number, size: number, mean: Float64Array): Dense {
  const centred = new Float64Array(size * columns);
  for (let row = 0; row < size; row++) {
    for (let j = 0; j < columns; j++) {
      centred[row * columns + j] = (data[(start + row) * columns + j] as number) - (mean[j] as number);
    }
  }
  return { rows: size, columns, data: centred };
}
