import { expect, it } from 'vitest';
import { createRng } from '../../src/core/random.ts';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { hostilePrograms } from './hostile-programs.ts';

const MIB = 2 ** 20;

/** A program of one of many kinds, one in a hundred hostile; good ones keep up to 2 MB alive. */
function randomProgram(seed: number): string {
  const rng = createRng(seed, 'flat-memory');
  if (rng.chance(0.01)) return rng.choice(Object.values(hostilePrograms)).source;
  const size = rng.integer(1, 20_000);
  return rng.choice([
    `const kept = new Array(${size}).fill(0).map((_, i) => ({ i })); function f(n) { return kept.length + n; }`,
    `const kept = new Map(); function f(n) { for (let i = 0; i < ${size % 3000}; i++) kept.set('key' + i, [i]); return n; }`,
    `function f(n) { return ${JSON.stringify('text'.repeat(size % 500))}.split('').map((c) => c + n).join('').length; }`,
    `const o = {}; for (let i = 0; i < ${size % 3000}; i++) o['name' + i] = () => i; function f(n) { return Object.keys(o).length * n; }`,
    `globalThis['g${size}'] = /a+(b|c)*${size}/; function f(n) { return [n, g${size}.test('x'.repeat(n))]; }`,
    `function f(n) { throw new Error('no ' + n + ' ${size}'); }`,
    `const f = (n) => ({ deep: { list: Array.from({ length: ${size % 500} }, (_, i) => 'x' + i + n) } });`,
  ]);
}

it('10,000 programs in a row leave memory flat', async () => {
  const sandbox = createSandbox({ threads: 2, limits: { milliseconds: 50 } });
  const run = async (from: number, to: number) => {
    for (let start = from; start < to; start += 100) {
      const seeds = Array.from({ length: 100 }, (_, i) => start + i);
      await Promise.all(
        seeds.map((seed) => sandbox.runCalls({ source: randomProgram(seed), entry: 'f', calls: [[1], [2], [3]] })),
      );
    }
    // Resident memory of the process holds its threads and their WebAssembly memory.
    return process.memoryUsage().rss;
  };
  // Warm-up: until then the threads meet their first greedy programs and the heaps of JavaScript find their size.
  const before = await run(0, 4000);
  const readings: number[] = [];
  for (let k = 2; k < 7; k++) readings.push(await run(2000 * k, 2000 * (k + 1)));
  await sandbox.close();
  // JavaScript's heaps breathe by some 40 MiB; one context that stayed behind per program would be 1,600 MiB.
  expect(Math.max(...readings) - before).toBeLessThan(64 * MIB);
});
