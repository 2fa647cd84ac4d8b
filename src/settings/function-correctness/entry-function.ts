import type { AnyNode, FunctionDeclaration } from 'acorn';
import { applyEdits, placesOf, textOf } from './syntax.ts';

/** The function of a program that tests call. */
export interface EntryFunction {
  /** Of the declaration in the source. */
  readonly start: number;
  readonly end: number;
  /** Of its body, braces included. */
  readonly body: { readonly start: number; readonly end: number };
  /** Names of its parameters; undefined where some is a pattern, has a default or takes the rest. */
  readonly parameters: readonly string[] | undefined;
  /** Its parameters as they stand in the source. */
  readonly parameterText: string;
}

/** @throws Error when the program declares no such function at its top level, which no problem's solution may lack. */
export function entryFunction(source: string, entry: string): EntryFunction {
  const place = placesOf(source).find(({ node }) => declaresEntry(node, entry));
  if (place === undefined) throw new Error(`Expected the program to declare ${entry}, got none.`);
  const { start, end, body, params } = place.node as FunctionDeclaration;
  const names = params.flatMap((parameter) => (parameter.type === 'Identifier' ? [parameter.name] : []));
  return {
    start,
    end,
    body,
    parameters: names.length === params.length ? names : undefined,
    parameterText: params.map((parameter) => textOf(source, parameter)).join(', '),
  };
}

/** The program with statements put at the start of its function, and declarations before everything. */
export function withOpening(source: string, entry: string, statements: string, declarations = ''): string {
  const { body } = entryFunction(source, entry);
  return declarations + applyEdits(source, [{ start: body.start + 1, end: body.start + 1, text: statements }]);
}

function declaresEntry(node: AnyNode, entry: string): boolean {
  return node.type === 'FunctionDeclaration' && node.id?.name === entry;
}
