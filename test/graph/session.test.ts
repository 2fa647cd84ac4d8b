import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { add, gather, mul, reduceSum, where } from '../../src/graph/operators.ts';
import { createSession } from '../../src/graph/session.ts';
import { describeDevices } from './present-devices.ts';

function affine() {
  const graph = new Graph();
  const x = graph.input('x', [2, 3]);
  const w = graph.parameter('w', [3]);
  return { graph, x, w, y: add(mul(x, w), 1) };
}

const feeds = { x: Float32Array.of(1, 2, 3, 4, 5, 6), w: Float32Array.of(1, 0, -1) };

describeDevices((device) => {
  test('outputs come by the names the caller gave them', async () => {
    const { graph, y } = affine();
    const session = await createSession(graph, { y, total: reduceSum(y) }, { device });
    const results = await session.run(feeds);
    expect([...results.y]).toEqual([2, 1, -2, 5, 1, -5]);
    expect([...results.total]).toEqual([2]);
    await session.dispose();
  });

  test('feeds are read in place: a change shows in the next run', async () => {
    const { graph, y } = affine();
    const session = await createSession(graph, { y }, { device });
    const w = Float32Array.from(feeds.w);
    await session.run({ ...feeds, w });
    w.fill(0);
    expect([...(await session.run({ ...feeds, w })).y]).toEqual([1, 1, 1, 1, 1, 1]);
    await session.dispose();
  });

  test('an output goes into the array given for it', async () => {
    const { graph, y } = affine();
    const session = await createSession(graph, { y }, { device });
    const into = new Float32Array(6);
    const results = await session.run(feeds, { y: into });
    expect([...into]).toEqual([2, 1, -2, 5, 1, -5]);
    expect(results.y.buffer).toBe(into.buffer);
    await session.dispose();
  });

  test('only inputs that the outputs depend on are needed', async () => {
    const { graph, x } = affine();
    const session = await createSession(graph, { twice: add(x, x) }, { device });
    expect(session.inputs.map(({ name }) => name)).toEqual(['x']);
    expect([...(await session.run({ x: feeds.x })).twice]).toEqual([2, 4, 6, 8, 10, 12]);
    await session.dispose();
  });

  test('an output may be an input, a constant, or the same value as another output', async () => {
    const { graph, x, y } = affine();
    const session = await createSession(graph, { x, three: graph.scalar(3), y, again: y }, { device });
    const results = await session.run(feeds);
    expect(results.x).toEqual(feeds.x);
    expect([...results.three]).toEqual([3]);
    expect(results.again).toEqual(results.y);
    await session.dispose();
  });

  test('int32, int64 and bool are fed as their arrays', async () => {
    const graph = new Graph();
    const table = graph.constant([10, 20, 30], [3]);
    const [short, long] = [graph.input('short', [2], 'int32'), graph.input('long', [2], 'int64')];
    const picked = where(graph.input('which', [2], 'bool'), gather(table, short), gather(table, long));
    const session = await createSession(graph, { picked }, { device });
    const results = await session.run({
      short: Int32Array.of(0, 1),
      long: BigInt64Array.of(2n, 2n),
      which: Uint8Array.of(1, 0),
    });
    expect([...results.picked]).toEqual([10, 30]);
    await session.dispose();
  });

  test('a wrong feed is named with what was wanted', async () => {
    const { graph, y } = affine();
    const session = await createSession(graph, { y }, { device });
    await expect(session.run({ x: feeds.x })).rejects.toThrow(
      /feed "w" to be Float32Array of length 3, shape \(3\), got "nothing"/,
    );
    await expect(session.run({ ...feeds, w: new Float32Array(2) })).rejects.toThrow(/Float32Array of length 2/);
    await expect(session.run({ ...feeds, w: new Int32Array(3) })).rejects.toMatchObject({ code: 'wrong-feed' });
    await session.dispose();
  });

  test('runs started together queue: each gets the results of its own feeds', async () => {
    const { graph, y } = affine();
    const session = await createSession(graph, { y }, { device });
    const scales = Array.from({ length: 20 }, (_, i) => i);
    const runs = scales.map((scale) => session.run({ ...feeds, w: Float32Array.of(scale, 0, 0) }));
    const results = await Promise.all(runs);
    results.forEach(({ y }, scale) => {
      expect([...y]).toEqual([scale + 1, 1, 1, 4 * scale + 1, 1, 1]);
    });
    await session.dispose();
  });

  test('a run after dispose fails clearly, one before it is finished, and dispose may be called again', async () => {
    const { graph, y } = affine();
    const session = await createSession(graph, { y }, { device });
    const before = session.run(feeds);
    const [first, second] = [session.dispose(), session.dispose()];
    await expect(session.run(feeds)).rejects.toThrow(/graph to run, got: the session has been disposed/);
    expect([...(await before).y]).toEqual([2, 1, -2, 5, 1, -5]);
    await Promise.all([first, second]);
    await session.dispose();
  });
});

// WebGPU reads zeros there: its shaders cannot fail.
test('on CPU, indices out of range fail when run, and the session still works', async () => {
  const graph = new Graph();
  const row = gather(graph.constant([1, 2], [2]), graph.input('index', [1], 'int32'));
  const session = await createSession(graph, { row });
  await expect(session.run({ index: Int32Array.of(2) })).rejects.toMatchObject({ code: 'run-failed' });
  expect([...(await session.run({ index: Int32Array.of(1) })).row]).toEqual([2]);
  await session.dispose();
});

test('what the runtime refuses becomes one clear error', async () => {
  const graph = new Graph();
  const value: Value = graph.emit({ operator: 'NoSuchOperator', inputs: [graph.scalar(1)] }, []);
  await expect(createSession(graph, { value })).rejects.toMatchObject({ code: 'session-failed' });
});

test('a profile is written when asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-test-'));
  const { graph, y } = affine();
  const session = await createSession(graph, { y }, { profilePrefix: join(folder, 'profile') });
  await session.run(feeds);
  await session.dispose();
  expect(readdirSync(folder).filter((name) => name.startsWith('profile'))).toHaveLength(1);
  rmSync(folder, { recursive: true });
});
