/**
 * Problems from files of others: HumanEvalPack-style and MBPP-style JSONL with JavaScript programs. Their tests are code;
 * the calls of the function in them, with constants as arguments, become a problem's inputs, and the given solution its
 * reference. So the ground truth is the same as for our own problems, but rests on few inputs: it is weaker.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyNode } from 'acorn';
import { z } from 'zod';
import { expected, UserError } from '../../core/errors.ts';
import type { Json } from '../../sandbox/sandbox.ts';
import type { Problem } from './problem.ts';
import { applyEdits, normalise, placesOf, textOf } from './syntax.ts';

export const problemFormats = ['humanevalpack', 'mbpp'] as const;
export type ProblemFormat = (typeof problemFormats)[number];

/** Fewest different inputs that a problem must have to be of use; others are left out. */
const fewestInputs = 4;

/** Whether a file of a dataset may hold problems: JSONL, and not in the folder of another language. */
export function isProblemFile(path: string): boolean {
  return path.endsWith('.jsonl') && !/(^|[\\/])(python|java|go|cpp|rust)[\\/]/.test(path);
}

/**
 * The problems of a JSONL file, or of all below a directory, that have enough inputs.
 * @throws UserError when nothing can be read, a row lacks a column or is not JavaScript, or no problem is of use.
 */
export async function readProblems(path: string, format: ProblemFormat): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const file of await problemFilesAt(path)) {
    for (const [i, line] of (await readFile(file, 'utf8')).split('\n').entries()) {
      const place = `${file}, line ${i + 1}`;
      if (line.trim() !== '') problems.push(problemOf(parseRow(line, format, place), place));
    }
  }
  const useful = problems.filter(({ inputs }) => inputs.length >= fewestInputs);
  if (useful.length > 0) return useful;
  const wanted = `problems with ${fewestInputs} different calls or more in their tests`;
  throw expected('no-problems', path, `a file of ${wanted}`, `${problems.length} others`, 'Give another file.');
}

async function problemFilesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => {
    const next = 'Mend problems.source.';
    throw expected('no-such-data', `the problems at ${path}`, 'a JSONL file or a directory', 'nothing', next);
  });
  if (!found.isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  return names
    .filter(isProblemFile)
    .sort()
    .map((name) => join(path, name));
}

interface Source {
  readonly id: string;
  readonly statement: string;
  readonly program: string;
  readonly tests: string;
  /** Name of the function; found in the program if absent. */
  readonly entry?: string | undefined;
}

const humanEvalPack = z
  .object({
    task_id: z.string(),
    declaration: z.string(),
    canonical_solution: z.string(),
    entry_point: z.string(),
    test: z.string(),
    docstring: z.string().optional(),
    prompt: z.string().optional(),
  })
  .transform(
    (row): Source => ({
      id: row.task_id,
      statement: row.docstring ?? row.prompt ?? row.entry_point,
      program: row.declaration + row.canonical_solution,
      tests: row.test,
      entry: row.entry_point,
    }),
  );

const mbpp = z
  .object({
    task_id: z.union([z.string(), z.int()]),
    text: z.string().optional(),
    prompt: z.string().optional(),
    code: z.string(),
    test_list: z.array(z.string()),
    test_setup_code: z.string().default(''),
    challenge_test_list: z.array(z.string()).default([]),
  })
  .transform(
    (row): Source => ({
      id: String(row.task_id),
      statement: row.text ?? row.prompt ?? '',
      program: `${row.test_setup_code}\n${row.code}`,
      tests: [...row.test_list, ...row.challenge_test_list].join(';\n'),
    }),
  );

const formats = { humanevalpack: humanEvalPack, mbpp } as const;

function parseRow(line: string, format: ProblemFormat, place: string): Source {
  const parsed = formats[format].safeParse(jsonOf(line, place));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`).join('; ');
  throw new UserError('bad-row', `Expected ${place} to be a problem in ${format} form, got ${problems}. Mend the row.`);
}

function jsonOf(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw expected('unreadable-data', place, 'JSON', line, 'Give a file with one JSON object per line.');
  }
}

function problemOf({ id, statement, program, tests, entry: given }: Source, place: string): Problem {
  const source = javaScript(place, () => normalise(asDeclarations(program)));
  const entry = given ?? lastFunction(source);
  const declaration = placesOf(source).find(
    ({ node }) => node.type === 'FunctionDeclaration' && node.id?.name === entry,
  );
  if (entry === undefined || declaration?.node.type !== 'FunctionDeclaration') {
    throw expected('bad-row', place, `a program that declares ${entry ?? 'a function'}`, program, 'Mend the row.');
  }
  const inputs = javaScript(place, () => inputsIn(tests, entry));
  return {
    id: id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    topic: 'read',
    statement: statement.trim(),
    entry,
    parameters: declaration.node.params.map((parameter) => textOf(source, parameter)),
    solutions: [source],
    inputs,
    examples: [],
  };
}

/** Only JavaScript runs in the sandbox. */
function javaScript<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const next = 'Only JavaScript runs in the sandbox: take the JavaScript rows of the dataset.';
    throw expected('not-javascript', place, 'a JavaScript program with its tests', (cause as Error).message, next);
  }
}

/** `const f = (x) => …` at the top level becomes `function f(x) …`, which is what programs here look like. */
function asDeclarations(program: string): string {
  const edits = placesOf(program).flatMap(({ node, ancestors }) => {
    if (node.type !== 'VariableDeclaration' || ancestors.length !== 1 || node.declarations.length !== 1) return [];
    const [{ id, init }] = node.declarations as [(typeof node.declarations)[0]];
    if (init?.type !== 'ArrowFunctionExpression' && init?.type !== 'FunctionExpression') return [];
    const parameters = init.params.map((parameter) => textOf(program, parameter)).join(', ');
    const body = textOf(program, init.body);
    const block = init.body.type === 'BlockStatement' ? body : `{ return ${body}; }`;
    return [{ start: node.start, end: node.end, text: `function ${textOf(program, id)}(${parameters}) ${block}` }];
  });
  return applyEdits(program, edits);
}

function lastFunction(source: string): string | undefined {
  const names = placesOf(source).flatMap(({ node, ancestors }) =>
    node.type === 'FunctionDeclaration' && ancestors.length === 1 && node.id ? [node.id.name] : [],
  );
  return names.at(-1);
}

/** Arguments of the calls of a function in some code, each once, where all of them are constants. */
function inputsIn(code: string, entry: string): Json[][] {
  const inputs = placesOf(code).flatMap(({ node }) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== entry) return [];
    const values = node.arguments.map(constantOf);
    return values.includes(undefined) ? [] : [values as Json[]];
  });
  return [...new Map(inputs.map((input) => [JSON.stringify(input), input])).values()];
}

/** The value of a literal, of its negation, or of a list or record of such; undefined for all else. */
function constantOf(node: AnyNode | null): Json | undefined {
  switch (node?.type) {
    case 'Literal':
      return isJson(node.value) ? node.value : undefined;
    case 'UnaryExpression': {
      const value = constantOf(node.argument);
      return node.operator === '-' && typeof value === 'number' ? -value : undefined;
    }
    case 'ArrayExpression': {
      const values = node.elements.map(constantOf);
      return values.includes(undefined) ? undefined : (values as Json[]);
    }
    case 'ObjectExpression': {
      const entries = node.properties.map((property) => {
        if (property.type !== 'Property' || property.computed) return undefined;
        const key = property.key.type === 'Identifier' ? property.key.name : constantOf(property.key);
        const value = constantOf(property.value);
        return key === undefined || value === undefined ? undefined : ([String(key), value] as const);
      });
      return entries.includes(undefined) ? undefined : Object.fromEntries(entries as [string, Json][]);
    }
    default:
      return undefined;
  }
}

function isJson(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
