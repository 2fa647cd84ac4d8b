import { EnvironmentError } from '../core/errors.ts';
import type { Device } from './devices.ts';
import { type GradientSession, gradientName, lossOf, requireGradients } from './gradient-session.ts';
import { Graph } from './graph.ts';
import { add } from './operators/arithmetic.ts';
import { type Arrays, gradientNotFinite, type OptimizerState, requireState, zerosLike } from './optimizer.ts';
import { adamWGraph, type Role, roleName, roles, stepScalars } from './optimizer-graph.ts';
import { download, type Shapes, upload } from './resident-arrays.ts';
import { disposeTensors, feedTensor, type RuntimeSession, startSession, type Tensors } from './runtime-session.ts';
import type { Feeds } from './session.ts';
import { noGradients, type Trainer, type TrainerOptions } from './trainer.ts';

/**
 * A trainer whose weights, gradients and moments stay in the device's memory. An update's results are new tensors, and
 * the old ones are given back only when its norm is finite, so an update that fails changes nothing.
 */
export class ResidentTrainer implements Trainer {
  readonly #parameters: Arrays;
  readonly #options: TrainerOptions;
  readonly #device: Device;
  readonly #names: readonly string[];
  readonly #start: OptimizerState;
  #steps: number;
  /** Parameters and frozen weights, uploaded when a session first reads them. */
  #held: Tensors = {};
  #moments: { readonly mean: Tensors; readonly square: Tensors } | undefined;
  #waiting: Tensors | undefined;
  #optimizer: RuntimeSession<string> | undefined;
  #adder: RuntimeSession<string> | undefined;
  #disposed = false;

  constructor(parameters: Arrays, options: TrainerOptions, device: Device, from?: OptimizerState) {
    this.#parameters = parameters;
    this.#options = options;
    this.#device = device;
    this.#names = Object.keys(parameters);
    if (from) requireState(from, parameters);
    this.#start = from ?? { steps: 0, means: zerosLike(parameters), squares: zerosLike(parameters) };
    this.#steps = this.#start.steps;
  }

  get steps(): number {
    return this.#steps;
  }

  async accumulate(session: GradientSession, feeds: Feeds): Promise<number> {
    this.#requireOpen();
    requireGradients(session, this.#names, this.#device);
    const results = await this.#run(session.runtime, feeds, session.parameters);
    if (session.parameters.size > 0) await this.#wait(pick(results, this.#names, gradientName));
    return lossOf(results);
  }

  async read(session: RuntimeSession<string>, feeds: Feeds): Promise<Arrays> {
    this.#requireOpen();
    const results = await this.#run(session, feeds);
    return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
  }

  async update(learningRate: number): Promise<number> {
    this.#requireOpen();
    const gradient = this.#waiting;
    if (!gradient) throw noGradients();
    const shapes = shapesOf(gradient);
    this.#moments ??= {
      mean: await upload(this.#start.means, shapes, { device: this.#device }),
      square: await upload(this.#start.squares, shapes, { device: this.#device }),
    };
    this.#optimizer ??= await startOptimizer(shapes, this.#options, this.#device);
    const kept = { weight: pick(this.#held, this.#names), ...this.#moments, gradient };
    const scalars = stepScalars(this.#steps + 1, learningRate, this.#options);
    const { norm, ...changed } = await this.#optimizer.run(this.#optimizerFeeds(kept, scalars));
    const value = Number(norm?.data[0]);
    if (!Number.isFinite(value)) {
      disposeTensors(changed);
      throw gradientNotFinite(value);
    }
    for (const old of Object.values(kept)) disposeTensors(old);
    this.#held = { ...this.#held, ...pick(changed, this.#names, (name) => roleName('weight', name)) };
    const moment = (role: 'mean' | 'square') => pick(changed, this.#names, (name) => roleName(role, name));
    this.#moments = { mean: moment('mean'), square: moment('square') };
    this.#waiting = undefined;
    this.#steps++;
    return value;
  }

  async gradients(): Promise<Arrays> {
    return this.#waiting ? this.#copy(this.#waiting) : {};
  }

  async weights(): Promise<Arrays> {
    this.#requireOpen();
    const held = this.#names.filter((name) => this.#held[name]);
    await download(pick(this.#held, held), this.#parameters, { device: this.#device });
    return this.#parameters;
  }

  async state(): Promise<OptimizerState> {
    this.#requireOpen();
    if (!this.#moments) return structuredClone(this.#start);
    const { mean, square } = this.#moments;
    return { steps: this.#steps, means: await this.#copy(mean), squares: await this.#copy(square) };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const tensors of [this.#held, this.#moments?.mean, this.#moments?.square, this.#waiting]) {
      disposeTensors(tensors ?? {});
    }
    this.#held = {};
    this.#moments = undefined;
    this.#waiting = undefined;
    await this.#optimizer?.dispose();
    await this.#adder?.dispose();
  }

  #requireOpen(): void {
    if (!this.#disposed) return;
    const message = 'Expected the trainer to be in use, got one that has been disposed. Create another.';
    throw new EnvironmentError('run-failed', message);
  }

  async #run(session: RuntimeSession<string>, feeds: Feeds, parameters: Shapes = new Map()): Promise<Tensors> {
    await this.#hold(session, parameters);
    const inputs = session.inputs.map((input) => {
      return [input.name, this.#held[input.name] ?? feedTensor(input, feeds[input.name])] as const;
    });
    return session.run(Object.fromEntries(inputs));
  }

  /** Uploads what a session reads, or differentiates by, and the device does not hold yet. */
  async #hold(session: RuntimeSession<string>, parameters: Shapes): Promise<void> {
    const arrays = { ...this.#options.frozen, ...this.#parameters };
    const read = session.inputs.map(({ name, shape }) => [name, shape] as const);
    const missing = new Map([...read, ...parameters].filter(([name]) => arrays[name] && !this.#held[name]));
    if (missing.size === 0) return;
    this.#held = { ...this.#held, ...(await upload(arrays, missing, { device: this.#device })) };
  }

  /** Adds gradients to those waiting. */
  async #wait(gradients: Tensors): Promise<void> {
    const waiting = this.#waiting;
    if (!waiting) {
      this.#waiting = gradients;
      return;
    }
    this.#adder ??= await startAdder(shapesOf(gradients), this.#device);
    const terms = { ...renamed(waiting, 'a'), ...renamed(gradients, 'b') };
    this.#waiting = await this.#adder.run(terms);
    disposeTensors(terms);
  }

  #optimizerFeeds(kept: Readonly<Record<Role, Tensors>>, scalars: Arrays): Tensors {
    const tensors = roles.flatMap((role) => {
      return this.#names.map((name) => [roleName(role, name), kept[role][name] as Tensors[string]] as const);
    });
    const inputs = this.#optimizer?.inputs.filter(({ name }) => scalars[name]) ?? [];
    const small = inputs.map((input) => [input.name, feedTensor(input, scalars[input.name])] as const);
    return Object.fromEntries([...tensors, ...small]);
  }

  async #copy(tensors: Tensors): Promise<Arrays> {
    const arrays = Object.fromEntries(
      Object.entries(tensors).map(([name, { size }]) => [name, new Float32Array(size)]),
    );
    await download(tensors, arrays, { device: this.#device });
    return arrays;
  }
}

function startOptimizer(shapes: Shapes, options: TrainerOptions, device: Device): Promise<RuntimeSession<string>> {
  const { graph, outputs } = adamWGraph(shapes, options);
  const resident = Object.keys(outputs).filter((name) => name !== 'norm');
  return startSession<string>(graph, outputs, { device }, resident);
}

function startAdder(shapes: Shapes, device: Device): Promise<RuntimeSession<string>> {
  const graph = new Graph();
  const sums = [...shapes].map(([name, shape]) => {
    return [name, add(graph.input(`a:${name}`, shape), graph.input(`b:${name}`, shape))] as const;
  });
  return startSession<string>(graph, Object.fromEntries(sums), { device }, [...shapes.keys()]);
}

function shapesOf(tensors: Tensors): Shapes {
  return new Map(Object.entries(tensors).map(([name, { dims }]) => [name, dims]));
}

function pick(tensors: Tensors, names: readonly string[], named = (name: string) => name): Tensors {
  return Object.fromEntries(names.map((name) => [name, tensors[named(name)] as Tensors[string]]));
}

function renamed(tensors: Tensors, prefix: string): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}:${name}`, tensor]));
}
