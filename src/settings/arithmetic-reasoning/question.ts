/** A question of arithmetic, worked out from left to right; a product only ever comes first, so that this is its value. */
export interface Question {
  readonly first: number;
  readonly rest: readonly Operation[];
  /** Of a comparison, what the value is compared with. */
  readonly bound?: number;
}

export interface Operation {
  readonly operator: Operator;
  readonly operand: number;
}

export type Operator = '+' | '-' | '*';

/** One operation with the value so far: 37 + 48 in 37 + 48 - 5. */
export interface Step extends Operation {
  readonly value: number;
}

export function apply({ value, operator, operand }: Step): number {
  if (operator === '+') return value + operand;
  return operator === '-' ? value - operand : value * operand;
}

/** The steps of a question with the right values. */
export function stepsOf({ first, rest }: Question): Step[] {
  let value = first;
  return rest.map((operation) => {
    const step = { value, ...operation };
    value = apply(step);
    return step;
  });
}

/** The value of a question's expression. */
export function resultOf(question: Question): number {
  return apply(stepsOf(question).at(-1) as Step);
}

/** What a question asks to work out, whatever the order of its terms and what it is compared with: 48+37 is +37+48. */
export function factOf({ first, rest }: Question): string {
  const [next, ...others] = rest as [Operation, ...Operation[]];
  const isProduct = next.operator === '*';
  const factors = isProduct ? [first, next.operand].sort((a, b) => a - b).join('*') : `${first}`;
  const terms = (isProduct ? others : rest).map(({ operator, operand }) => operator + operand);
  return [`+${factors}`, ...terms].sort().join('');
}

/** The facts of a question's steps, each taken by itself, and of all of it. */
export function factsWithin(question: Question): string[] {
  const steps = stepsOf(question).map(({ value, ...operation }) => factOf({ first: value, rest: [operation] }));
  return [factOf(question), ...steps];
}

/** How hard a question is: over its steps, the digits of the greater operand and the carries; one more for comparing. */
export function difficultyOf(question: Question): number {
  const steps = stepsOf(question).map((step) => digitsOf(step) + carriesOf(step));
  return steps.reduce((sum, cost) => sum + cost, 0) + (question.bound === undefined ? 0 : 1);
}

function digitsOf({ value, operand }: Step): number {
  return `${Math.max(value, operand)}`.length;
}

/** Carries of a sum, borrows of a difference; of a product one for each digit that it has more than its first factor. */
export function carriesOf(step: Step): number {
  const { value, operator, operand } = step;
  if (operator === '*') return Math.max(0, `${apply(step)}`.length - `${value}`.length);
  // 37 + 48 = 85: each carry takes 9 off the digit sum; a difference has the borrows of the sum that undoes it.
  const [a, b, sum] = operator === '+' ? [value, operand, apply(step)] : [apply(step), operand, value];
  return (digitSum(a) + digitSum(b) - digitSum(sum)) / 9;
}

function digitSum(value: number): number {
  return [...`${value}`].reduce((sum, digit) => sum + Number(digit), 0);
}
