import type { Rng } from '../../core/random.ts';
import { apply, type Step } from './question.ts';

/** Ways to get a step wrong, each a near miss; undefined where it would not change the result. */
const rules = {
  'off-by-one': (step, rng) => apply(step) + rng.choice([-1, 1]),
  'off-by-ten': (step, rng) => apply(step) + rng.choice([-10, 10]),
  'digit-swap': (step, rng) => swapDigits(apply(step), rng),
  'forgotten-carry': forgetCarries,
  'wrong-operator': ({ value, operator, operand }) => apply({ value, operator: operator === '+' ? '-' : '+', operand }),
} as const satisfies Record<string, (step: Step, rng: Rng) => number | undefined>;

/** A slip in one step's result, or the next operand miscopied when the rest is written down again. */
export type Mistake = keyof typeof rules | 'miscopied-operand';
export const mistakes = [...(Object.keys(rules) as (keyof typeof rules)[]), 'miscopied-operand'] as const;

/** A wrong result of a step, at least 0, by a rule drawn from those that are allowed and change it, else off by one. */
export function wrongResult(
  step: Step,
  allowed: readonly Mistake[],
  rng: Rng,
): { readonly result: number; readonly mistake: Mistake } {
  for (const mistake of rng.shuffle(allowed)) {
    if (mistake === 'miscopied-operand') continue;
    const result = rules[mistake](step, rng);
    if (result !== undefined && result >= 0 && result !== apply(step)) return { result, mistake };
  }
  return { result: apply(step) + 1, mistake: 'off-by-one' };
}

/** An operand, at least 1, with one digit read as another. */
export function misread(operand: number, rng: Rng): number {
  for (;;) {
    const digits = [...`${operand}`];
    digits[rng.integer(0, digits.length - 1)] = `${rng.integer(0, 9)}`;
    const read = Number(digits.join(''));
    if (read !== operand && read >= 1 && `${read}`.length === digits.length) return read;
  }
}

/** Two neighbouring digits exchanged, the first place not to become 0. */
function swapDigits(value: number, rng: Rng): number | undefined {
  const digits = [...`${value}`];
  const places = digits.flatMap((digit, i) => {
    const next = digits[i + 1];
    return next === undefined || next === digit || (i === 0 && next === '0') ? [] : [i];
  });
  if (places.length === 0) return undefined;
  const at = rng.choice(places);
  return Number(digits.toSpliced(at, 2, digits[at + 1] as string, digits[at] as string).join(''));
}

/** Digit by digit without carrying or borrowing; a product loses one ten. */
function forgetCarries(step: Step): number {
  const { value, operator, operand } = step;
  if (operator === '*') return apply(step) >= 20 ? apply(step) - 10 : apply(step);
  const length = Math.max(`${value}`.length, `${operand}`.length);
  const digitAt = (number: number, place: number) => Math.floor(number / 10 ** place) % 10;
  const places = Array.from({ length }, (_, place) => {
    const digit = apply({ value: digitAt(value, place), operator, operand: digitAt(operand, place) });
    // The first digit of a sum has nowhere to carry to but its own place.
    return (place === length - 1 && operator === '+' ? digit : (digit + 10) % 10) * 10 ** place;
  });
  return places.reduce((sum, part) => sum + part, 0);
}
