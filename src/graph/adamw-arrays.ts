import { adamwKernel } from './adamw-kernel.ts';

/** What AdamW holds of one parameter: views of one WebAssembly memory, zero at first except the weight. */
export interface Slot {
  readonly name: string;
  readonly weight: Float32Array;
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
  /** Sum of the gradient's squares. */
  squares(): number;
  /** The update of the module's text: g = scale · gradient and so on. */
  update(rates: Rates): void;
}

/** The factors of one update; see `adamw-kernel.wat`. */
export interface Rates {
  readonly scale: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly size: number;
  readonly correction: number;
  readonly epsilon: number;
  readonly keep: number;
}

interface Kernel {
  squares(at: number, count: number): number;
  update(weight: number, mean: number, square: number, gradient: number, count: number, ...factors: number[]): void;
}

/** The part of the platform's WebAssembly used here, which the compiler's library leaves to browsers' types. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Parameters per memory, so that four arrays of them stay within the 4 GiB that one can hold. */
const mostPerMemory = 2 ** 26;
const pageBytes = 2 ** 16;

let compiled: object | undefined;

/** One slot per parameter, in the order given, starting from copies of `initial`. */
export function allocateSlots(initial: Readonly<Record<string, Float32Array>>): Slot[] {
  const groups: [string, Float32Array][][] = [];
  let room = 0;
  for (const entry of Object.entries(initial)) {
    const count = padded(entry[1].length);
    if (count > room) {
      groups.push([]);
      room = Math.max(mostPerMemory, count);
    }
    groups.at(-1)?.push(entry);
    room -= count;
  }
  return groups.flatMap(allocateGroup);
}

function allocateGroup(entries: readonly (readonly [string, Float32Array])[]): Slot[] {
  const total = entries.reduce((sum, [, { length }]) => sum + padded(length), 0);
  const memory = new WebAssembly.Memory({ initial: Math.ceil((16 * total) / pageBytes) });
  compiled ??= new WebAssembly.Module(Buffer.from(adamwKernel, 'base64'));
  const kernel = new WebAssembly.Instance(compiled, { host: { memory } }).exports as Kernel;
  let next = 0;
  return entries.map(([name, initial]) => {
    const count = padded(initial.length);
    const at = [0, 1, 2, 3].map((array) => 4 * (next + array * total)) as [number, number, number, number];
    next += count;
    const view = (start: number) => new Float32Array(memory.buffer, start, initial.length);
    const [weight, mean, square, gradient] = at.map(view) as [Float32Array, Float32Array, Float32Array, Float32Array];
    weight.set(initial);
    return {
      ...{ name, weight, gradient, mean, square },
      squares: () => kernel.squares(at[3], count),
      update: ({ scale, beta1, beta2, size, correction, epsilon, keep }) =>
        kernel.update(...at, count, scale, beta1, 1 - beta1, beta2, 1 - beta2, size, correction, epsilon, keep),
    };
  });
}

/** The kernel works on four elements at a time; what pads an array stays zero. */
function padded(length: number): number {
  return 4 * Math.ceil(length / 4);
}
