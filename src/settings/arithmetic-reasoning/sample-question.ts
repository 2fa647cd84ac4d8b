import type { Rng } from '../../core/random.ts';
import { type Operation, type Operator, type Question, resultOf, stepsOf } from './question.ts';

/** Sizes of questions; the hard ones have one digit or one term more. */
export interface QuestionSizes {
  /** Most decimal digits of an operand. */
  readonly digits: number;
  /** Terms of a chain. */
  readonly terms: number;
  readonly hard: boolean;
  /** What may be asked. */
  readonly forms: readonly QuestionForm[];
}

type DrawQuestion = (sizes: QuestionSizes, rng: Rng) => Question;

/** Forms with their shares where all are asked, of twenty questions. */
const shares = { sum: 4, chain: 8, product: 5, comparison: 3 } as const;
export type QuestionForm = keyof typeof shares;
export const forms = Object.keys(shares) as [QuestionForm, ...QuestionForm[]];

const draws: Readonly<Record<QuestionForm, DrawQuestion>> = {
  sum: (sizes, rng) => sum(operandsUpTo(sizes, rng), 2, rng),
  chain: ({ digits, terms, hard }, rng) => sum(operandOf(digits, rng), hard ? terms + 1 : terms, rng),
  product,
  comparison,
};

/** A question whose values are never below 0 on the way. */
export function sampleQuestion(sizes: QuestionSizes, rng: Rng): Question {
  const asked = sizes.forms.flatMap((form) => Array<QuestionForm>(shares[form]).fill(form));
  for (;;) {
    const question = draws[rng.choice(asked)](sizes, rng);
    if (stepsOf(question).every(({ value }) => value >= 0) && resultOf(question) >= 0) return question;
  }
}

type Draw = () => number;

/** Operands of 1 to `digits` digits; with more digits more often. */
function operandOf(digits: number, rng: Rng): Draw {
  return () => rng.integer(1, rng.chance(0.25) ? 10 ** Math.max(1, digits - 1) - 1 : 10 ** digits - 1);
}

/** Hard ones have all the digits and one more. */
function operandsUpTo({ digits, hard }: QuestionSizes, rng: Rng): Draw {
  return hard ? () => rng.integer(10 ** digits, 10 ** (digits + 1) - 1) : operandOf(digits, rng);
}

function sum(draw: Draw, terms: number, rng: Rng): Question {
  return { first: draw(), rest: Array.from({ length: terms - 1 }, () => operation(draw, rng)) };
}

function operation(draw: Draw, rng: Rng): Operation {
  return { operator: rng.choice<Operator>(['+', '-']), operand: draw() };
}

/** 6 * 7 + 12; hard: 46 * 7 + 12. */
function product({ digits, hard }: QuestionSizes, rng: Rng): Question {
  const first = hard ? rng.integer(10, 99) : rng.integer(2, 9);
  return { first, rest: [{ operator: '*', operand: rng.integer(2, 9) }, operation(operandOf(digits, rng), rng)] };
}

/** Less, equal and more come alike often; the sides are near each other or far apart. */
function comparison(sizes: QuestionSizes, rng: Rng): Question {
  const side = rng.integer(-1, 1);
  for (;;) {
    const question = sum(operandsUpTo(sizes, rng), 2, rng);
    const distance = rng.chance(0.5) ? rng.integer(1, 9) : rng.integer(10, 10 ** sizes.digits);
    const bound = resultOf(question) + side * distance;
    if (bound >= 0 && resultOf(question) >= 0) return { ...question, bound };
  }
}
