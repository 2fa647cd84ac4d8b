import { createRng } from '../../core/random.ts';
import type { Problem } from './problem.ts';

/** Problems of one seed: those that training may use, and those it never does. */
export interface HeldOutProblems {
  readonly training: readonly Problem[];
  readonly heldOut: readonly Problem[];
}

export function splitProblems(problems: readonly Problem[], seed: number, share: number): HeldOutProblems {
  const rng = createRng(seed, 'function-correctness', 'held-out');
  const heldOut = new Set(rng.sample(problems, Math.round(problems.length * share)));
  return {
    training: problems.filter((problem) => !heldOut.has(problem)),
    heldOut: problems.filter((problem) => heldOut.has(problem)),
  };
}
