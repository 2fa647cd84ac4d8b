/**
 * One AdamW step of the reference transformer (4 layers, width 128, 4 heads, vocabulary 512, 16 × 128 tokens) on every
 * device present, and the share of it spent moving weights: with weights fed and gradients returned at each step, and
 * as trainings do it (on WebGPU both stay on the device). Devices that are absent are named with the reason.
 * `node bench/devices.ts [threads=2] [steps=10]`; best on a quiet machine.
 */
import { createTrainer } from '../src/graph/create-trainer.ts';
import { type Device, deviceProblem, devices } from '../src/graph/devices.ts';
import { createGradientSession } from '../src/graph/gradient-session.ts';
import { Graph } from '../src/graph/graph.ts';
import { createAdamW } from '../src/graph/optimizer.ts';
import { createSession } from '../src/graph/session.ts';
import { referenceTransformer } from './reference-transformer.ts';

const threads = Number(process.argv[2] ?? 2);
const steps = Number(process.argv[3] ?? 10);
const size = { layers: 4, width: 128, heads: 4, vocabulary: 512, batch: 16, length: 128 };

interface Timed {
  readonly milliseconds: number;
  readonly losses: readonly number[];
}

for (const device of devices) {
  const problem = await deviceProblem(device);
  if (problem === undefined) await report(device);
  else console.log(`${device.padEnd(7)} absent: ${problem}`);
}

async function report(device: Device): Promise<void> {
  const moving = await moveWeights(device);
  const [fed, trained] = [await fedSteps(device), await trainerSteps(device)];
  const inStep = device === 'webgpu' ? 0 : moving;
  console.log(`${device.padEnd(7)} weights fed, gradients back ${row(fed, moving)}`);
  console.log(`${' '.repeat(7)} as trainings do it          ${row(trained, inStep)}`);
}

function row({ milliseconds, losses }: Timed, moving: number): string {
  const share = `moving weights ${moving.toFixed(1)} ms, ${((100 * moving) / milliseconds).toFixed(1)} %`;
  return `${milliseconds.toFixed(1).padStart(8)} ms per step; ${share}; loss ${losses.at(0)?.toFixed(6)} … ${losses.at(-1)?.toFixed(6)}`;
}

/** Milliseconds to bring all weights to a graph and as many values back: a step's traffic without its work. */
async function moveWeights(device: Device): Promise<number> {
  const { graph, weights } = referenceTransformer(size);
  const carrier = new Graph();
  const values = Object.fromEntries(graph.parameters.map(({ name, shape }) => [name, carrier.input(name, shape)]));
  const session = await createSession<string>(carrier, values, { device, threads });
  const into = Object.fromEntries(
    Object.entries(weights).map(([name, { length }]) => [name, new Float32Array(length)]),
  );
  const { milliseconds } = await timed(async () => (await session.run(weights, into)) && 0);
  await session.dispose();
  return milliseconds;
}

async function fedSteps(device: Device): Promise<Timed> {
  const { graph, loss, gradients, weights, feeds } = referenceTransformer(size);
  const session = await createSession<string>(graph, { loss, ...gradients }, { device, threads });
  const optimizer = createAdamW(weights, { maxNorm: 1 });
  const result = await timed(async () => {
    const results = await session.run({ ...optimizer.parameters, ...feeds }, optimizer.gradients);
    optimizer.step(1e-3);
    return results.loss?.[0] as number;
  });
  await session.dispose();
  return result;
}

async function trainerSteps(device: Device): Promise<Timed> {
  const { graph, loss, gradients, weights, feeds } = referenceTransformer(size);
  const session = await createGradientSession(graph, loss, gradients, { device, threads });
  const trainer = await createTrainer(weights, { maxNorm: 1 }, device);
  const result = await timed(async () => {
    const value = await trainer.accumulate(session, feeds);
    await trainer.update(1e-3);
    return value;
  });
  await trainer.dispose();
  await session.dispose();
  return result;
}

/** The median step after two that warm up. */
async function timed(step: () => Promise<number>): Promise<Timed> {
  const [times, losses]: [number[], number[]] = [[], []];
  for (let i = -2; i < steps; i++) {
    const start = performance.now();
    losses.push(await step());
    if (i >= 0) times.push(performance.now() - start);
  }
  return { milliseconds: times.sort((a, b) => a - b)[Math.floor(steps / 2)] as number, losses };
}
