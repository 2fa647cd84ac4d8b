import { createContext, runInContext } from 'node:vm';
import type { Dataset, Example } from '../../../src/index.ts';
import { createSandbox } from '../../../src/sandbox/create-sandbox.ts';
import type { Json } from '../../../src/sandbox/sandbox.ts';
import { generateDataset } from '../../../src/settings/function-correctness/generate.ts';
import { harness } from '../../../src/settings/function-correctness/harness.ts';
import {
  type FunctionCorrectnessOptions,
  functionCorrectnessOptions,
} from '../../../src/settings/function-correctness/options.ts';
import type { Problem } from '../../../src/settings/function-correctness/problem.ts';
import { problems } from '../../../src/settings/function-correctness/problems/problems.ts';

/** Every fifth problem, so that each topic has some. */
export const fewProblems = problems.filter((_, i) => i % 5 === 0);

export async function loadSmall(
  options: Partial<FunctionCorrectnessOptions> = {},
  context: { readonly seed?: number; readonly threads?: number; readonly problems?: readonly Problem[] } = {},
): Promise<Dataset> {
  const small = { trainExamples: 400, validationExamples: 50, mutants: 24, ...options };
  const { seed = 0, threads = 2, problems: chosen = fewProblems } = context;
  const sandbox = createSandbox({ threads });
  const { signal } = new AbortController();
  try {
    const parsed = functionCorrectnessOptions.parse(small);
    return await generateDataset(chosen, parsed, { seed, threads, signal, progress: () => {} }, sandbox);
  } finally {
    await sandbox.close();
  }
}

/** What a text shows, taken apart again. */
export function shownOf({ text }: Pick<Example, 'text'>): { readonly program: string; readonly tests: string[] } {
  const lines = text.split('\n').slice(1);
  const first = lines.findIndex((line) => /^1:/.test(line));
  return {
    program: lines.slice(0, first).join('\n'),
    tests: lines.slice(first).map((line) => line.replace(/^\d+: ?/, '')),
  };
}

/** The measurements of a text run on its own, away from the sandbox. */
export function measureAlone(example: Pick<Example, 'text'>): boolean[] {
  const { program, tests } = shownOf(example);
  const world = createContext({});
  runInContext(harness + program, world);
  return tests.map((test) => {
    try {
      runInContext(test, world);
      return true;
    } catch {
      return false;
    }
  });
}

/** What a program gives for inputs, as JSON text; what it throws is null. Only for programs of our own. */
export function outputsOf(program: string, entry: string, inputs: readonly (readonly Json[])[]): (string | null)[] {
  const world = createContext({});
  runInContext(harness + program, world);
  const source = `JSON.stringify(inputs.map((input) => {
    try { return JSON.stringify(${entry}(...input)) ?? null; } catch { return null; }
  }))`;
  runInContext(`const inputs = ${JSON.stringify(inputs)};`, world);
  return JSON.parse(runInContext(source, world) as string) as (string | null)[];
}
