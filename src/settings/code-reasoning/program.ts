import type { Rng } from '../../core/random.ts';

/** A straight-line program: assignments one after the other, then one variable is printed. Variables go by number. */
export interface Program {
  readonly assignments: readonly Assignment[];
  readonly printed: number;
}

/** `target = left`, or `target = left operator right`. */
export interface Assignment {
  readonly target: number;
  readonly left: Operand;
  readonly operation?: { readonly operator: Operator; readonly right: Operand };
}

export type Operand = { readonly variable: number } | { readonly constant: number };
export const operators = ['+', '-', '*'] as const;
export type Operator = (typeof operators)[number];

/** Variables that a program may have, and the greatest value that one may come to. */
export const variables = 3;
const greatest = 99;

/** The value that each assignment gives; undefined when one is below 0 or above 99, or a variable has none yet. */
export function traceOf({ assignments }: Pick<Program, 'assignments'>): number[] | undefined {
  const values = new Array<number | undefined>(variables);
  const read = (operand: Operand) => ('constant' in operand ? operand.constant : values[operand.variable]);
  const trace: number[] = [];
  for (const { target, left, operation } of assignments) {
    const [a, b] = [read(left), operation ? read(operation.right) : 0];
    if (a === undefined || b === undefined) return undefined;
    const value = operation ? compute(a, operation.operator, b) : a;
    if (value < 0 || value > greatest) return undefined;
    values[target] = value;
    trace.push(value);
  }
  return trace;
}

function compute(a: number, operator: Operator, b: number): number {
  if (operator === '+') return a + b;
  return operator === '-' ? a - b : a * b;
}

/** What a program prints, by the values that its assignments gave. */
export function printedBy({ assignments, printed }: Program, trace: readonly number[]): number {
  return trace[assignments.findLastIndex(({ target }) => target === printed)] as number;
}

/** Assignments that what is printed depends on. */
export function difficultyOf({ assignments, printed }: Program): number {
  const needed = new Set([printed]);
  let count = 0;
  for (const { target, left, operation } of assignments.toReversed()) {
    if (!needed.delete(target)) continue;
    count++;
    for (const operand of operation ? [left, operation.right] : [left]) {
      if ('variable' in operand) needed.add(operand.variable);
    }
  }
  return count;
}

/** A program that runs: each variable is first set to a constant, then come `steps` assignments that compute. */
export function sampleProgram(steps: number, rng: Rng): Program {
  for (;;) {
    const order = rng.shuffle(Array.from({ length: variables }, (_, variable) => variable));
    const constants = order.map((target) => ({ target, left: { constant: rng.integer(1, 9) } }));
    const computed = Array.from({ length: steps }, () => sampleAssignment(rng));
    const program = { assignments: [...constants, ...computed], printed: rng.integer(0, variables - 1) };
    // A program that prints a constant asks nothing.
    if (difficultyOf(program) > 1 && traceOf(program) !== undefined) return program;
  }
}

function sampleAssignment(rng: Rng): Assignment {
  const variable = () => ({ variable: rng.integer(0, variables - 1) });
  const target = rng.integer(0, variables - 1);
  const operator = rng.choice<Operator>(['+', '+', '-', '-', '*']);
  const right = operator === '*' || rng.chance(0.4) ? { constant: rng.integer(2, 9) } : variable();
  return { target, left: variable(), operation: { operator, right } };
}
