import variant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import { driverSource } from './driver-source.ts';
import type { CallJob, CheckJob, SandboxFailure, SandboxLimits } from './sandbox.ts';
import { worldSource } from './world-source.ts';

/** Of one step (a check or a call): `=`, followed by the value of a call as JSON, or the failure. */
export type Outcome = `=${string}` | SandboxFailure;

/**
 * QuickJS with one context, for one thread. A program runs in that context, and afterwards the whole memory of QuickJS is
 * put back to what it was before: quicker than a fresh context, leaves nothing behind, leaks nothing and makes each
 * program see exactly the same world.
 */
export interface Engine {
  /** @throws when QuickJS itself broke (its stack, an assertion): the engine is then of no more use. */
  run(job: CheckJob | CallJob): readonly Outcome[];
  /** Whether the program of the job that ran last asked for more memory than it may have. */
  readonly exhausted: boolean;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
/** The part of the platform's WebAssembly used here, which the compiler's library leaves to browsers' types. */
declare const WebAssembly: { readonly Memory: new (size: { initial: number; maximum: number }) => WasmMemory };

/** The package's types speak of its CommonJS form; an ES module gets the variant itself. */
const releaseSync = variant as unknown as QuickJSSyncVariant;

const PAGE = 65_536;
/** What QuickJS takes for its stack (5 MiB), its constants and an empty context. */
const FIRST_BYTES = 5.5 * 2 ** 20;

/** @param clock Milliseconds that this thread has spent. */
export async function createEngine(limits: SandboxLimits, clock: () => number): Promise<Engine> {
  const state = { exhausted: false, expired: false, deadline: Infinity };
  const { memory, context } = await startQuickJs(limits);
  context.runtime.setInterruptHandler(() => state.exhausted || clock() > state.deadline);
  // Emscripten grows its memory through this method and takes a throw for "no". QuickJS then throws an error that a
  // program can catch; here it is remembered, where a program cannot reach.
  memory.grow = () => {
    state.exhausted = true;
    throw new RangeError('out of memory');
  };
  evaluate(context, worldSource).dispose();
  const driver = openDriver(context);
  const restore = snapshot(memory, limits);

  /** The failure that ends the program whatever it says itself. */
  const verdict = (): SandboxFailure | undefined => {
    state.expired ||= clock() > state.deadline;
    if (state.exhausted) return 'memory';
    return state.expired ? 'timeout' : undefined;
  };

  const load = (source: string): SandboxFailure | undefined => {
    const result = context.evalCode(source, 'program.js', { type: 'global' });
    if (verdict() !== undefined || result.error === undefined) return verdict();
    const failure = driver.failureOf(result.error);
    return verdict() ?? (failure === 'syntax' && compiles(context, source) ? 'threw' : failure);
  };

  const step = (source: string, index: number): Outcome => {
    const before = verdict();
    if (before !== undefined) return before;
    const outcome = driver.step(index);
    return verdict() ?? (outcome === 'syntax' && compiles(context, source) ? 'threw' : outcome);
  };

  return {
    get exhausted() {
      return state.exhausted;
    },
    run(job) {
      Object.assign(state, { exhausted: false, expired: false, deadline: Infinity });
      restore();
      const { text, sources } = describeJob(job, limits);
      // Emscripten writes a text that it finds no room for over its own constants, so it must not come to that.
      if (3 * (text.length + job.source.length) > limits.memoryBytes / 2) return sources.map(() => 'memory');
      driver.prepare(text);
      state.deadline = clock() + limits.milliseconds;
      const failure = load(job.source);
      return sources.map((source, i) => failure ?? step(source, i));
    },
  };
}

async function startQuickJs({ memoryBytes, stackBytes }: SandboxLimits) {
  const pages = Math.ceil((FIRST_BYTES + memoryBytes) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const quickJs = await newQuickJSWASMModuleFromVariant(newVariant(releaseSync, { wasmMemory: memory }));
  const context = quickJs.newContext();
  context.runtime.setMaxStackSize(stackBytes);
  return { memory, context };
}

function evaluate(context: QuickJSContext, source: string): QuickJSHandle {
  return context.unwrapResult(context.evalCode(source, 'world.js', { type: 'global' }));
}

/** Whether a SyntaxError came while the code ran. Compiling runs nothing. */
function compiles(context: QuickJSContext, source: string): boolean {
  return context.evalCode(source, 'again.js', { type: 'global', compileOnly: true }).error === undefined;
}

/** What crosses the wall before the program runs, and the code of each step as it will be evaluated. */
function describeJob(job: CheckJob | CallJob, { valueCharacters }: SandboxLimits) {
  if (job.kind === 'checks') {
    // A block, so that two checks may declare the same name.
    const steps = job.checks.map((check) => `{\n${check}\n}`);
    return { text: JSON.stringify({ kind: job.kind, steps }), sources: steps };
  }
  const steps = job.calls.map((call) => JSON.stringify(call));
  const text = JSON.stringify({ kind: job.kind, entry: job.entry, valueCharacters, steps });
  return { text, sources: steps.map(() => job.entry) };
}

/** The functions of {@link driverSource}. Handles made while a job runs are not freed: `restore` takes their memory back. */
function openDriver(context: QuickJSContext) {
  const functions = evaluate(context, driverSource);
  const [prepare, step, failureOf] = ['prepare', 'step', 'failureOf'].map((name) => context.getProp(functions, name));
  const call = (target: QuickJSHandle | undefined, argument: QuickJSHandle) => {
    const result = context.callFunction(target as QuickJSHandle, context.undefined, argument);
    // The driver throws nothing itself; what comes through is an interrupt or the end of memory, known to the host.
    return result.error === undefined ? context.getString(result.value) : 'threw';
  };
  return {
    prepare: (text: string) => void call(prepare, context.newString(text)),
    step: (index: number) => call(step, context.newNumber(index)) as Outcome,
    failureOf: (error: QuickJSHandle) => call(failureOf, error) as SandboxFailure,
  };
}

/** Remembers QuickJS's memory as it is; gives the function that puts it back. */
function snapshot(memory: WasmMemory, { memoryBytes }: SandboxLimits): () => void {
  const bytes = new Uint8Array(memory.buffer);
  let end = bytes.length;
  while (bytes[end - 1] === 0) end--;
  const used = bytes.slice(0, end);
  if (used.length + memoryBytes > bytes.length) throw new RangeError('QuickJS needs more memory before it starts');
  return () => bytes.set(used);
}
