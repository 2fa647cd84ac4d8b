import { describe } from '../core/errors.ts';
import { readTruth } from './read-truth.ts';
import { RowFault } from './row-fault.ts';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Null: unknown. */
export type Truth = boolean | null;

/**
 * Compares two values as files have them: the text `4` is a number beside one, and `yes` is true beside a truth value.
 * `null` asks whether the other is absent (undefined, empty, NaN); what is absent is unknown beside anything else.
 * @throws RowFault when the values are of kinds that have no order.
 */
export function compareCells(a: unknown, comparison: Comparison, b: unknown): Truth {
  const isEquality = comparison === '==' || comparison === '!=';
  if (a === null || b === null) {
    if (!isEquality) return null;
    return (isAbsent(a) && isAbsent(b)) === (comparison === '==');
  }
  if (isAbsent(a) || isAbsent(b)) return null;
  const [left, right] = [plain(a), plain(b)];
  if (isEquality) return areEqual(left, right) === (comparison === '==');
  const difference = order(left, right);
  if (comparison === '<') return difference < 0;
  if (comparison === '<=') return difference <= 0;
  return comparison === '>' ? difference > 0 : difference >= 0;
}

type Plain = string | number | boolean;

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '' || Number.isNaN(value) || isNoTime(value);
}

/** As Parquet's times out of range are. */
function isNoTime(value: unknown): boolean {
  return value instanceof Date && Number.isNaN(value.getTime());
}

function plain(value: unknown): Plain {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new RowFault(`${describe(value)} cannot be compared`);
}

function areEqual(left: Plain, right: Plain): boolean {
  if (typeof left === typeof right) return left === right;
  if (typeof left === 'boolean') return left === truthOf(right);
  if (typeof right === 'boolean') return truthOf(left) === right;
  return numberOf(left) === numberOf(right);
}

/** Words that are no truth values are equal to none. */
function truthOf(value: Plain): boolean | undefined {
  return readTruth(value) ?? undefined;
}

function numberOf(value: Plain): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function order(left: Plain, right: Plain): number {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : Number(left > right);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) {
    throw new RowFault(`${describe(a === undefined ? left : right)} is no number to compare`);
  }
  return a < b ? -1 : Number(a > b);
}
