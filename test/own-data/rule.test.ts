import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRule } from '../../src/own-data/parse-rule.ts';

const cells = {
  source: 'human',
  score: 4,
  text: '12',
  flag: 'yes',
  done: false,
  empty: '',
  none: null,
  'my column': 'x',
  'a.b': 'whole',
  meta: { 'deep key': { n: 7 }, tag: 'it"s' },
};

describe('a rule is met', () => {
  it.each([
    ['source == "human"', true],
    ["source == 'human' and score >= 4", true],
    ['source != "human" or score < 4', false],
    ['not (source == "bot") && !(score > 9)', true],
    ['source in ["bot", "human"]', true],
    ['source not in ["bot", "human"]', false],
    ['source in []', false],
    ['text > 3', true],
    ['text == 12.0', true],
    ['score == "4"', true],
    ['flag', true],
    ['flag == true and done == false', true],
    ['not done', true],
    ['done', false],
    ['empty == null and none == null and nothing == null', true],
    ['source != null', true],
    ['nothing == 3', false],
    ['nothing != 3', false],
    ['not (nothing == 3)', false],
    ['nothing == 3 or source == "human"', true],
    ['nothing in ["a"] or score == 4', true],
    ['nothing not in ["a"]', false],
    ['`my column` == "x"', true],
    ['a.b == "whole"', true],
    ['meta.`deep key`.n == 7', true],
    ['meta.tag == "it\\"s"', true],
    ['-1 < score AND score <= 4e0', true],
    ['constructor == null and __proto__ == null and meta.toString == null', true],
    ['source < "i"', true],
    ['true or false and false', true],
  ])('%s: %s', (text, wanted) => {
    expect(parseRule(text).isMet(cells)).toBe(wanted);
  });
});

describe('a rule is refused', () => {
  it.each([
    ['source = "human"', /character 8 .* Write == for/],
    ['source ==', /a column or a value at character 10, got the end/],
    ['(source == 1', /"\)" at character 13, got the end/],
    ['source == "a" source', /and, or, or the end at character 15, got "source"/],
    ['source in "a"', /"\[" at character 11/],
    ['a == "open', /character 6 .* got """/],
    ['process.exit(1)', /and, or, or the end at character 13/],
    ['5star == 1', /character 1 .*backticks/],
    [`${'('.repeat(200)}a${')'.repeat(200)}`, /nested at most 100 deep/],
    ['x'.repeat(6000), /at most 5000 characters/],
    ['', /a column or a value at character 1/],
  ])('%s', (text, message) => {
    expect(() => parseRule(text)).toThrow(message);
  });

  it('by a row whose values have no order, or are no single values', () => {
    expect(() => parseRule('source < 4').isMet(cells)).toThrow('"human" is no number to compare');
    expect(() => parseRule('meta == 4').isMet(cells)).toThrow('cannot be compared');
  });
});

type Node =
  | { readonly kind: 'test'; readonly column: 'a' | 'b' | 'c'; readonly sign: string; readonly value: number | null }
  | {
      readonly kind: 'among';
      readonly column: 'a' | 'b' | 'c';
      readonly values: readonly number[];
      readonly isIn: boolean;
    }
  | { readonly kind: 'not'; readonly of: Node }
  | { readonly kind: 'and'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'or'; readonly left: Node; readonly right: Node };

const column = fc.constantFrom('a' as const, 'b' as const, 'c' as const);
const value = fc.integer({ min: -1, max: 2 });
const { tree } = fc.letrec<{ tree: Node }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('test' as const),
      column,
      sign: fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
      value: fc.option(value, { freq: 5 }),
    }),
    fc.record({
      kind: fc.constant('among' as const),
      column,
      values: fc.array(value, { maxLength: 3 }),
      isIn: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('tree') }),
    fc.record({ kind: fc.constant('and' as const), left: tie('tree'), right: tie('tree') }),
    fc.record({ kind: fc.constant('or' as const), left: tie('tree'), right: tie('tree') }),
  ),
}));

/** With as few parentheses as the grammar allows: or binds least, then and, then not. */
function written(node: Node): string {
  if (node.kind === 'test') return `${node.column} ${node.sign} ${node.value}`;
  if (node.kind === 'among') return `${node.column} ${node.isIn ? 'in' : 'not in'} [${node.values.join(', ')}]`;
  const part = (of: Node, wraps: readonly string[]) => (wraps.includes(of.kind) ? `(${written(of)})` : written(of));
  if (node.kind === 'not') return `not ${part(node.of, ['and', 'or'])}`;
  if (node.kind === 'and') return `${part(node.left, ['or'])} and ${part(node.right, ['or', 'and'])}`;
  return `${part(node.left, [])} or ${part(node.right, ['or'])}`;
}

/** What a rule means, null where it is unknown, straight from the definition. */
function truth(node: Node, row: Readonly<Record<string, number | undefined>>): boolean | null {
  if (node.kind === 'not') return flip(truth(node.of, row));
  if (node.kind === 'and' || node.kind === 'or') {
    const both = [truth(node.left, row), truth(node.right, row)];
    const decisive = node.kind === 'or';
    if (both.includes(decisive)) return decisive;
    return both.includes(null) ? null : !decisive;
  }
  const cell = row[node.column];
  if (node.kind === 'among') {
    if (node.values.length === 0) return !node.isIn;
    return cell === undefined ? null : node.values.includes(cell) === node.isIn;
  }
  if (node.value === null) {
    if (node.sign === '==') return cell === undefined;
    return node.sign === '!=' ? cell !== undefined : null;
  }
  if (cell === undefined) return null;
  const difference = Math.sign(cell - node.value);
  const met: Record<string, readonly number[]> = {
    '==': [0],
    '!=': [-1, 1],
    '<': [-1],
    '<=': [-1, 0],
    '>': [1],
    '>=': [0, 1],
  };
  return (met[node.sign] as readonly number[]).includes(difference);
}

function flip(one: boolean | null): boolean | null {
  return one === null ? null : !one;
}

it('rules mean what a second, plain implementation says, whether cells are numbers, text or absent', () => {
  const cell = fc.option(value, { nil: undefined });
  fc.assert(
    fc.property(tree, cell, cell, cell, fc.boolean(), (node, a, b, c, asText) => {
      const row = { a, b, c };
      const stored = asText ? Object.fromEntries(Object.entries(row).map(([key, one]) => [key, one?.toString()])) : row;
      expect(parseRule(written(node)).isMet(stored)).toBe(truth(node, row) === true);
    }),
    { numRuns: 3000, seed: 7 },
  );
});

it('whatever the text is, it is a rule or a clear fault', () => {
  const unit = fc.constantFrom(
    'a',
    ' ',
    '"',
    '(',
    ')',
    '[',
    ']',
    '=',
    '==',
    '<',
    'and',
    'not',
    'in',
    '1',
    '.',
    '`',
    ',',
    '\\',
    '-',
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 15 }), (text) => {
      try {
        parseRule(text).isMet({ a: 1 });
      } catch (error) {
        expect((error as Error).message).toMatch(/^Expected |compare/);
      }
    }),
    { numRuns: 3000, seed: 8 },
  );
});
