import type { Tensor } from 'onnxruntime-node';
import type { Device } from './devices.ts';
import { Graph } from './graph.ts';
import type { Arrays } from './optimizer.ts';
import { feedTensor, type SessionOptions, startSession, type Tensors } from './runtime-session.ts';

/**
 * Whether outputs can stay in the device's memory and feed the next run. ONNX Runtime's Node package does this for
 * WebGPU alone. Such a tensor must be disposed by hand, and its `getData` would end the process: `download` it.
 */
export function keepsOutputs(device: Device): boolean {
  return device === 'webgpu';
}

/** Shapes by name. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

/**
 * The arrays with these shapes as tensors in the device's memory, until `disposeTensors` gives it back.
 * @throws UserError (`wrong-feed`) when an array is absent or its length is not the shape's.
 */
export async function upload(arrays: Arrays, shapes: Shapes, options: SessionOptions): Promise<Tensors> {
  const { graph, values } = identity(shapes);
  const feeds = values.map((value) => [value.name, feedTensor(value, arrays[value.name])]);
  const session = await startSession<string>(graph, outputsOf(values), options, [...shapes.keys()]);
  try {
    return await session.run(Object.fromEntries(feeds));
  } finally {
    await session.dispose();
  }
}

/** Writes the values of tensors in the device's memory into the arrays of their names. */
export async function download(tensors: Tensors, into: Arrays, options: SessionOptions): Promise<void> {
  const { graph, values } = identity(new Map(Object.entries(tensors).map(([name, { dims }]) => [name, dims])));
  const session = await startSession<string>(graph, outputsOf(values), options);
  try {
    const results = await session.run(tensors);
    for (const { name } of values) into[name]?.set((results[name] as Tensor).data as Float32Array);
  } finally {
    await session.dispose();
  }
}

function identity(shapes: Shapes) {
  const graph = new Graph();
  return { graph, values: [...shapes].map(([name, shape]) => graph.input(name, shape)) };
}

function outputsOf(values: ReturnType<typeof identity>['values']) {
  return Object.fromEntries(values.map((value) => [value.name, value]));
}
