import { expect, test } from 'vitest';
import { createTrainer } from '../../src/graph/create-trainer.ts';
import type { Device } from '../../src/graph/devices.ts';
import { createGradientSession } from '../../src/graph/gradient-session.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { matmul, mul, reduceSum } from '../../src/graph/operators.ts';
import { createSession } from '../../src/graph/session.ts';
import { describeDevices } from './present-devices.ts';

const size = 64;
const mebibyte = 2 ** 20;

describeDevices((device) => {
  test('thousands of sessions, created, run and disposed, leave memory as it was', async () => {
    expect(await growth(() => useSession(device), device === 'cpu' ? 4000 : 2000)).toBeLessThan(32 * mebibyte);
  });

  test('hundreds of trainings, stepped, read and disposed, leave memory as it was', async () => {
    expect(await growth(() => useTrainer(device), 400)).toBeLessThan(32 * mebibyte);
  });

  test('a training of thousands of steps leaves memory as it was', async () => {
    const { session, w } = await build(device);
    const trainer = await createTrainer({ w }, {}, device);
    const step = async () => {
      await trainer.accumulate(session, { x: new Float32Array(size * size).fill(0.1) });
      await trainer.accumulate(session, { x: new Float32Array(size * size).fill(0.2) });
      await trainer.update(1e-3);
    };
    expect(await growth(step, 2000)).toBeLessThan(32 * mebibyte);
    await trainer.dispose();
    await session.dispose();
  });
});

/** Bytes of resident memory that the second half of `count` repeats added to what the first half had left. */
async function growth(use: () => Promise<void>, count: number): Promise<number> {
  for (let i = 0; i < count / 2; i++) await use();
  const before = process.memoryUsage.rss();
  for (let i = 0; i < count / 2; i++) await use();
  return process.memoryUsage.rss() - before;
}

async function build(device: Device) {
  const graph = new Graph();
  const [x, w] = [graph.input('x', [size, size]), graph.parameter('w', [size, size])];
  const y = matmul(x, w);
  const loss = reduceSum(mul(y, y));
  const [flow] = gradients(loss, [w]) as [Value];
  const session = await createGradientSession(graph, loss, { w: flow }, { device });
  return { session, w: new Float32Array(size * size).fill(0.01) };
}

async function useSession(device: Device): Promise<void> {
  const graph = new Graph();
  const x = graph.input('x', [size, size]);
  const session = await createSession(graph, { y: matmul(x, x) }, { device });
  await session.run({ x: new Float32Array(size * size).fill(0.5) });
  await session.dispose();
}

async function useTrainer(device: Device): Promise<void> {
  const { session, w } = await build(device);
  const trainer = await createTrainer({ w }, {}, device);
  await trainer.accumulate(session, { x: new Float32Array(size * size).fill(0.1) });
  await trainer.update(1e-3);
  await trainer.weights();
  await trainer.dispose();
  await session.dispose();
}
