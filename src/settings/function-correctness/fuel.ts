import { applyEdits, type Edit, placesOf } from './syntax.ts';

/** Rounds of loops that one call may make; solutions of the problems make a few hundred. */
const roundsPerCall = 5_000;

/** What {@link withFuel}'s function returns for a call that did not end in time. */
export const outOfFuel = 'out of fuel';

/** Name of the function that takes the place of `entry` in a program with fuel. */
export const fuelledEntry = 'runWithFuel';

/**
 * The program with a count of the rounds of its loops, so that a mutant without end shows itself at once and alike on
 * every machine. After the first such call the others are not made.
 */
export function withFuel(source: string, entry: string): string {
  const edits = placesOf(source).flatMap(({ node }): Edit[] =>
    /^(For|While|DoWhile)/.test(node.type) && 'body' in node
      ? around(node.body as { start: number; end: number }, 'if (--fuelLeft < 0) throw outOfFuel;')
      : [],
  );
  return `let fuelLeft = 0;
let fuelSpent = false;
const outOfFuel = '${outOfFuel}';
function ${fuelledEntry}(...input) {
  if (fuelSpent) return outOfFuel;
  fuelLeft = ${roundsPerCall};
  try {
    return ${entry}(...input);
  } catch (error) {
    if (error !== outOfFuel) throw error;
    fuelSpent = true;
    return outOfFuel;
  }
}
${applyEdits(source, edits)}`;
}

function around({ start, end }: { readonly start: number; readonly end: number }, first: string): Edit[] {
  return [
    { start: end, end, text: ' }' },
    { start, end: start, text: `{ ${first} ` },
  ];
}
