/**
 * A tiny language for rules over the columns of a row, such as `source == "human" and not reviewer in ["bot", null]`.
 * It is parsed and walked, never run as code. What is absent is unknown, and a rule that is unknown is not met, so a row
 * is never trusted for want of an answer.
 */
import { UserError } from '../core/errors.ts';
import { type ColumnPath, cellAt } from './column-path.ts';
import { type Comparison, compareCells, type Truth } from './compare-cells.ts';
import { type RuleToken, tokensOf } from './rule-tokens.ts';

export interface Rule {
  /** Columns that it reads. */
  readonly columns: readonly ColumnPath[];
  /**
   * Whether a row meets it.
   * @throws RowFault saying why, when the row's cells cannot be compared as the rule asks.
   */
  isMet(cells: unknown): boolean;
}

type Term = (cells: unknown) => unknown;
type Test = (cells: unknown) => Truth;

interface Reading {
  readonly tokens: readonly RuleToken[];
  readonly columns: ColumnPath[];
  at: number;
  depth: number;
}

const maxLength = 5000;
const maxDepth = 100;

/**
 * Reads a rule: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in [..]`, `not in [..]`, `and`, `or`, `not`, parentheses, strings in
 * either quotes, numbers, `true`, `false`, `null`; anything else is a column, dotted where it is nested, in backticks
 * where its name has other characters.
 * @throws UserError `bad-rule` naming the place.
 */
export function parseRule(text: string): Rule {
  if (text.length > maxLength) throw ruleFault(`at most ${maxLength} characters`, `${text.length}`);
  const reading: Reading = { tokens: tokensOf(text), columns: [], at: 0, depth: 0 };
  const test = either(reading);
  const rest = peek(reading);
  if (rest.kind !== 'end') throw unexpected(rest, 'and, or, or the end');
  return { columns: reading.columns, isMet: (cells) => test(cells) === true };
}

function either(reading: Reading): Test {
  const tests = [both(reading)];
  while (takes(reading, 'or')) tests.push(both(reading));
  return joined(tests, true);
}

function both(reading: Reading): Test {
  const tests = [negated(reading)];
  while (takes(reading, 'and')) tests.push(negated(reading));
  return joined(tests, false);
}

/** Kleene's and, or: one decisive truth settles it, else one unknown leaves it unknown. */
function joined(tests: readonly Test[], decisive: boolean): Test {
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (cells) => {
    let truth: Truth = !decisive;
    for (const test of tests) {
      const one = test(cells);
      if (one === decisive) return decisive;
      if (one === null) truth = null;
    }
    return truth;
  };
}

function negated(reading: Reading): Test {
  if (!takes(reading, 'not')) return compared(reading);
  const test = deeper(reading, negated);
  return (cells) => {
    const truth = test(cells);
    return truth === null ? null : !truth;
  };
}

function compared(reading: Reading): Test {
  if (takes(reading, '(')) {
    const test = deeper(reading, either);
    expectSymbol(reading, ')');
    return test;
  }
  const left = term(reading);
  const token = peek(reading);
  if (takes(reading, 'in')) return among(left, list(reading), true);
  if (takes(reading, 'not')) {
    expectSymbol(reading, 'in');
    return among(left, list(reading), false);
  }
  if (token.kind !== 'comparison') return (cells) => compareCells(left(cells), '==', true);
  reading.at++;
  const right = term(reading);
  const comparison = token.text as Comparison;
  return (cells) => compareCells(left(cells), comparison, right(cells));
}

function among(left: Term, terms: readonly Term[], wanted: boolean): Test {
  const isOne = joined(
    terms.map(
      (right): Test =>
        (cells) =>
          compareCells(left(cells), '==', right(cells)),
    ),
    true,
  );
  return (cells) => {
    const truth = terms.length === 0 ? false : isOne(cells);
    return truth === null ? null : truth === wanted;
  };
}

function list(reading: Reading): Term[] {
  expectSymbol(reading, '[');
  const terms: Term[] = [];
  while (!takes(reading, ']')) {
    if (terms.length > 0) expectSymbol(reading, ',');
    terms.push(term(reading));
  }
  return terms;
}

function term(reading: Reading): Term {
  const token = peek(reading);
  reading.at++;
  if (token.kind === 'literal') return () => token.value;
  if (token.kind !== 'column') throw unexpected(token, 'a column or a value');
  const path = token.path;
  reading.columns.push(path);
  // In a rule null asks for absence; a cell that is null is absent itself.
  return (cells) => cellAt(cells, path) ?? undefined;
}

function deeper(reading: Reading, read: (reading: Reading) => Test): Test {
  if (++reading.depth > maxDepth) throw ruleFault(`nested at most ${maxDepth} deep`, 'more');
  const test = read(reading);
  reading.depth--;
  return test;
}

function peek({ tokens, at }: Reading): RuleToken {
  return tokens[at] as RuleToken;
}

function takes(reading: Reading, symbol: string): boolean {
  const token = peek(reading);
  if (token.kind !== 'symbol' || token.text !== symbol) return false;
  reading.at++;
  return true;
}

function expectSymbol(reading: Reading, symbol: string): void {
  if (!takes(reading, symbol)) throw unexpected(peek(reading), `"${symbol}"`);
}

function unexpected(token: RuleToken, wanted: string): UserError {
  return ruleFault(`${wanted} at character ${token.place}`, token.kind === 'end' ? 'the end' : `"${token.text}"`);
}

function ruleFault(wanted: string, got: string): UserError {
  return new UserError('bad-rule', `Expected the rule to have ${wanted}, got ${got}. Example: source == "human".`);
}
