import type { ContrastPair } from '../../core/examples.ts';
import type { Rng } from '../../core/random.ts';
import { type Layout, layOut } from '../symbol-layout.ts';
import { apply, type Operation, type Operator, type Question, type Step, stepsOf } from './question.ts';
import { type Mistake, misread, wrongResult } from './wrong-results.ts';

/** The words for the operations, for what precedes an answer, and for what stands between the sides of a comparison. */
type Words = Readonly<Record<Operator | '=' | '?', string>>;

/** Wordings of one question; the first is that of the texts. */
export const wordings: readonly Words[] = [
  { '+': '+', '-': '-', '*': '*', '=': '=', '?': '?' },
  { '+': 'plus', '-': 'minus', '*': 'times', '=': 'is', '?': 'versus' },
  { '+': 'and', '-': 'without', '*': 'by', '=': 'gives', '?': 'against' },
];

/** An answer: the value after each step, or the sign of a comparison. */
export type Answer =
  | { readonly values: readonly number[]; readonly miscopied?: Miscopied; readonly sign?: never }
  | { readonly sign: Sign; readonly values?: never };

/** The operand that stands first after a value, where that is not the question's. */
interface Miscopied {
  readonly after: number;
  readonly operand: number;
}

/** How the left side of a comparison is to the right one. */
const signs = ['less', 'equal', 'more'] as const;
export type Sign = (typeof signs)[number];

export function rightAnswer(question: Question): Answer {
  const { bound } = question;
  const values = stepsOf(question).map(apply);
  return bound === undefined ? { values } : { sign: signOf(values.at(-1) as number, bound) };
}

function signOf(value: number, bound: number): Sign {
  return signs[Math.sign(value - bound) + 1] as Sign;
}

/** What went wrong in an answer. */
export type Fault = Mistake | 'wrong-sign';

/** An answer with one mistake of those allowed, from which on it goes right again. */
export function wrongAnswer(
  question: Question,
  allowed: readonly Mistake[],
  rng: Rng,
): { readonly answer: Answer; readonly fault: Fault } {
  const right = rightAnswer(question);
  if (right.sign !== undefined) {
    const others = signs.filter((sign) => sign !== right.sign);
    return { answer: { sign: rng.choice(others) }, fault: 'wrong-sign' };
  }
  const copies = question.rest.length > 1 && allowed.includes('miscopied-operand');
  for (;;) {
    const wrong = copies && rng.chance(1 / allowed.length) ? miscopy(question, rng) : slip(question, allowed, rng);
    if (wrong.answer.values.every((value) => value >= 0)) return wrong;
  }
}

function slip({ first, rest }: Question, allowed: readonly Mistake[], rng: Rng) {
  const at = rng.integer(0, rest.length - 1);
  let fault: Mistake = 'off-by-one';
  let value = first;
  const values = rest.map((operation, i) => {
    const step: Step = { value, ...operation };
    if (i === at) ({ result: value, mistake: fault } = wrongResult(step, allowed, rng));
    else value = apply(step);
    return value;
  });
  return { answer: { values }, fault };
}

function miscopy({ first, rest }: Question, rng: Rng) {
  const after = rng.integer(0, rest.length - 2);
  const operation = rest[after + 1] as Operation;
  const operand = misread(operation.operand, rng);
  const copied = { first, rest: rest.with(after + 1, { ...operation, operand }) };
  const fault: Mistake = 'miscopied-operand';
  return { answer: { values: stepsOf(copied).map(apply), miscopied: { after, operand } }, fault };
}

/** The question up to where its answer starts. */
export function promptOf({ first, rest, bound }: Question, words: Words, layout: Layout): string {
  const sides = bound === undefined ? [] : [words['?'], bound];
  return layOut([...expression(first, rest, words), ...sides, words['=']], layout).trimStart();
}

/** What follows the prompt: each value with the operations that are left, and the last value alone. */
export function answerText({ rest }: Question, answer: Answer, words: Words, layout: Layout): string {
  if (answer.sign !== undefined) return layOut([answer.sign], layout);
  const symbols = answer.values.flatMap((value, i) => {
    const left = rest.slice(i + 1);
    const { miscopied } = answer;
    const copied = left.map((operation, j) =>
      j === 0 && miscopied?.after === i ? { ...operation, operand: miscopied.operand } : operation,
    );
    const shown = expression(value, copied, words);
    return i === 0 ? shown : [words['='], ...shown];
  });
  return layOut(symbols, layout);
}

function expression(first: number, rest: Question['rest'], words: Words): (string | number)[] {
  return [first, ...rest.flatMap(({ operator, operand }) => [words[operator], operand])];
}

/** The question with one answer against another, in the first `count` wordings. */
export function contrastPairs(
  question: Question,
  { negative, positive }: { readonly negative: Answer; readonly positive: Answer },
  { count, layout }: { readonly count: number; readonly layout: Layout },
): ContrastPair[] {
  return wordings.slice(0, count).map((words) => ({
    prompt: promptOf(question, words, layout),
    negative: answerText(question, negative, words, layout),
    positive: answerText(question, positive, words, layout),
  }));
}
