import { type AnyNode, parse } from 'acorn';
import { generate } from 'astring';

/** A piece of a source text and what stands there instead; start and end coincide where text is put in. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A node with those around it, the nearest first. */
export interface Place {
  readonly node: AnyNode;
  readonly ancestors: readonly AnyNode[];
}

/** Every node of a program, in the order of the text. @throws SyntaxError when it is not a program. */
export function placesOf(source: string): Place[] {
  const places: Place[] = [];
  const visit = (node: AnyNode, ancestors: readonly AnyNode[]) => {
    places.push({ node, ancestors });
    for (const child of childrenOf(node)) visit(child, [node, ...ancestors]);
  };
  visit(parse(source, { ecmaVersion: 2023, sourceType: 'script' }), []);
  return places;
}

/** The text of a node. */
export function textOf(source: string, node: { readonly start: number; readonly end: number }): string {
  return source.slice(node.start, node.end);
}

/** The source with edits made; of two at one place the later in the list comes first in the text. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), source);
}

/** The program in the one layout that all have, without comments. @throws SyntaxError when it is not a program. */
export function normalise(source: string): string {
  const tree = parse(source, { ecmaVersion: 2023, sourceType: 'script' });
  return generate(tree as Parameters<typeof generate>[0]).trimEnd();
}

/** Lines that hold more than a comment. */
export function countCodeLines(source: string): number {
  return source.split('\n').filter((line) => !/^\s*(\/\/|$)/.test(line)).length;
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
