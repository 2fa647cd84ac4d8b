import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/random.ts';
import type { Json } from '../../../src/sandbox/sandbox.ts';
import { problems } from '../../../src/settings/function-correctness/problems/problems.ts';
import {
  flipComparisons,
  helper,
  isShort,
  knownCases,
  letForConst,
  memoTable,
  plainIncrements,
  renameVariables,
  rewriteProgram,
  tryAndThrow,
  whileForFor,
} from '../../../src/settings/function-correctness/rewrites.ts';
import { normalise } from '../../../src/settings/function-correctness/syntax.ts';
import { outputsOf } from './support.ts';

const rewrites = {
  flipComparisons,
  helper,
  knownCases,
  letForConst,
  memoTable,
  plainIncrements,
  renameVariables,
  tryAndThrow,
  whileForFor,
};

/** Every solution with what it gives and a context to rewrite it in. */
const solutions = problems.flatMap((problem) => {
  const outputs = outputsOf(problem.solutions[0], problem.entry, problem.inputs);
  const known = problem.inputs.map((input, i) => ({ input, output: JSON.parse(outputs[i] ?? 'null') as Json }));
  return problem.solutions.map((source) => ({ problem, source: normalise(source), outputs, known }));
});

describe('rewrites', () => {
  it.each(Object.entries(rewrites))('%s changes some programs and the results of none', (name, rewrite) => {
    let changed = 0;
    for (const { problem, source, outputs, known } of solutions) {
      const rewritten = normalise(rewrite(source, { entry: problem.entry, known, rng: createRng(0, name, source) }));
      if (rewritten === source) continue;
      changed++;
      expect(outputsOf(rewritten, problem.entry, problem.inputs), rewritten).toEqual(outputs);
    }
    expect(changed).toBeGreaterThan(5);
  });

  it('together keep the results too, and short programs short', () => {
    const texts = new Set<string>();
    for (const [i, { problem, source, outputs, known }] of solutions.entries()) {
      const short = isShort(source);
      const program = rewriteProgram(source, { entry: problem.entry, known, rng: createRng(i, 'all') }, short);
      expect(outputsOf(program, problem.entry, problem.inputs), program).toEqual(outputs);
      if (short) expect(isShort(program)).toBe(true);
      texts.add(program);
    }
    expect(texts.size).toBeGreaterThan(solutions.length * 0.9);
  });

  it('leave a property name alone when the variable of that name gets another', () => {
    const source = 'function f(a) {\n  const size = a.size;\n  return { size };\n}';
    const renamed = Array.from({ length: 8 }, (_, seed) =>
      renameVariables(source, { entry: 'f', known: [], rng: createRng(seed) }),
    );
    for (const text of renamed) expect(outputsOf(text, 'f', [[{ size: 3 }]])).toEqual(['{"size":3}']);
    expect(new Set(renamed).size).toBeGreaterThan(1);
  });
});
