import type { Rng } from '../../core/random.ts';
import { type Assignment, type Operand, operators, type Program, printedBy, traceOf, variables } from './program.ts';

/** What a program is said to do: the value of each assignment, and what is printed. */
export interface Account {
  readonly trace: readonly number[];
  readonly printed: number;
}

/** @throws Error for a program that does not run. */
export function rightAccount(program: Program): Account {
  const trace = traceOf(program);
  if (trace === undefined) throw new Error('Expected a program that runs, got one that does not.');
  return { trace, printed: printedBy(program, trace) };
}

/** Ways to misread one assignment; what comes after it follows from it. */
const misreadings = {
  'wrong-operator': (assignment, rng) => {
    const { operation } = assignment;
    if (operation === undefined) return undefined;
    const others = operators.filter((operator) => operator !== operation.operator);
    return { ...assignment, operation: { ...operation, operator: rng.choice(others) } };
  },
  'wrong-operand': (assignment, rng) => {
    const { left, operation } = assignment;
    if (operation === undefined) return undefined;
    if (rng.chance(0.5)) return { ...assignment, left: another(left, rng) };
    return { ...assignment, operation: { ...operation, right: another(operation.right, rng) } };
  },
  'off-by-one': undefined,
  'other-variable': undefined,
} as const satisfies Record<string, ((assignment: Assignment, rng: Rng) => Assignment | undefined) | undefined>;

/** A misreading, or one value of the account off by one, or another variable's value said to be printed. */
export type Mistake = keyof typeof misreadings;
const mistakes = Object.keys(misreadings) as Mistake[];

function another(operand: Operand, rng: Rng): Operand {
  if ('constant' in operand) return { constant: operand.constant + rng.choice([-1, 1]) };
  return { variable: (operand.variable + rng.integer(1, variables - 1)) % variables };
}

/** Draws of one mistake before another is taken, so that rarely fitting ones are not crowded out. */
const tries = 12;

/** An account that gets what is printed wrong by one mistake; the printed value can always be off by one. */
export function wrongAccount(program: Program, rng: Rng): { readonly account: Account; readonly mistake: Mistake } {
  const right = rightAccount(program);
  for (const mistake of rng.shuffle(mistakes)) {
    for (let i = 0; i < tries; i++) {
      const account = accountWith(mistake, program, right, rng);
      if (account !== undefined && account.printed !== right.printed) return { account, mistake };
    }
  }
  return { account: { ...right, printed: right.printed + 1 }, mistake: 'off-by-one' };
}

function accountWith(mistake: Mistake, program: Program, right: Account, rng: Rng): Account | undefined {
  if (mistake === 'other-variable') {
    const printed = (program.printed + rng.integer(1, variables - 1)) % variables;
    return { trace: right.trace, printed: printedBy({ ...program, printed }, right.trace) };
  }
  const at = rng.integer(variables, program.assignments.length - 1);
  const assignment = program.assignments[at] as Assignment;
  const misread =
    mistake === 'off-by-one'
      ? { target: assignment.target, left: { constant: (right.trace[at] as number) + rng.choice([-1, 1]) } }
      : misreadings[mistake](assignment, rng);
  const changed = misread && { ...program, assignments: program.assignments.with(at, misread) };
  const trace = changed && traceOf(changed);
  return trace && { trace, printed: printedBy(changed, trace) };
}
