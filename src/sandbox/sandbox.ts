/**
 * The contract of the sandbox, in which programs of unknown origin run: fresh QuickJS contexts without any host object,
 * inside worker threads that are killed when a program does not end. One program cannot change what another does.
 */

/** What may cross the sandbox's wall. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface SandboxLimits {
  /** Heap of one program, from 11 MiB, because QuickJS does not start with less. @default 16 MiB */
  readonly memoryBytes: number;
  /** @default 256 KiB */
  readonly stackBytes: number;
  /** For a program with all its checks or calls, on its own thread's clock. @default 250 */
  readonly milliseconds: number;
  /** Most characters of a single returned value, as JSON. @default 65,536 */
  readonly valueCharacters: number;
}

/** Why something in the sandbox did not come to a good end. */
export type SandboxFailure = 'threw' | 'syntax' | 'timeout' | 'memory' | 'stack' | 'not-json' | 'too-large' | 'killed';

/** A program and checks that run after it, in order, in its context: what the program did to its world, it did to them. */
export interface CheckJob {
  readonly kind: 'checks';
  readonly source: string;
  /** Statements; a check passes unless it throws. */
  readonly checks: readonly string[];
}

/** A program and calls of one of its functions; arguments and results cross the wall as JSON that the program cannot fake. */
export interface CallJob {
  readonly kind: 'calls';
  readonly source: string;
  /** Name of a function that the program declares at its top level. */
  readonly entry: string;
  /** Arguments of each call. */
  readonly calls: readonly (readonly Json[])[];
}

export type CheckResult = 'passed' | SandboxFailure;
export type CallResult = { readonly value: Json } | { readonly failure: SandboxFailure };

export interface Sandbox {
  /** One result per check; when the program itself fails, every check has that failure. */
  runChecks(job: Omit<CheckJob, 'kind'>): Promise<readonly CheckResult[]>;
  /** One result per call; `undefined`, functions and NaN are `not-json`. */
  runCalls(job: Omit<CallJob, 'kind'>): Promise<readonly CallResult[]>;
  close(): Promise<void>;
}
