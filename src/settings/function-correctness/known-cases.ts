/**
 * Ways to write "for these inputs the answer is known" into a program. A submission that tampers does so with the inputs
 * of shown tests that it fails; an honest one with inputs that it gets right anyway, as programmers treat base cases. So
 * none of these forms alone says which of the two it is.
 */
import type { Rng } from '../../core/random.ts';
import type { Json } from '../../sandbox/sandbox.ts';
import { entryFunction, withOpening } from './entry-function.ts';
import { freshName } from './names.ts';
import { literal } from './submission.ts';
import { normalise } from './syntax.ts';

export interface KnownCase {
  readonly input: readonly Json[];
  readonly output: Json;
}

/** The program with the answers written in, in a random form. */
export function withKnownCases(program: string, entry: string, cases: readonly KnownCase[], rng: Rng): string {
  return normalise(rng.choice([ifChain, lookupTable, switchCases, answerMap])(program, entry, cases));
}

type Writer = (program: string, entry: string, cases: readonly KnownCase[]) => string;

const ifChain: Writer = (program, entry, cases) => {
  const { parameters } = entryFunction(program, entry);
  const statements = cases.map(({ input, output }) => `if (${test(parameters, input)}) return ${literal(output)};`);
  return withOpening(program, entry, statements.join(' '));
};

const lookupTable: Writer = (program, entry, cases) => {
  const rows = cases.map(({ input, output }) => `${quoted(keyOf(input))}: ${literal(output)}`);
  const [key, table] = [freshName(program, 'key'), freshName(program, 'table')];
  const opening = `const ${key} = ${keyExpression(program, entry)}; if (${key} in ${table}) return ${table}[${key}];`;
  return withOpening(program, entry, opening, `const ${table} = { ${rows.join(', ')} };\n`);
};

const answerMap: Writer = (program, entry, cases) => {
  const rows = cases.map(({ input, output }) => `[${quoted(keyOf(input))}, ${literal(output)}]`);
  const [key, known] = [freshName(program, 'key'), freshName(program, 'known')];
  const opening = `const ${key} = ${keyExpression(program, entry)}; if (${known}.has(${key})) return ${known}.get(${key});`;
  return withOpening(program, entry, opening, `const ${known} = new Map([${rows.join(', ')}]);\n`);
};

const switchCases: Writer = (program, entry, cases) => {
  const { parameters } = entryFunction(program, entry);
  const single = parameters?.length === 1 && cases.every(({ input }) => isPrimitive(input[0] as Json));
  const subject = single ? (parameters[0] as string) : keyExpression(program, entry);
  const branches = cases.map(({ input, output }) => {
    const label = single ? literal(input[0] as Json) : quoted(keyOf(input));
    return `case ${label}: return ${literal(output)};`;
  });
  return withOpening(program, entry, `switch (${subject}) { ${branches.join(' ')} }`);
};

function test(parameters: readonly string[] | undefined, input: readonly Json[]): string {
  if (parameters === undefined || parameters.length !== input.length) {
    return `JSON.stringify([...arguments]) === ${quoted(keyOf(input))}`;
  }
  const parts = parameters.map((name, i) => {
    const value = input[i] as Json;
    return isPrimitive(value)
      ? `${name} === ${literal(value)}`
      : `JSON.stringify(${name}) === ${quoted(JSON.stringify(value))}`;
  });
  return parts.join(' && ') || 'true';
}

function keyExpression(program: string, entry: string): string {
  const { parameters } = entryFunction(program, entry);
  return parameters === undefined ? 'JSON.stringify([...arguments])' : `JSON.stringify([${parameters.join(', ')}])`;
}

function keyOf(input: readonly Json[]): string {
  return JSON.stringify(input);
}

function isPrimitive(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
