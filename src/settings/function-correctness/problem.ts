import type { Json } from '../../sandbox/sandbox.ts';

/** A programming problem in JavaScript. Every correct solution returns JSON-like data and leaves its arguments alone. */
export interface Problem {
  /** Kebab-case, unique, equal to its key in the list. */
  readonly id: string;
  /** What kind of problem it is, e.g. `numbers`, `strings`, `lists`, `records`, `grids`: for breakdowns, not for splits. */
  readonly topic: string;
  /** One or two sentences that fix the behaviour, edge cases included. */
  readonly statement: string;
  /** Name of the function, camelCase. */
  readonly entry: string;
  readonly parameters: readonly string[];
  /** Correct solutions, written differently: function declarations named `entry`. The first is the reference; at least two, at least one of them under 4 lines. */
  readonly solutions: readonly [reference: string, ...others: string[]];
  /** Arguments of the tests, 20 or more, all different, edge cases included. What is expected is what the reference returns. */
  readonly inputs: readonly (readonly Json[])[];
  /** Worked by hand, at least three, so that the reference is checked against something other than itself. */
  readonly examples: readonly { readonly input: readonly Json[]; readonly output: Json }[];
}
