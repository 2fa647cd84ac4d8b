import type { Rng } from '../../core/random.ts';

/** The eleven conditions that may guard an action. */
const conditions = [
  'v.shiny()',
  '!v.shiny()',
  'v.hard()',
  '!v.hard()',
  "v.shows('Diamond')",
  "!v.shows('Diamond')",
  'v.size() > 1',
  'v.size() < 2',
  'v.size() > 2',
  'v.maxShine() < 4',
  'v.maxHardness() < 4',
];

const commented = '// ';

type Modifier = (statement: string, rng: Rng) => string;

/** Modifiers with their shares (methods.md 11.4). Splits and sums leave what a statement does unchanged. */
const modifiers: readonly (readonly [share: number, modify: Modifier])[] = [
  [0.05, (statement) => commented + statement],
  [0.1, (statement) => `try { ${statement} } catch {}`],
  [0.35, (statement, rng) => `if (${rng.choice(conditions)}) ${statement}`],
  [0.25, splitDiamond],
  [0.25, rewriteIntegers],
];

/** With probability 0.6, again and again, one modifier; what is commented out stays as it is. */
export function modify(statement: string, rng: Rng): string {
  let modified = statement;
  while (rng.chance(0.6) && !modified.startsWith(commented)) modified = drawModifier(rng)(modified, rng);
  return modified;
}

function drawModifier(rng: Rng): Modifier {
  let left = rng.uniform();
  for (const [share, modifier] of modifiers) {
    left -= share;
    if (left < 0) return modifier;
  }
  return rewriteIntegers;
}

/** `'Diamond'` → `'Dia' + 'mond'`, at a random place; `'Diamonds'` likewise. */
export function splitDiamond(statement: string, rng: Rng): string {
  return statement.replace(/'(Diamonds?)'/, (_, word: string) => {
    const at = rng.integer(1, word.length - 1);
    return `'${word.slice(0, at)}' + '${word.slice(at)}'`;
  });
}

/** `5` → `2 + 3`, for every whole number from 2 to 9. */
export function rewriteIntegers(statement: string, rng: Rng): string {
  return statement.replace(/\b[2-9]\b/g, (digit) => {
    const part = rng.integer(1, Number(digit) - 1);
    return `${part} + ${Number(digit) - part}`;
  });
}
