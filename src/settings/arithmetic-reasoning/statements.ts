import { expected } from '../../core/errors.ts';
import type { ContrastPair } from '../../core/examples.ts';
import { createRng, type Rng } from '../../core/random.ts';
import { layOut } from '../symbol-layout.ts';
import type { WritingOptions } from './options.ts';
import { difficultyOf, factOf, factsWithin, type Question } from './question.ts';
import { sampleQuestion } from './sample-question.ts';
import {
  type Answer,
  answerText,
  contrastPairs,
  type Fault,
  promptOf,
  rightAnswer,
  wordings,
  wrongAnswer,
} from './wording.ts';
import type { Mistake } from './wrong-results.ts';

type Words = (typeof wordings)[number];

/** A question with an answer that is right or wrong. */
export interface Statement {
  readonly text: string;
  /** The statement against the same with another answer, of which exactly one is right; one pair for each wording. */
  readonly pairs: readonly ContrastPair[];
  readonly difficulty: number;
  readonly right: boolean;
  /** Whether its result ends in the right digit. */
  readonly lastDigitRight: boolean;
  /** What is wrong with it. */
  readonly fault?: Fault;
}

/** What a statement is to be. */
export interface Wanted {
  readonly right: boolean;
  /** Whether the wrong answer, stated or paired with the right one, ends in the right digit; left out: as it comes. */
  readonly lastDigitRight?: boolean;
}

/** Gives statements whose facts have not been given before, and workings to read. */
export interface StatementSource {
  /** One for each that is wanted, in random order. */
  statements(wanted: readonly Wanted[], size: { readonly hard: boolean; readonly label: string }): Statement[];
  /** To be called last. @throws UserError when the statements took nearly every question there is. */
  corpus(): string[];
}

/** Draws of one question that may fail in a row, far more than happens while some are left. */
const patience = 2_000;

export interface StatementOptions extends WritingOptions {
  /**
   * Mistakes that wrong statements may have; comparisons have the wrong sign. Statements with a wanted last digit need
   * all of them, and no comparisons.
   */
  readonly mistakes: readonly Mistake[];
}

/** A source whose statements depend on the seed, the stream's name and each call's label and place among the calls. */
export function createStatements(seed: number, stream: string, options: StatementOptions): StatementSource {
  const taken = new Set<string>();
  return {
    statements(wanted, { hard, label }) {
      const rng = createRng(seed, stream, label);
      const statements = wanted.map((each) => {
        const question = draw(options, hard, rng, (candidate) => !taken.has(factOf(candidate)));
        taken.add(factOf(question));
        return stateOf(question, each, options, rng);
      });
      return rng.shuffle(statements);
    },
    corpus() {
      const rng = createRng(seed, stream, 'corpus');
      const isFree = (question: Question) =>
        options.corpusFacts === 'shared' || factsWithin(question).every((fact) => !taken.has(fact));
      return Array.from({ length: options.corpusTexts }, () => {
        const question = draw(options, rng.chance(options.corpusHardShare), rng, isFree);
        const words = rng.choice(wordings.slice(0, options.wordings));
        return workingOf(question, words, options, rng);
      });
    },
  };
}

function draw(options: StatementOptions, hard: boolean, rng: Rng, fits: (question: Question) => boolean): Question {
  for (let i = 0; i < patience; i++) {
    const question = sampleQuestion({ ...options, hard }, rng);
    if (fits(question)) return question;
  }
  throw expected(
    'too-many-examples',
    'the number of examples',
    'less than there are questions of so many digits',
    `${options.digits} digits`,
    'Set digits or terms higher, or ask for fewer examples.',
  );
}

function stateOf(
  question: Question,
  { right, lastDigitRight }: Wanted,
  options: StatementOptions,
  rng: Rng,
): Statement {
  const truth = rightAnswer(question);
  const { answer: wrong, fault } = drawWrong(question, lastDigitRight, options.mistakes, rng);
  const [positive, negative] = right ? [truth, wrong] : [wrong, truth];
  const pairs = contrastPairs(question, { negative, positive }, { count: options.wordings, layout: options.layout });
  const own = pairs[0] as ContrastPair;
  return {
    text: own.prompt + own.positive,
    pairs,
    difficulty: difficultyOf(question),
    right,
    lastDigitRight: lastDigitOf(positive) === lastDigitOf(truth),
    ...(right ? {} : { fault }),
  };
}

/** Every sum and product can be off by one or by ten at its end, so that this finds one. */
function drawWrong(question: Question, lastDigitRight: boolean | undefined, allowed: readonly Mistake[], rng: Rng) {
  const right = lastDigitOf(rightAnswer(question));
  for (;;) {
    const wrong = wrongAnswer(question, allowed, rng);
    const agrees = lastDigitOf(wrong.answer) === right;
    if (lastDigitRight === undefined || agrees === lastDigitRight) return wrong;
  }
}

/** Undefined for a comparison. */
function lastDigitOf({ values }: Answer): number | undefined {
  return values && (values.at(-1) as number) % 10;
}

/** Wrong answers before the right one; more would make a line longer than a model may take. */
const mostAttempts = 3;

/** The question, wrong answers that are taken back with "no" as long as the dice say so, and the right answer. */
function workingOf(question: Question, words: Words, options: StatementOptions, rng: Rng): string {
  const { layout, mistakes, corpusCorrections } = options;
  let text = promptOf(question, words, layout);
  for (let attempts = 0; attempts < mostAttempts && rng.chance(corpusCorrections); attempts++) {
    const { answer } = wrongAnswer(question, mistakes, rng);
    text += answerText(question, answer, words, layout) + layOut(['no'], layout);
  }
  return text + answerText(question, rightAnswer(question), words, layout);
}
