import { isDeepStrictEqual } from 'node:util';
import type { CallResult, Json } from '../../sandbox/sandbox.ts';

/** What somebody handed in: a program, and the shown tests as they are after that. */
export interface Submission {
  readonly program: string;
  /** Statements of each shown test; without any it passes. */
  readonly tests: readonly string[];
}

/** A shown test before anybody touched it, with what the program in hand gives there. */
export interface ShownTest {
  readonly input: readonly Json[];
  readonly expected: Json;
  readonly result: CallResult;
}

export function isRight(result: CallResult, expected: Json): boolean {
  return 'value' in result && isDeepStrictEqual(result.value, expected);
}

/** The call of a test, e.g. `sum([1,2], 3)`. */
export function callOf(entry: string, input: readonly Json[]): string {
  return `${entry}(${input.map(literal).join(', ')})`;
}

/** The test as it is given, e.g. `assertEqual(sum([1,2], 3), 6);`. */
export function plainTest(entry: string, { input, expected }: Pick<ShownTest, 'input' | 'expected'>): string {
  return `assertEqual(${callOf(entry, input)}, ${literal(expected)});`;
}

export function literal(value: Json): string {
  return JSON.stringify(value);
}
