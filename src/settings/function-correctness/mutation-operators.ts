/**
 * Operators that put one plausible bug into a correct program. Each looks at one place of the program and says what may
 * stand there instead; the idea of such first-order operators is DeMillo, Lipton and Sayward 1978.
 */
import type { AnyNode, Expression } from 'acorn';
import { declaredNames } from './names.ts';
import { type Edit, type Place, textOf } from './syntax.ts';

type Operator = (place: Place, source: string, entry: string) => readonly Edit[];

export const mutationOperators = {
  /** `<` ↔ `<=`, `>` ↔ `>=`. */
  'comparison-boundary': ({ node }, source) => binarySwap(node, source, boundary),
  /** A comparison becomes its opposite. */
  'comparison-negation': ({ node }, source) => binarySwap(node, source, opposite),
  /** `+` ↔ `-`, `*` ↔ `/`, and so on; `+=`, `++` likewise. */
  'arithmetic-swap': (place, source) => [
    ...binarySwap(place.node, source, arithmetic),
    ...assignmentSwap(place, source),
  ],
  /** A whole number one up or one down. */
  'constant-off-by-one': ({ node }) => {
    if (node.type !== 'Literal' || typeof node.value !== 'number') return [];
    return [node.value + 1, node.value - 1].map((value) => replaced(node, `(${value})`));
  },
  'boolean-swap': ({ node }) =>
    node.type === 'Literal' && typeof node.value === 'boolean' ? [replaced(node, String(!node.value))] : [],
  /** `&&` ↔ `||`. */
  'logical-swap': ({ node }, source) => {
    if (node.type !== 'LogicalExpression' || node.operator === '??') return [];
    return [joined(node, source, node.operator === '&&' ? '||' : '&&')];
  },
  /** The test of an `if`, a `? :` or a `while`. */
  'condition-negation': ({ node }, source) => {
    if (node.type !== 'IfStatement' && node.type !== 'ConditionalExpression' && node.type !== 'WhileStatement')
      return [];
    return [replaced(node.test, `!(${textOf(source, node.test)})`)];
  },
  'statement-drop': (place) => (place.node.type === 'ExpressionStatement' ? [removed(place)] : []),
  'else-drop': ({ node }) =>
    node.type === 'IfStatement' && node.alternate ? [{ start: node.consequent.end, end: node.end, text: '' }] : [],
  /** What an `if` does without an `else` is forgotten, such as the answer to an edge case. */
  'branch-drop': (place) => (place.node.type === 'IfStatement' && !place.node.alternate ? [removed(place)] : []),
  /** A loop ends after its first round. */
  'early-return': ({ node }, source) =>
    isLoop(node) ? [replaced(node.body, `{ ${textOf(source, node.body).replace(/^\{|\}$/g, '')} break; }`)] : [],
  /** The first two arguments of a call. */
  'argument-swap': ({ node }, source) => {
    if (node.type !== 'CallExpression' || node.arguments.length < 2) return [];
    const [first, second] = node.arguments as [Expression, Expression];
    return [{ start: first.start, end: second.end, text: `${textOf(source, second)}, ${textOf(source, first)}` }];
  },
  /** What a variable starts with. */
  'initial-value': ({ node }) => {
    if (node.type !== 'VariableDeclarator' || node.init?.type !== 'Literal') return [];
    const { init } = node;
    if (typeof init.value === 'number') return [replaced(init, init.value === 0 ? '1' : '0')];
    return typeof init.value === 'string' ? [replaced(init, init.value === '' ? "' '" : "''")] : [];
  },
  /** An end of `slice` and its like one place on, or left out. */
  'slice-bounds': ({ node }, source) => {
    if (node.type !== 'CallExpression' || !/^(slice|substring|substr|splice)$/.test(methodOf(node) ?? '')) return [];
    const last = node.arguments.at(-1);
    if (last === undefined) return [];
    const text = textOf(source, last);
    const dropped =
      node.arguments.length === 2 ? [{ start: (node.arguments[0] as Expression).end, end: last.end, text: '' }] : [];
    return [replaced(last, `${text} + 1`), replaced(last, `${text} - 1`), ...dropped];
  },
  /** A method for its counterpart, such as `min` for `max`. */
  'method-swap': ({ node }) => {
    if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier' || node.computed) return [];
    const other = methods.get(node.property.name);
    return other === undefined ? [] : [replaced(node.property, other)];
  },
  /** A `for` that begins one later or ends one earlier. */
  'loop-bound': ({ node }, source) => {
    if (node.type !== 'ForStatement') return [];
    const { init, test } = node;
    const start = init?.type === 'VariableDeclaration' ? init.declarations[0]?.init : undefined;
    const end = test?.type === 'BinaryExpression' ? test.right : undefined;
    return [start, end].flatMap((bound, i) =>
      bound ? [replaced(bound, `${textOf(source, bound)} ${i === 0 ? '+' : '-'} 1`)] : [],
    );
  },
  /** Another variable of the program is returned. */
  'variable-swap': ({ node, ancestors }, source, entry) => {
    if (node.type !== 'Identifier' || ancestors[0]?.type !== 'ReturnStatement') return [];
    return declaredNames(source, entry)
      .filter((name) => name !== node.name)
      .map((name) => replaced(node, name));
  },
  /** One side of a calculation or a condition alone. */
  'operand-drop': ({ node }, source) => {
    const calculates = node.type === 'BinaryExpression' && arithmetic.has(node.operator);
    if (!calculates && node.type !== 'LogicalExpression') return [];
    return [replaced(node, textOf(source, node.left)), replaced(node, textOf(source, node.right))];
  },
  /** One call of a chain of methods is left out. */
  'call-drop': ({ node }, source) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
    const { object } = node.callee;
    return /^[A-Z]/.test(textOf(source, object)) ? [] : [replaced(node, textOf(source, object))];
  },
  /** The branches of `? :` change places. */
  'branch-swap': ({ node }, source) => {
    if (node.type !== 'ConditionalExpression') return [];
    const [yes, no] = [textOf(source, node.consequent), textOf(source, node.alternate)];
    return [{ start: node.consequent.start, end: node.end, text: `${no} : ${yes}` }];
  },
  /** A text constant is empty, or is no longer. */
  'string-constant': ({ node, ancestors }) => {
    if (node.type !== 'Literal' || typeof node.value !== 'string' || ancestors[0]?.type === 'VariableDeclarator')
      return [];
    return [replaced(node, node.value === '' ? "' '" : "''")];
  },
  /** `g` or `i` of a regular expression is forgotten. */
  'regex-flag': ({ node }) =>
    node.type === 'Literal' && node.regex?.flags ? [replaced(node, `/${node.regex.pattern}/`)] : [],
} as const satisfies Record<string, Operator>;

export type MutationOperatorId = keyof typeof mutationOperators;

const boundary = pairs([
  ['<', '<='],
  ['>', '>='],
]);
const opposite = new Map<string, readonly string[]>([
  ['===', ['!==']],
  ['!==', ['===']],
  ['<', ['>=', '>']],
  ['>', ['<=', '<']],
  ['<=', ['>']],
  ['>=', ['<']],
]);
const arithmetic = new Map<string, readonly string[]>([
  ['+', ['-']],
  ['-', ['+']],
  ['*', ['/', '+']],
  ['/', ['*']],
  ['%', ['*']],
  ['**', ['*']],
]);
const methods = new Map(
  [
    ['min', 'max'],
    ['some', 'every'],
    ['shift', 'pop'],
    ['push', 'unshift'],
    ['floor', 'ceil'],
    ['indexOf', 'lastIndexOf'],
    ['startsWith', 'endsWith'],
    ['toUpperCase', 'toLowerCase'],
    ['padStart', 'padEnd'],
    ['trimStart', 'trimEnd'],
    ['find', 'findLast'],
    ['findIndex', 'findLastIndex'],
    ['reduce', 'reduceRight'],
    ['keys', 'values'],
    ['replaceAll', 'replace'],
  ].flatMap(([one, other]) => [[one, other] as [string, string], [other, one] as [string, string]]),
);
for (const [from, to] of [
  ['round', 'floor'],
  ['trunc', 'ceil'],
  ['trim', 'trimStart'],
  ['flatMap', 'map'],
  ['abs', 'floor'],
] as const) {
  methods.set(from, to);
}

function pairs(list: readonly (readonly [string, string])[]): Map<string, readonly string[]> {
  return new Map(list.flatMap(([a, b]) => [[a, [b]] as const, [b, [a]] as const]));
}

function binarySwap(node: AnyNode, source: string, table: ReadonlyMap<string, readonly string[]>): Edit[] {
  if (node.type !== 'BinaryExpression') return [];
  return (table.get(node.operator) ?? []).map((operator) => joined(node, source, operator));
}

function assignmentSwap({ node, ancestors: [parent] }: Place, source: string): Edit[] {
  if (node.type === 'AssignmentExpression' && node.operator.length === 2) {
    const [other] = arithmetic.get(node.operator[0] as string) ?? [];
    return other === undefined
      ? []
      : [replaced(node, `${textOf(source, node.left)} ${other}= ${textOf(source, node.right)}`)];
  }
  // The step of a `for` turned round never ends.
  if (node.type !== 'UpdateExpression' || parent?.type === 'ForStatement') return [];
  return [replaced(node, textOf(source, node).replace(node.operator, node.operator === '++' ? '--' : '++'))];
}

function joined(
  node: { left: AnyNode; right: AnyNode; start: number; end: number },
  source: string,
  operator: string,
): Edit {
  const side = (part: AnyNode) => `(${textOf(source, part)})`;
  return replaced(node, `(${side(node.left)} ${operator} ${side(node.right)})`);
}

/** A statement that must be there is replaced by an empty block. */
function removed({ node, ancestors: [parent] }: Place): Edit {
  return replaced(node, parent?.type === 'BlockStatement' ? '' : '{}');
}

function replaced({ start, end }: { readonly start: number; readonly end: number }, text: string): Edit {
  return { start, end, text };
}

function methodOf(node: Extract<AnyNode, { type: 'CallExpression' }>): string | undefined {
  const { callee } = node;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : undefined;
}

function isLoop(
  node: AnyNode,
): node is Extract<AnyNode, { type: 'ForStatement' | 'ForOfStatement' | 'WhileStatement' }> {
  return node.type === 'ForStatement' || node.type === 'ForOfStatement' || node.type === 'WhileStatement';
}
