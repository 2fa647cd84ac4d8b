import type { ContrastPair } from '../../core/examples.ts';
import type { Account } from './mistakes.ts';
import type { Operand, Program } from './program.ts';

/** Names of the variables in each wording; the first is that of the texts. */
export const alphabets = ['abc', 'xyz', 'pqr'] as const;
type Alphabet = (typeof alphabets)[number];

/** The program, a statement a line. */
export function programText({ assignments, printed }: Program, names: Alphabet): string {
  const show = (operand: Operand) => ('constant' in operand ? `${operand.constant}` : names[operand.variable]);
  const lines = assignments.map(({ target, left, operation }) => {
    const right = operation ? ` ${operation.operator} ${show(operation.right)}` : '';
    return `${names[target]} = ${show(left)}${right};\n`;
  });
  return `${lines.join('')}print(${names[printed]});\n`;
}

/** What is said of it: a line for each assignment that computes, and what is printed. Each digit has a line of its own. */
export function accountText({ assignments }: Program, { trace, printed }: Account, names: Alphabet): string {
  const digits = (value: number) => [...`${value}`].map((digit) => `${digit}\n`).join('');
  const lines = assignments.map(({ target, operation }, i) =>
    operation === undefined ? '' : `// ${names[target]} is\n${digits(trace[i] as number)}`,
  );
  return `${lines.join('')}// prints\n${digits(printed)}`;
}

/** The program with one account against another, in the first `count` wordings. */
export function contrastPairs(
  program: Program,
  { negative, positive }: { readonly negative: Account; readonly positive: Account },
  count: number,
): ContrastPair[] {
  return alphabets.slice(0, count).map((names) => ({
    prompt: programText(program, names),
    negative: accountText(program, negative, names),
    positive: accountText(program, positive, names),
  }));
}
