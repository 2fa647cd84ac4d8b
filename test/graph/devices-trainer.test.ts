import { expect, test } from 'vitest';
import { createTrainer } from '../../src/graph/create-trainer.ts';
import type { Device } from '../../src/graph/devices.ts';
import { createGradientSession } from '../../src/graph/gradient-session.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { add, gather, gelu, linear, mul, reduceMean, sub } from '../../src/graph/operators.ts';
import { type Arrays, createAdamW, type OptimizerState } from '../../src/graph/optimizer.ts';
import { startSession } from '../../src/graph/runtime-session.ts';
import { createSession } from '../../src/graph/session.ts';
import type { TrainerOptions } from '../../src/graph/trainer.ts';
import { describeDevices, tolerances } from './present-devices.ts';

const shapes = { embedding: [5, 4], weight: [4, 2], bias: [2], unused: [3] } as const;
const options: TrainerOptions = { weightDecay: 0.1, maxNorm: 0.5, decays: (name) => name !== 'bias' };

/** Squared error of a small network; `shift` is frozen and `unused` gets no gradient. */
function network() {
  const graph = new Graph();
  const parameters = Object.entries(shapes).map(([name, shape]) => graph.parameter(name, shape));
  const [embedding, weight, bias] = parameters as [Value, Value, Value];
  const hidden = gelu(gather(embedding, graph.input('ids', [6], 'int32')));
  const error = sub(add(linear(hidden, weight, bias), graph.input('shift', [2])), graph.input('targets', [6, 2]));
  const loss = reduceMean(mul(error, error));
  const flows = gradients(loss, parameters);
  return { graph, loss, flows: Object.fromEntries(parameters.map(({ name }, i) => [name, flows[i] as Value])) };
}

const wave = (length: number, phase: number) => Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + phase));
const initial = () => ({ embedding: wave(20, 1), weight: wave(8, 2), bias: wave(2, 3), unused: wave(3, 4) });
const batch = (k: number) => ({ ids: Int32Array.of(0, 1, 1, 1, 3, k % 5), targets: wave(12, k) });
const broken = { ids: new Int32Array(6), targets: new Float32Array(12).fill(Number.NaN) };

async function training(device: Device, parameters: Arrays = initial(), from?: OptimizerState) {
  const { graph, loss, flows } = network();
  const session = await createGradientSession(graph, loss, flows, { device });
  const trainer = await createTrainer(parameters, { ...options, frozen: { shift: wave(2, 9) } }, device, from);
  const dispose = async () => {
    await trainer.dispose();
    await session.dispose();
  };
  const step = async (k: number) => [await trainer.accumulate(session, batch(k)), await trainer.update(0.02)];
  return { session, trainer, step, dispose, graph, loss, flows };
}

/** Every number that five steps give when a plain session computes them and the host's AdamW updates. */
async function byHand(): Promise<number[]> {
  const { graph, loss, flows } = network();
  const session = await createSession<string>(graph, { loss, ...flows });
  const optimizer = createAdamW(initial(), options);
  const { parameters } = optimizer;
  const numbers: number[] = [];
  for (let k = 0; k < 5; k++) {
    const results = await session.run({ ...parameters, ...batch(k), shift: wave(2, 9) });
    for (const [name, array] of Object.entries(optimizer.gradients)) array.set(results[name] as Float32Array);
    numbers.push(results.loss?.[0] as number, optimizer.step(0.02));
  }
  await session.dispose();
  return [...numbers, ...flat(parameters)];
}

const copies = (arrays: Arrays) => Object.fromEntries(Object.entries(arrays).map(([name, a]) => [name, a.slice()]));
const flat = (arrays: Arrays) => Object.values(arrays).flatMap((array) => [...array]);

describeDevices((device) => {
  const close = (actual: readonly number[], expected: readonly number[]) => {
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number))).toBeLessThan(5 * tolerances[device]);
    });
  };

  test('five steps give the losses, norms and weights of the host optimizer', async () => {
    const { trainer, step, dispose } = await training(device);
    const numbers: number[] = [];
    for (let k = 0; k < 5; k++) numbers.push(...(await step(k)));
    close([...numbers, ...flat(await trainer.weights())], await byHand());
    expect(trainer.steps).toBe(5);
    await dispose();
  });

  test('gradients of several batches add up, and are gone after the update', async () => {
    const { session, trainer, dispose } = await training(device);
    const alone: number[][] = [];
    for (const k of [1, 2, 3]) {
      const single = await training(device);
      await single.trainer.accumulate(single.session, batch(k));
      alone.push(flat(await single.trainer.gradients()));
      await single.dispose();
      await trainer.accumulate(session, batch(k));
    }
    const [a, b, c] = alone as [number[], number[], number[]];
    const together = flat(await trainer.gradients());
    close(
      together,
      a.map((value, i) => value + (b[i] as number) + (c[i] as number)),
    );
    await trainer.update(0.1);
    expect(await trainer.gradients()).toEqual({});
    await expect(trainer.update(0.1)).rejects.toMatchObject({ code: 'no-gradients' });
    await dispose();
  });

  test('a session without gradients gives the loss at the present weights and leaves all as it is', async () => {
    const { session, trainer, step, dispose, graph, loss } = await training(device);
    const judge = await createGradientSession(graph, loss, {}, { device });
    const before = await trainer.accumulate(judge, batch(4));
    await step(4);
    const after = await trainer.accumulate(judge, batch(4));
    expect(after).toBeLessThan(before);
    close([after], [await trainer.accumulate(session, batch(4))]);
    await judge.dispose();
    await dispose();
  });

  test('a forward pass reads the present weights and leaves waiting gradients as they are', async () => {
    const { session, trainer, step, dispose } = await training(device);
    const graph = new Graph();
    const [weight, bias] = [graph.parameter('weight', shapes.weight), graph.parameter('bias', shapes.bias)];
    const output = add(linear(graph.input('rows', [3, 4]), weight, bias), graph.input('shift', [2]));
    const forward = await startSession<string>(graph, { output }, { device });
    const rows = wave(12, 5);
    const wanted = ({ weight: w, bias: b }: Arrays) =>
      Array.from({ length: 6 }, (_, cell) => {
        const [row, column] = [Math.floor(cell / 2), cell % 2];
        const products = [0, 1, 2, 3].map((j) => (rows[4 * row + j] as number) * (w?.[2 * j + column] as number));
        return products.reduce(
          (sum, product) => sum + product,
          (b?.[column] as number) + (wave(2, 9)[column] as number),
        );
      });
    const read = async () => [...((await trainer.read(forward, { rows })).output as Float32Array)];
    close(await read(), wanted(initial()));
    await step(0);
    await trainer.accumulate(session, batch(1));
    const gradients = flat(await trainer.gradients());
    close(await read(), wanted(await trainer.weights()));
    expect(flat(await trainer.gradients())).toEqual(gradients);
    await expect(trainer.read(forward, {})).rejects.toMatchObject({ code: 'wrong-feed' });
    await forward.dispose();
    await dispose();
  });

  test('a training resumed from weights and state goes on bit-identically', async () => {
    const whole = await training(device);
    for (const k of [0, 1, 2]) await whole.step(k);
    const [weights, state] = [copies(await whole.trainer.weights()), await whole.trainer.state()];
    const resumed = await training(device, weights, state);
    for (const k of [3, 4]) expect(await resumed.step(k)).toEqual(await whole.step(k));
    expect(await resumed.trainer.weights()).toEqual(await whole.trainer.weights());
    expect(await resumed.trainer.state()).toEqual(await whole.trainer.state());
    expect(resumed.trainer.steps).toBe(5);
    await whole.dispose();
    await resumed.dispose();
  });

  test('gradients that are not finite change nothing, are reported and can be looked at', async () => {
    const { session, trainer, step, dispose } = await training(device);
    await step(0);
    const [weights, state] = [copies(await trainer.weights()), await trainer.state()];
    expect(await trainer.accumulate(session, broken)).toBeNaN();
    await expect(trainer.update(0.1)).rejects.toMatchObject({ code: 'gradient-not-finite' });
    expect((await trainer.gradients()).bias?.[0]).toBeNaN();
    expect(await trainer.weights()).toEqual(weights);
    expect(await trainer.state()).toEqual(state);
    await dispose();
  });

  test('a session of other gradients or another device, a wrong state and a missing feed are refused', async () => {
    const { session, trainer, dispose, graph, loss, flows } = await training(device);
    const other = await createGradientSession(graph, loss, { bias: flows.bias as Value }, { device });
    await expect(trainer.accumulate(other, batch(0))).rejects.toMatchObject({ code: 'wrong-gradients' });
    await expect(trainer.accumulate({ ...session, device: 'abacus' as Device }, batch(0))).rejects.toMatchObject({
      code: 'wrong-gradients',
    });
    await expect(trainer.accumulate(session, { ids: batch(0).ids })).rejects.toMatchObject({ code: 'wrong-feed' });
    const state = { steps: 1, means: {}, squares: {} };
    await expect(createTrainer(initial(), {}, device, state)).rejects.toMatchObject({ code: 'wrong-optimizer-state' });
    await other.dispose();
    await dispose();
  });

  test('disposing twice, in any order, is harmless', async () => {
    const { session, trainer, step } = await training(device);
    await step(0);
    await trainer.accumulate(session, batch(1));
    await session.dispose();
    await trainer.dispose();
    await trainer.dispose();
    await session.dispose();
    await expect(trainer.accumulate(session, batch(0))).rejects.toMatchObject({ code: 'run-failed' });
  });
});
