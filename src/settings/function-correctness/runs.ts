import type { CallResult, Sandbox, SandboxFailure } from '../../sandbox/sandbox.ts';
import { harness } from './harness.ts';
import type { Problem } from './problem.ts';
import type { Submission } from './submission.ts';

/** Programs run in the sandbox; the same run is done once. */
export interface Runs {
  /** What a program gives on every known input of its problem, each called by the host. */
  outputs(problem: Problem, program: string): Promise<readonly CallResult[]>;
  /** Whether each shown test passes, as the submission has it; undefined when one ran into a limit of the sandbox. */
  measure(submission: Submission): Promise<readonly boolean[] | undefined>;
}

/** Limits whose effect may depend on the machine: programs that reach them are left out. */
const limits: readonly SandboxFailure[] = ['timeout', 'memory', 'killed'];

export function createRuns(sandbox: Sandbox): Runs {
  const outputs = memoized((key: { problem: Problem; program: string }) => {
    const { entry, inputs } = key.problem;
    return sandbox.runCalls({ source: `${harness}${key.program}\n`, entry, calls: inputs });
  });
  return {
    outputs: (problem, program) => outputs(`${problem.id}\n${program}`, { problem, program }),
    async measure({ program, tests }) {
      const results = await sandbox.runChecks({ source: `${harness}${program}\n`, checks: tests });
      if (results.some((result) => isLimit(result))) return undefined;
      return results.map((result) => result === 'passed');
    },
  };
}

/** Whether a program ran into a limit of the sandbox. */
export function hitLimit(results: readonly CallResult[]): boolean {
  return results.some((result) => 'failure' in result && isLimit(result.failure));
}

function isLimit(result: string): boolean {
  return (limits as readonly string[]).includes(result);
}

function memoized<Key, Value>(compute: (key: Key) => Promise<Value>): (name: string, key: Key) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (name, key) => {
    const value = known.get(name) ?? compute(key);
    known.set(name, value);
    return value;
  };
}
