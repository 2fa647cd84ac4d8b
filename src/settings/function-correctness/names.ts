import type { AnyNode } from 'acorn';
import { type Place, placesOf } from './syntax.ts';

/** Names that the program gives to parameters and variables, without the function that is called, in order. */
export function declaredNames(source: string, entry: string): string[] {
  const names = placesOf(source).flatMap(({ node, ancestors }) =>
    node.type === 'Identifier' && node.name !== entry && declares(node, ancestors) ? [node.name] : [],
  );
  return [...new Set(names)];
}

/** Where a name is used as a variable: property names and what follows a dot are not. */
export function variablePlaces(places: readonly Place[], name: string): Place[] {
  return places.filter(({ node, ancestors: [parent] }) => {
    if (node.type !== 'Identifier' || node.name !== name) return false;
    if (parent?.type === 'MemberExpression') return parent.object === node || parent.computed;
    if (parent?.type === 'Property') return parent.value === node;
    return true;
  });
}

function declares(node: AnyNode, [parent, above]: readonly AnyNode[]): boolean {
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id === node;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return parent.id === node || parent.params.some((parameter) => parameter === node);
    case 'AssignmentPattern':
      return parent.left === node;
    case 'Property':
      return above?.type === 'ObjectPattern' && parent.value === node;
    case 'ArrayPattern':
    case 'RestElement':
      return true;
    default:
      return false;
  }
}

/** `name`, or with a number where the program has that word already. */
export function freshName(source: string, name: string): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name}${i}`;
    if (!new RegExp(`\\b${candidate}\\b`).test(source)) return candidate;
  }
}
