/**
 * Changes of a program's text that leave its behaviour on known inputs as it is. They go to right and wrong programs and
 * to tampered ones alike, so that no name, comment, table or `try` tells them apart.
 */
import type { Rng } from '../../core/random.ts';
import { entryFunction } from './entry-function.ts';
import { type KnownCase, withKnownCases } from './known-cases.ts';
import { declaredNames, freshName, variablePlaces } from './names.ts';
import { applyEdits, countCodeLines, type Edit, normalise, type Place, placesOf, textOf } from './syntax.ts';

export interface RewriteContext {
  readonly entry: string;
  /** Inputs that the program gets right. */
  readonly known: readonly KnownCase[];
  readonly rng: Rng;
}

type Rewrite = (source: string, context: RewriteContext) => string;

/** In this order, each with its probability; `lines` says whether it may add lines of code. */
const rewrites: readonly { readonly share: number; readonly lines: boolean; readonly rewrite: Rewrite }[] = [
  { share: 0.25, lines: false, rewrite: flipComparisons },
  { share: 0.25, lines: false, rewrite: plainIncrements },
  { share: 0.2, lines: false, rewrite: letForConst },
  { share: 0.2, lines: true, rewrite: whileForFor },
  { share: 0.6, lines: false, rewrite: renameVariables },
  { share: 0.12, lines: true, rewrite: knownCases },
  { share: 0.06, lines: true, rewrite: tryAndThrow },
  { share: 0.06, lines: true, rewrite: helper },
  { share: 0.06, lines: true, rewrite: memoTable },
];

/** The program rewritten at random, in the one layout, perhaps with a comment; a short one stays under 4 lines of code. */
export function rewriteProgram(program: string, context: RewriteContext, short: boolean): string {
  const { rng } = context;
  let source = normalise(program);
  for (const { share, lines, rewrite } of rewrites) {
    if (rng.chance(share) && !(short && lines)) source = normalise(rewrite(source, context));
  }
  return rng.chance(0.2) ? withComment(source, rng) : source;
}

/** A program is short when it has under 4 lines of code (methods.md 11.4). */
export function isShort(program: string): boolean {
  return countCodeLines(program) < 4;
}

export function renameVariables(source: string, { entry, rng }: RewriteContext): string {
  const places = placesOf(source);
  const taken = new Set(places.flatMap(({ node }) => (node.type === 'Identifier' ? [node.name] : [])));
  const fresh = rng.shuffle(names.filter((name) => !taken.has(name)));
  const edits = declaredNames(source, entry).flatMap((name) => {
    const other = rng.chance(0.7) ? fresh.pop() : undefined;
    return other === undefined ? [] : variablePlaces(places, name).map((place) => renamed(place, name, other));
  });
  return applyEdits(source, edits);
}

const names =
  'a b c d x y z list items values numbers text word result total count out acc item value current best left right data input temp size rest'.split(
    ' ',
  );

/** `{ a }` becomes `{ a: b }`. */
function renamed({ node, ancestors }: Place, name: string, other: string): Edit {
  const shorthand = ancestors
    .slice(0, 2)
    .some((parent) => parent.type === 'Property' && parent.shorthand && parent.key.start === node.start);
  return { start: node.start, end: node.end, text: shorthand ? `${name}: ${other}` : other };
}

const flipped = new Map([
  ['<', '>'],
  ['>', '<'],
  ['<=', '>='],
  ['>=', '<='],
  ['===', '==='],
  ['!==', '!=='],
]);

/** `a < b` becomes `b > a`, outermost comparisons only. */
export function flipComparisons(source: string, { rng }: RewriteContext): string {
  const edits = placesOf(source).flatMap(({ node, ancestors }): Edit[] => {
    if (node.type !== 'BinaryExpression' || ancestors.some(({ type }) => type === 'BinaryExpression')) return [];
    const operator = flipped.get(node.operator);
    if (operator === undefined || holdsCall(source, node) || rng.chance(0.3)) return [];
    return [
      {
        start: node.start,
        end: node.end,
        text: `(${textOf(source, node.right)}) ${operator} (${textOf(source, node.left)})`,
      },
    ];
  });
  return applyEdits(source, edits);
}

/** A call may change what the other side is, and its function holds comparisons of its own. */
function holdsCall(source: string, node: { readonly start: number; readonly end: number }): boolean {
  return /[(]|\+\+|--/.test(textOf(source, node));
}

/** `i++` becomes `i += 1` where its value is not used. */
export function plainIncrements(source: string): string {
  const edits = placesOf(source).flatMap(({ node, ancestors: [parent] }): Edit[] => {
    if (node.type !== 'UpdateExpression') return [];
    const unused =
      parent?.type === 'ExpressionStatement' || (parent?.type === 'ForStatement' && parent.update === node);
    return unused ? [{ ...node, text: `${textOf(source, node.argument)} ${node.operator[0]}= 1` }] : [];
  });
  return applyEdits(source, edits);
}

export function letForConst(source: string): string {
  const edits = placesOf(source).flatMap(({ node }): Edit[] =>
    node.type === 'VariableDeclaration' && node.kind === 'const'
      ? [{ start: node.start, end: node.start + 'const'.length, text: 'let' }]
      : [],
  );
  return applyEdits(source, edits);
}

/** The first `for` of three parts becomes a `while`, unless something in it goes on to the next round. */
export function whileForFor(source: string): string {
  for (const { node } of placesOf(source)) {
    if (node.type !== 'ForStatement' || !node.init || !node.test || !node.update) continue;
    if (/\bcontinue\b/.test(textOf(source, node.body))) continue;
    const body = textOf(source, node.body).replace(/^\{|\}$/g, '');
    const text = `{ ${textOf(source, node.init)}; while (${textOf(source, node.test)}) { ${body} ${textOf(source, node.update)}; } }`;
    return applyEdits(source, [{ start: node.start, end: node.end, text }]);
  }
  return source;
}

/** Answers that are right anyway, as for base cases. */
export function knownCases(source: string, { entry, known, rng }: RewriteContext): string {
  if (known.length === 0) return source;
  return withKnownCases(source, entry, rng.sample(known, Math.min(known.length, rng.integer(1, 3))), rng);
}

export function tryAndThrow(source: string, { entry }: RewriteContext): string {
  const { body } = entryFunction(source, entry);
  return applyEdits(source, [{ ...body, text: `{ try ${textOf(source, body)} catch (error) { throw error; } }` }]);
}

/** The function hands on to another that does the work. */
export function helper(source: string, { entry }: RewriteContext): string {
  const { body, parameterText } = entryFunction(source, entry);
  const solve = freshName(source, 'solve');
  const text = `{ return ${solve}(...arguments); } function ${solve}(${parameterText}) ${textOf(source, body)}`;
  return applyEdits(source, [{ ...body, text }]);
}

/** Results are kept by the input. */
export function memoTable(source: string, { entry }: RewriteContext): string {
  const { body, parameterText } = entryFunction(source, entry);
  const [key, table, solve] = ['key', 'table', 'solve'].map((name) => freshName(source, name)) as [
    string,
    string,
    string,
  ];
  const text = `{ const ${key} = JSON.stringify([...arguments]); if (!(${key} in ${table})) ${table}[${key}] = ${solve}(...arguments); return ${table}[${key}]; }
function ${solve}(${parameterText}) ${textOf(source, body)}`;
  return `const ${table} = {};\n${applyEdits(source, [{ ...body, text }])}`;
}

const comments = [
  'handles the edge cases first',
  'straightforward solution',
  'see the tests for examples',
  'checked by hand',
  'returns the answer',
];

function withComment(source: string, rng: Rng): string {
  const lines = source.split('\n');
  const at = rng.integer(0, Math.min(1, lines.length - 1));
  return [...lines.slice(0, at), `${at > 0 ? '  ' : ''}// ${rng.choice(comments)}`, ...lines.slice(at)].join('\n');
}
