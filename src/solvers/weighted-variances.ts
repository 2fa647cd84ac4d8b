import { rowBlocks } from './row-blocks.ts';
import type { RowSource } from './row-source.ts';

/** (columns) Σᵢ wᵢ(xᵢⱼ − meanⱼ)² with meanⱼ = Σᵢ wᵢxᵢⱼ, for weights that sum to 1; in one pass (West 1979), float64. */
export async function weightedVariances(source: RowSource, weights: Float64Array): Promise<Float64Array> {
  const { columns } = source;
  const mean = new Float64Array(columns);
  const variances = new Float64Array(columns);
  let total = 0;
  for await (const { start, rows, data } of rowBlocks(source, 4096)) {
    for (let i = 0; i < rows; i++) {
      const weight = weights[start + i] as number;
      if (weight === 0) continue;
      const share = weight / (total + weight);
      for (let j = 0; j < columns; j++) {
        const difference = (data[i * columns + j] as number) - (mean[j] as number);
        (mean[j] as number) += share * difference;
        (variances[j] as number) += total * share * difference * difference;
      }
      total += weight;
    }
  }
  return variances;
}
