import { UserError } from '../core/errors.ts';
import type { ColumnPath } from './column-path.ts';

/** A word of a rule; `place` is its first character, from 1, and `end` the last one. */
export type RuleToken = { readonly place: number; readonly end: number; readonly text: string } & (
  | { readonly kind: 'symbol' | 'comparison' | 'end' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'column'; readonly path: ColumnPath }
);

const namePart = String.raw`(?:[\p{L}_$][\p{L}\p{N}_$-]*|${'`'}[^${'`'}]+${'`'})`;
const forms: readonly (readonly [RegExp, (text: string) => object])[] = [
  [/(?:==|!=|<=|>=|<|>)/uy, (text) => ({ kind: 'comparison', text })],
  [/&&|\|\||!/uy, (text) => ({ kind: 'symbol', text: signs[text] })],
  [/[()[\],]/uy, (text) => ({ kind: 'symbol', text })],
  [
    /-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\p{L}\p{N}_$])/iuy,
    (text) => ({ kind: 'literal', value: Number(text) }),
  ],
  [/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/suy, (text) => ({ kind: 'literal', value: unquoted(text) })],
  [new RegExp(`${namePart}(?:\\.${namePart})*`, 'uy'), wordOf],
];
const signs: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '!': 'not' };
const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null, none: null };

/**
 * The words of a rule, an `end` after them.
 * @throws UserError `bad-rule` naming the first character that begins none.
 */
export function tokensOf(text: string): RuleToken[] {
  const tokens: RuleToken[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = skipSpace(text, token.end);
  }
  return [...tokens, { kind: 'end', place: text.length + 1, end: text.length, text: '' }];
}

function tokenAt(text: string, at: number): RuleToken {
  for (const [form, make] of forms) {
    form.lastIndex = at;
    const found = form.exec(text)?.[0];
    if (found !== undefined) return { place: at + 1, end: at + found.length, text: found, ...make(found) } as RuleToken;
  }
  const sign = text.charAt(at);
  const next = sign === '=' ? 'Write == for "is equal to".' : 'Put names with other characters in backticks.';
  const place = `character ${at + 1} of the rule`;
  throw new UserError('bad-rule', `Expected ${place} to begin a column, value or sign, got "${sign}". ${next}`);
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (end < text.length && /\s/u.test(text.charAt(end))) end++;
  return end;
}

function wordOf(text: string): object {
  const word = text.toLowerCase();
  if (Object.hasOwn(constants, word)) return { kind: 'literal', value: constants[word] };
  if (['and', 'or', 'not', 'in'].includes(word)) return { kind: 'symbol', text: word };
  const parts = text.match(/`[^`]+`|[^.`]+/gu) ?? [];
  return { kind: 'column', path: parts.map((part) => part.replaceAll('`', '')) };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/gsu, (_, sign: string) => escapes[sign] ?? sign);
}
