/**
 * Where the time of one training step goes: the share of each operator type in the reference transformer (4 layers,
 * width 128, 4 heads, 16 × 128 tokens). `node bench/graph-step.ts [threads=2] [steps=10]`; best on a quiet machine.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdamW } from '../src/graph/optimizer.ts';
import { createSession } from '../src/graph/session.ts';
import { referenceTransformer } from './reference-transformer.ts';

const threads = Number(process.argv[2] ?? 2);
const steps = Number(process.argv[3] ?? 10);
const size = { layers: 4, width: 128, heads: 4, vocabulary: 512, batch: 16, length: 128 };
const { graph, loss, gradients, weights, feeds } = referenceTransformer(size);
const folder = mkdtempSync(join(tmpdir(), 'graph-step-'));
const optimizer = createAdamW(weights, { maxNorm: 1 });
const session = await createSession<string>(
  graph,
  { loss, ...gradients },
  { threads, profilePrefix: join(folder, 'profile') },
);
let optimizing = 0;
for (let step = 0; step < steps; step++) {
  await session.run({ ...optimizer.parameters, ...feeds }, optimizer.gradients);
  const start = performance.now();
  optimizer.step(1e-3);
  optimizing += performance.now() - start;
}
await session.dispose();
printShares();
rmSync(folder, { recursive: true });

function printShares(): void {
  const file = readdirSync(folder).find((name) => name.endsWith('.json')) as string;
  const events: { cat: string; name: string; dur: number; args?: { op_name?: string } }[] = JSON.parse(
    readFileSync(join(folder, file), 'utf8'),
  );
  const kernels = events.filter((event) => event.cat === 'Node' && event.name.endsWith('_kernel_time'));
  const total = kernels.reduce((sum, event) => sum + event.dur, 0);
  const types = Map.groupBy(kernels, (event) => event.args?.op_name ?? '?');
  const rows = [...types].map(([type, list]) => ({ type, us: list.reduce((s, e) => s + e.dur, 0), n: list.length }));
  console.log(
    `${milliseconds(total)} ms per step in operators at ${threads} threads, AdamW ${milliseconds(1000 * optimizing)} ms`,
  );
  for (const { type, us, n } of rows.sort((a, b) => b.us - a.us)) {
    const share = ((100 * us) / total).toFixed(1).padStart(5);
    console.log(`${share} %  ${milliseconds(us).padStart(7)} ms  ${String(n / steps).padStart(4)} × ${type}`);
  }
}

function milliseconds(microseconds: number): string {
  return (microseconds / 1000 / steps).toFixed(2);
}
