/** A working split at its equals signs, as plain text in symbols: `7 + 12 - 5 = 19 - 5 = 14` has three sides. */
function sidesOf(text: string): string[] {
  const symbols = text
    .replaceAll(' plus ', ' + ')
    .replaceAll(' minus ', ' - ')
    .replaceAll(' times ', ' * ')
    .replaceAll(' versus ', ' ? ')
    .replaceAll(' is ', ' = ');
  return symbols.split(' = ').map((side) => side.trim());
}

function evaluate(expression: string): number {
  if (!/^[\d\s+*-]+$/.test(expression)) throw new Error(`Expected arithmetic, got "${expression}".`);
  return new Function(`return ${expression};`)() as number;
}

/** Whether all sides of a working are equal and each carries on the one before it, or a comparison says what is so. */
export function isTrue(text: string): boolean {
  const sides = sidesOf(text);
  const [question, answer] = sides as [string, string];
  if (question.includes('?')) {
    const [left, bound] = question.split('?').map(evaluate) as [number, number];
    return answer === (left < bound ? 'less' : left > bound ? 'more' : 'equal');
  }
  // What is left over of a chain is written down unchanged, so equal sides alone are not enough.
  const tails = sides.map((side) => side.split(' ').slice(1));
  const carriesOn = tails.slice(1).every((tail, i) => tail.join(' ') === (tails[i] as string[]).slice(2).join(' '));
  return carriesOn && new Set(sides.map(evaluate)).size === 1;
}

/** What a text works out, the whole first and then each step, whatever the order of terms. */
export function factsOf(text: string): string[] {
  const sides = sidesOf(text).map((side) => (side.split(' ? ')[0] as string).split(' '));
  const steps = sides.filter((side) => side.length > 2).map((side) => side.slice(0, 3));
  return [sides[0] as string[], ...steps].map(inAnyOrder);
}

function inAnyOrder(symbols: readonly string[]): string {
  const terms = ['+', ...symbols].join(' ').match(/[-+] \d+(?: \* \d+)?/g) ?? [];
  const sorted = terms.map((term) => {
    const [sign, ...factors] = term.split(/ \* | /);
    return `${sign}${factors.sort().join('*')}`;
  });
  return sorted.sort().join(' ');
}

/** A line of a corpus as all that it says, one after the other: each but the last is taken back. */
export function saidIn(text: string) {
  const [first, ...answers] = text.split(' no ') as [string, ...string[]];
  const [prompt] = /^.*?(?: = | is )/.exec(first) as RegExpExecArray;
  const said = [first, ...answers.map((answer) => prompt + answer)];
  return { first, wrong: said.slice(0, -1), last: said.at(-1) as string, corrected: answers.length > 0 };
}
