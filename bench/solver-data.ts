import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Matrix } from '../src/core/models.ts';
import { createRng, type Rng } from '../src/core/random.ts';
import { Graph } from '../src/graph/graph.ts';
import { matmul } from '../src/graph/operators.ts';
import { createSession } from '../src/graph/session.ts';

export interface BenchData {
  readonly rows: Matrix;
  /** (n) 0 or 1. */
  readonly labels: Uint8Array;
  /** The same as files: little-endian float32, and a byte per label. */
  readonly rowsPath: string;
  readonly labelsPath: string;
}

/**
 * Rows like a transformer's activations: `columns / 4` latent directions with variances falling as 1/j, noise in every
 * direction, columns of unequal means and scales (or standardized); labels are Bernoulli in one direction of the latents. Kept as files
 * in `folder`, so that the peer reads the same bytes.
 */
export async function solverData(
  folder: string,
  rows: number,
  columns: number,
  form: 'raw' | 'standardized',
): Promise<BenchData> {
  const rowsPath = join(folder, `${rows}x${columns}-${form}.f32`);
  const labelsPath = join(folder, `${rows}x${columns}-${form}.u8`);
  if (!existsSync(labelsPath)) {
    mkdirSync(folder, { recursive: true });
    const { data, labels } = await generate(rows, columns);
    if (form === 'standardized') standardize(data, rows, columns);
    writeFileSync(rowsPath, data);
    writeFileSync(labelsPath, labels);
  }
  const bytes = readFileSync(rowsPath);
  const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return { rows: { rows, columns, data }, labels: readFileSync(labelsPath), rowsPath, labelsPath };
}

/** Columns to mean 0 and variance 1. */
function standardize(data: Float32Array, rows: number, columns: number): void {
  const [sums, squares] = [new Float64Array(columns), new Float64Array(columns)];
  data.forEach((x, i) => {
    (sums[i % columns] as number) += x;
    (squares[i % columns] as number) += x * x;
  });
  data.forEach((x, i) => {
    const mean = (sums[i % columns] as number) / rows;
    const variance = (squares[i % columns] as number) / rows - mean * mean;
    data[i] = (x - mean) / Math.sqrt(variance);
  });
}

async function generate(rows: number, columns: number) {
  const rng = createRng(0, 'solver-data', rows, columns);
  const latents = columns / 4;
  const block = 1000;
  const scales = normals(rng, columns).map((x) => Math.exp(0.5 * x));
  const means = normals(rng, columns).map((x, j) => 0.5 * x * (scales[j] as number));
  const mixing = normals(rng, latents * columns).map(
    (x, k) => (x * (scales[k % columns] as number)) / Math.sqrt(1 + Math.floor(k / columns)),
  );
  const direction = normals(rng, latents);
  const graph = new Graph();
  const product = matmul(graph.input('z', [block, latents]), graph.input('mixing', [latents, columns]));
  const session = await createSession(graph, { product }, { threads: 2 });
  const data = new Float32Array(rows * columns);
  const labels = new Uint8Array(rows);
  for (let start = 0; start < rows; start += block) {
    const z = normals(rng, block * latents);
    const { product: mixed } = await session.run({ z, mixing });
    for (let i = 0; i < block * columns; i++) {
      const j = i % columns;
      // A sum of three uniforms: cheap, and near enough to normal for noise.
      const noise = 2 * (rng.uniform() + rng.uniform() + rng.uniform() - 1.5);
      data[start * columns + i] = (mixed[i] as number) + (means[j] as number) + 0.5 * (scales[j] as number) * noise;
    }
    for (let i = 0; i < block; i++) {
      let z0 = 0;
      for (let j = 0; j < latents; j++) z0 += (direction[j] as number) * (z[i * latents + j] as number);
      labels[start + i] = rng.chance(1 / (1 + Math.exp((-2 * z0) / Math.sqrt(latents)))) ? 1 : 0;
    }
  }
  await session.dispose();
  return { data, labels };
}

function normals(rng: Rng, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => rng.normal());
}
