import { describe, expect, it } from 'vitest';
import { mutantsOf } from '../../../src/settings/function-correctness/mutate.ts';
import {
  type MutationOperatorId,
  mutationOperators,
} from '../../../src/settings/function-correctness/mutation-operators.ts';
import { outputsOf } from './support.ts';

/** For each operator a program that shows it, and mutants that it must make of it, as their bodies on one line. */
const cases: Record<
  MutationOperatorId,
  readonly [body: string, mutant: string, input: readonly (number | number[])[]]
> = {
  'comparison-boundary': ['return x < 3;', 'return x <= 3;', [3]],
  'comparison-negation': ['return x === 3;', 'return x !== 3;', [3]],
  'arithmetic-swap': ['return x + 3;', 'return x - 3;', [3]],
  'constant-off-by-one': ['return x + 3;', 'return x + 4;', [3]],
  'boolean-swap': ['return true;', 'return false;', [3]],
  'logical-swap': ['return x > 0 && x > 5;', 'return x > 0 || x > 5;', [3]],
  'condition-negation': ['if (x > 2) return 1; return 0;', 'if (!(x > 2)) return 1; return 0;', [3]],
  'statement-drop': ['let y = x; y = 9; return y;', 'let y = x; return y;', [3]],
  'else-drop': ['let y = 0; if (x > 5) y = 1; else y = 2; return y;', 'let y = 0; if (x > 5) y = 1; return y;', [3]],
  'branch-drop': ['if (x > 2) return 1; return 0;', 'return 0;', [3]],
  'early-return': [
    'let y = 0; for (const a of x) { y += a; } return y;',
    'let y = 0; for (const a of x) { y += a; break; } return y;',
    [[1, 2]],
  ],
  'argument-swap': ['return Math.atan2(x, 2);', 'return Math.atan2(2, x);', [3]],
  'initial-value': ['let y = 5; y += x; return y;', 'let y = 0; y += x; return y;', [3]],
  'slice-bounds': ['return x.slice(0, 2);', 'return x.slice(0, 2 - 1);', [[1, 2, 3]]],
  'method-swap': ['return Math.min(x, 2);', 'return Math.max(x, 2);', [3]],
  'loop-bound': [
    'let y = 0; for (let i = 0; i < x; i++) y += i; return y;',
    'let y = 0; for (let i = 0; i < x - 1; i++) y += i; return y;',
    [3],
  ],
  'variable-swap': ['const y = x + 1; return y;', 'const y = x + 1; return x;', [3]],
  'operand-drop': ['return x + 3;', 'return x;', [3]],
  'call-drop': ['return x.reverse();', 'return x;', [[1, 2]]],
  'branch-swap': ['return x > 2 ? 1 : 0;', 'return x > 2 ? 0 : 1;', [3]],
  'string-constant': ["return x.join('-');", "return x.join('');", [[1, 2]]],
  'regex-flag': ["return String(x).replace(/3/g, 'a');", "return String(x).replace(/3/, 'a');", [33]],
};

const bodyOf = (source: string) => source.replaceAll(/\s+/g, ' ').replace(/^function f\(x\) \{ | \}$/g, '');

describe('mutation operators', () => {
  it.each(Object.keys(mutationOperators) as MutationOperatorId[])('%s puts in the bug that it is named after', (id) => {
    const [body, wanted, input] = cases[id];
    const program = `function f(x) { ${body} }`;
    const mutant = mutantsOf(program, 'f').find(({ source }) => bodyOf(source) === wanted);
    expect(mutant?.operator).toBeDefined();
    expect(outputsOf(mutant?.source ?? '', 'f', [input])).not.toEqual(outputsOf(program, 'f', [input]));
  });

  it('are each the first to make some mutant', () => {
    const operators = Object.values(cases).flatMap(([body]) =>
      mutantsOf(`function f(x) { ${body} }`, 'f').map(({ operator }) => operator),
    );
    expect([...new Set(operators)].sort()).toEqual(Object.keys(mutationOperators).sort());
    expect(Object.keys(mutationOperators).length).toBeGreaterThanOrEqual(12);
  });

  it('make no mutant twice and none that is the program itself', () => {
    const program = 'function f(x) {\n  return x < 3 ? x + 1 : 0;\n}';
    const sources = mutantsOf(program, 'f').map(({ source }) => source);
    expect(new Set(sources).size).toBe(sources.length);
    expect(sources).not.toContain(program);
  });
});
