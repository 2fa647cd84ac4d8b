import type { Example } from '../../core/examples.ts';
import { createRng, type Rng } from '../../core/random.ts';
import { difficultyQuantiles } from './difficulty-quantiles.ts';
import { difficultyOf, equationOf, factOf } from './operations.ts';
import type { QuirkyArithmeticOptions } from './options.ts';
import type { Row } from './rows.ts';
import { answerOf, promptOf, standardTemplate, type Template, templates } from './templates.ts';

/** Alice tells the truth; Bob errs. */
export type Character = 'alice' | 'bob';

/** With `names: 'two'` each character has its first. */
const names: Readonly<Record<Character, readonly string[]>> = {
  alice: ['Alice', 'Clara', 'Edith', 'Grace', 'Irene', 'Karen', 'Maria', 'Olive', 'Quinn', 'Sarah', 'Ursula', 'Wendy'],
  bob: ['Bob', 'David', 'Frank', 'Henry', 'James', 'Louis', 'Norman', 'Peter', 'Robert', 'Thomas', 'Victor', 'Xavier'],
};

/** An equation with what is known of it before it is asked of somebody. */
export interface RankedRow extends Row {
  /** Quantile of its difficulty among the records of its operation, in (0, 1). */
  readonly quantile: number;
}

/** Difficulty of one operation means nothing beside that of another, so each has quantiles of its own. */
export function rankRows(rows: readonly Row[]): RankedRow[] {
  const ranked = new Array<RankedRow>(rows.length);
  for (const operation of new Set(rows.map(({ task }) => task.operation))) {
    const own = rows.flatMap(({ task }, i) => (task.operation === operation ? [i] : []));
    // Each row gives two records of one difficulty, which leaves its quantile as it is.
    const quantiles = difficultyQuantiles(own.map((i) => difficultyOf((rows[i] as Row).task)));
    own.forEach((i, j) => {
      ranked[i] = { ...(rows[i] as Row), quantile: quantiles[j] as number };
    });
  }
  return ranked;
}

export const isEasy = ({ quantile }: Pick<RankedRow, 'quantile'>) => quantile <= 0.25;
export const isHard = ({ quantile }: Pick<RankedRow, 'quantile'>) => quantile >= 0.75;

/** An example of a row asked of a character, but for its id. */
export type CharacterRecord = Omit<Example, 'id'>;

export function recordsOf(
  rows: readonly RankedRow[],
  character: Character,
  options: QuirkyArithmeticOptions,
  seed: number,
  part: string,
): CharacterRecord[] {
  const rng = createRng(seed, 'quirky-arithmetic', 'records', part, character);
  return rows.map((row) => recordOf(row, character, options, rng));
}

function recordOf(row: RankedRow, character: Character, options: QuirkyArithmeticOptions, rng: Rng): CharacterRecord {
  const { task, shown, alice, bob, quantile } = row;
  const name = options.names === 'two' ? (names[character][0] as string) : rng.choice(names[character]);
  const equation = equationOf(task, shown, options.modulus);
  const pairs = templatesFor(options, rng).map((template) => ({
    prompt: promptOf(template, name, equation, options.layout),
    negative: answerOf(template, false, options.layout),
    positive: answerOf(template, true, options.layout),
  }));
  return {
    text: (pairs[0] as (typeof pairs)[number]).prompt,
    pairs,
    measurements: [character === 'alice' ? alice : bob],
    trusted: character === 'alice' && (options.trustedDifficulty === 'all' || isEasy(row)),
    groundTruth: alice,
    difficulty: quantile,
    group: factOf(task),
    kind: task.operation,
  };
}

/** One for each wording, the text's own first, then those that come next in the list. */
function templatesFor({ template, wordings }: QuirkyArithmeticOptions, rng: Rng): Template[] {
  if (template === 'standardized') return [standardTemplate, ...templates].slice(0, wordings);
  const own = template === 'single' ? 0 : rng.integer(0, templates.length - 1);
  return Array.from({ length: wordings }, (_, i) => templates[(own + i) % templates.length] as Template);
}
