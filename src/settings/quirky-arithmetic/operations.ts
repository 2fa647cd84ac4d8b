import type { Rng } from '../../core/random.ts';

/** An operation with its two operands, or its one. */
export interface Task {
  readonly operation: OperationId;
  readonly a: number;
  readonly b: number;
}

interface Operation {
  result(a: number, b: number, modulus: number): number;
  /** The left side of the equation. */
  symbols(a: number, b: number, modulus: number): (string | number)[];
  readonly commutes: boolean;
  /** Takes one operand, which has a digit more; b is 0. */
  readonly unary?: true;
}

const operations = {
  addition: { result: (a, b) => a + b, symbols: (a, b) => [a, '+', b], commutes: true },
  subtraction: { result: (a, b) => a - b, symbols: (a, b) => [a, '-', b], commutes: false },
  multiplication: { result: (a, b) => a * b, symbols: (a, b) => [a, '*', b], commutes: true },
  'modular-addition': {
    result: (a, b, modulus) => (a + b) % modulus,
    symbols: (a, b, modulus) => ['(', a, '+', b, ')', 'mod', modulus],
    commutes: true,
  },
  squaring: { result: (a) => a * a, symbols: (a) => [a, 'squared'], commutes: false, unary: true },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;
export const operationIds = Object.keys(operations) as [OperationId, ...OperationId[]];

const operationOf = (id: OperationId): Operation => operations[id];

/** Operands int(10^(U·D)) with U uniform in [0, 1) and D digits, one more where there is one operand (methods.md 8.2). */
export function drawTask(operation: OperationId, digits: number, rng: Rng): Task {
  const { unary } = operationOf(operation);
  const draw = () => Math.floor(10 ** (rng.uniform() * (unary ? digits + 1 : digits)));
  return { operation, a: draw(), b: unary ? 0 : draw() };
}

/** Alice's result: the exact one. */
export function exactResult({ operation, a, b }: Task, modulus: number): number {
  return operationOf(operation).result(a, b, modulus);
}

/** Bob's result: he adds 10^(len − 1) to the exact one, len being its number of digits without a sign. */
export function quirkyResult(exact: number): number {
  return exact + 10 ** (`${Math.abs(exact)}`.length - 1);
}

/** The equation with some result. */
export function equationOf({ operation, a, b }: Task, result: number, modulus: number): (string | number)[] {
  return [...operationOf(operation).symbols(a, b, modulus), '=', result];
}

/** What is known by whoever knows the result: the operation and its operands, whatever their order where it is no matter. */
export function factOf({ operation, a, b }: Task): string {
  const [first, second] = operationOf(operation).commutes && a > b ? [b, a] : [a, b];
  return operationOf(operation).unary ? `${operation}-${a}` : `${operation}-${first}-${second}`;
}

/** min(|a|, |b|), or |a| of one operand. */
export function difficultyOf({ operation, a, b }: Task): number {
  return operationOf(operation).unary ? a : Math.min(a, b);
}
