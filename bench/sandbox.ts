/**
 * Programs per second in the sandbox, 20 calls or checks each: `node bench/sandbox.ts [programs] [threads]`. Then what a
 * clean world costs in three ways, on one thread without any wall around it: a fresh runtime, a fresh context, and the
 * memory put back, which is how the sandbox does it.
 */
import { availableParallelism } from 'node:os';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, type QuickJSContext, type QuickJSSyncVariant } from 'quickjs-emscripten-core';
import { createSandbox } from '../src/sandbox/create-sandbox.ts';
import { createEngine } from '../src/sandbox/engine.ts';

const [programs = 2000, threads = availableParallelism()] = process.argv.slice(2).map(Number);
const limits = { memoryBytes: 2 ** 24, stackBytes: 2 ** 18, milliseconds: 250, valueCharacters: 2 ** 16 };

const source = `
function mergeIntervals(intervals) {
  const sorted = [...intervals].sort((a, b) => a[0] - b[0]);
  const merged = [];
  for (const [start, end] of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}`;
const calls = Array.from({ length: 20 }, (_, i) => [
  Array.from({ length: 5 + i }, (_, j) => [(j * 37) % 50, ((j * 37) % 50) + (j % 9)]),
]);
const checks = calls.map((call) => {
  const input = JSON.stringify(call[0]);
  return `assertEqual(mergeIntervals(${input}).length, mergeIntervals(${input}.reverse()).length);`;
});

const sandbox = createSandbox({ threads });
await sandbox.runCalls({ source, entry: 'mergeIntervals', calls });
await rate('calls', () => sandbox.runCalls({ source, entry: 'mergeIntervals', calls }));
await rate('checks', () => sandbox.runChecks({ source, checks }));
await sandbox.close();

const quickJs = await newQuickJSWASMModuleFromVariant(variant as unknown as QuickJSSyncVariant);
const runtime = quickJs.newRuntime();
const engine = await createEngine(limits, () => performance.now());
report('fresh runtime', () => {
  const fresh = quickJs.newRuntime();
  const context = fresh.newContext();
  runDirectly(context);
  context.dispose();
  fresh.dispose();
});
report('fresh context', () => {
  const context = runtime.newContext();
  runDirectly(context);
  context.dispose();
});
report('memory put back, with world and driver', () => {
  engine.run({ kind: 'checks', source, checks });
});

async function rate(title: string, run: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await Promise.all(Array.from({ length: programs }, run));
  const seconds = (performance.now() - start) / 1000;
  const { rss } = process.memoryUsage();
  console.log(
    `${title}: ${Math.round(programs / seconds)} programs per second on ${threads} threads, ${Math.round(rss / 2 ** 20)} MiB`,
  );
}

function runDirectly(context: QuickJSContext): void {
  context.evalCode('globalThis.assertEqual = (a, b) => { if (a !== b) throw new Error("differ"); }').dispose();
  for (const code of [source, ...checks]) context.evalCode(code, 'program.js', { type: 'global' }).dispose();
}

function report(title: string, run: () => void): void {
  const start = performance.now();
  for (let i = 0; i < 500; i++) run();
  console.log(`${title}: ${((performance.now() - start) / 500).toFixed(2)} ms per program`);
}
