import { Tensor } from 'onnxruntime-node';
import type { Device } from './devices.ts';
import { type GradientSession, gradientName, lossOf, requireGradients } from './gradient-session.ts';
import { type Arrays, createAdamW, type OptimizerState, zerosLike } from './optimizer.ts';
import { feedTensor, type RuntimeSession, type Tensors } from './runtime-session.ts';
import type { Feeds } from './session.ts';
import { noGradients, type Trainer, type TrainerOptions } from './trainer.ts';

/**
 * A trainer that optimizes on the host, over arrays that sessions read and write in place. `parameters` start it and are
 * brought up to date by `weights`.
 */
export function createHostTrainer(
  parameters: Arrays,
  { frozen = {}, ...options }: TrainerOptions,
  device: Device,
  from?: OptimizerState,
): Trainer {
  const optimizer = createAdamW(parameters, options, from);
  const names = Object.keys(parameters);
  let part: Arrays | undefined;
  let waiting = false;
  return {
    get steps() {
      return optimizer.steps;
    },
    async accumulate(session, feeds) {
      requireGradients(session, names, device);
      const adds = waiting && session.parameters.size > 0;
      if (adds) part ??= zerosLike(parameters);
      const into = adds && part ? part : optimizer.gradients;
      const loss = await run(session, { ...feeds, ...frozen, ...optimizer.parameters }, into);
      if (adds)
        for (const name of names) addInto(optimizer.gradients[name] as Float32Array, into[name] as Float32Array);
      waiting ||= session.parameters.size > 0;
      return loss;
    },
    async read(session, feeds) {
      const tensors = await session.run(tensorsOf(session, { ...feeds, ...frozen, ...optimizer.parameters }));
      return Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array]));
    },
    async update(learningRate) {
      if (!waiting) throw noGradients();
      const norm = optimizer.step(learningRate);
      waiting = false;
      return norm;
    },
    gradients: async () => (waiting ? optimizer.gradients : {}),
    weights: async () => {
      for (const name of names) parameters[name]?.set(optimizer.parameters[name] as Float32Array);
      return parameters;
    },
    state: async () => optimizer.state(),
    dispose: async () => {},
  };
}

async function run({ runtime, parameters }: GradientSession, feeds: Feeds, into: Arrays): Promise<number> {
  const targets = [...parameters].map(([name, shape]) => {
    return [gradientName(name), new Tensor('float32', into[name] as Float32Array, shape)] as const;
  });
  return lossOf(await runtime.run(tensorsOf(runtime, feeds), Object.fromEntries(targets)));
}

function tensorsOf({ inputs }: RuntimeSession<string>, feeds: Feeds): Tensors {
  return Object.fromEntries(inputs.map((input) => [input.name, feedTensor(input, feeds[input.name])]));
}

function addInto(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (part[i] as number);
}
