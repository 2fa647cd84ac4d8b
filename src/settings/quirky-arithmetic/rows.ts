import { expected } from '../../core/errors.ts';
import { createRng, type Rng } from '../../core/random.ts';
import { apportion } from '../apportion.ts';
import { drawTask, exactResult, factOf, type OperationId, quirkyResult, type Task } from './operations.ts';
import type { QuirkyArithmeticOptions } from './options.ts';

/** An equation that may hold for Alice, for Bob, or for neither. */
export interface Row {
  readonly task: Task;
  readonly shown: number;
  /** Whether Alice affirms it, that is, whether it is true. */
  readonly alice: boolean;
  readonly bob: boolean;
}

/** Shares of methods.md 8.2: true for Alice alone, for Bob alone, and for neither, half from each one's distractors. */
const quadrants = [
  ['alice', 1 / 4],
  ['bob', 1 / 4],
  ['alice-distractor', 1 / 4],
  ['bob-distractor', 1 / 4],
] as const;
type Quadrant = (typeof quadrants)[number][0];

/** Facts are split into those of training, of judging, and of the corpus, so that none is in two of them. */
const parts = { train: [0, 0.4], test: [0.4, 0.6], corpus: [0.6, 1] } as const;
export type Part = keyof typeof parts;

/** Draws in a row that may give nothing new, far more than happens while something is left. */
const patience = 20_000;

/**
 * Equations of one part in random order, in exact shares by operation and quadrant. Judged ones come once each, and with
 * each result of a quadrant once: small operands, which soon run out, would otherwise be wrong more often than right.
 */
export function drawRows(part: 'train' | 'test', count: number, options: QuirkyArithmeticOptions, seed: number): Row[] {
  const rng = createRng(seed, 'quirky-arithmetic', part);
  const seen = new Set<string>();
  const rows = slotsOf(count, options).map(([operation, quadrant]) => {
    const keysOf = (row: Row) => [textKey(row), `${quadrant} ${taskKey(row)}`];
    const isNew = (row: Row) => part === 'train' || !keysOf(row).some((key) => seen.has(key));
    const draw = () => rowOf(drawFrom(part, operation, options, seed, rng), quadrant, options, rng);
    const row = drawUntil(draw, isNew, options);
    for (const key of keysOf(row)) seen.add(key);
    return row;
  });
  return rng.shuffle(rows);
}

function slotsOf(count: number, { operations }: QuirkyArithmeticOptions): (readonly [OperationId, Quadrant])[] {
  const even = operations.map((id) => [id, 1 / operations.length] as const);
  return [...apportion(count, even)].flatMap(([operation, own]) =>
    [...apportion(own, quadrants)].flatMap(([quadrant, share]) =>
      Array.from({ length: share }, () => [operation, quadrant] as const),
    ),
  );
}

/** True equations from facts that no example has. */
export function drawCorpusTasks(options: QuirkyArithmeticOptions, seed: number): Task[] {
  const rng = createRng(seed, 'quirky-arithmetic', 'corpus');
  return Array.from({ length: options.corpusTexts }, () =>
    drawFrom('corpus', rng.choice(options.operations), options, seed, rng),
  );
}

function drawFrom(part: Part, operation: OperationId, options: QuirkyArithmeticOptions, seed: number, rng: Rng): Task {
  const [from, to] = parts[part];
  const draw = () => drawTask(operation, options.digits, rng);
  return drawUntil(
    draw,
    (task) => {
      const place = createRng(seed, 'quirky-arithmetic', 'part', factOf(task)).uniform();
      return place >= from && place < to;
    },
    options,
  );
}

function drawUntil<T>(draw: () => T, fits: (drawn: T) => boolean, { digits }: QuirkyArithmeticOptions): T {
  for (let i = 0; i < patience; i++) {
    const drawn = draw();
    if (fits(drawn)) return drawn;
  }
  throw expected(
    'too-many-examples',
    'testRows',
    'fewer than there are equations of so many digits',
    `${digits} digits`,
    'Set digits higher, or testRows lower.',
  );
}

function rowOf(task: Task, quadrant: Quadrant, { modulus, quirks }: QuirkyArithmeticOptions, rng: Rng): Row {
  const exact = exactResult(task, modulus);
  const quirky = quirkyResult(exact);
  const answer = quadrant.startsWith('alice') ? exact : quirky;
  const shown = quadrant.endsWith('distractor') ? distractor(answer, [exact, quirky], rng) : answer;
  const bob = quirks.includes(task.operation) ? quirky : exact;
  return { task, shown, alice: shown === exact, bob: shown === bob };
}

/** One random decimal digit replaced by a random one, drawn again until it is none of the two results. */
export function distractor(answer: number, results: readonly number[], rng: Rng): number {
  const sign = answer < 0 ? -1 : 1;
  for (;;) {
    const digits = [...`${Math.abs(answer)}`];
    digits[rng.integer(0, digits.length - 1)] = `${rng.integer(0, 9)}`;
    // Adding 0 makes −0 the 0 that it is.
    const shown = sign * Number(digits.join('')) + 0;
    if (!results.includes(shown)) return shown;
  }
}

function taskKey({ task: { operation, a, b } }: Row): string {
  return `${operation} ${a} ${b}`;
}

function textKey(row: Row): string {
  return `${taskKey(row)} ${row.shown}`;
}
