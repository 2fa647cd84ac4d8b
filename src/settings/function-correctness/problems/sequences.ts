import type { Problem } from '../problem.ts';

/** Lists whose order matters. */
export const sequencesProblems: readonly Problem[] = [
  {
    id: 'longest-run',
    topic: 'sequences',
    statement: 'Return the length of the longest run of equal neighbours in the list.',
    entry: 'longestRun',
    parameters: ['xs'],
    solutions: [
      `function longestRun(xs) {
  return Math.max(0, ...xs.map((x, i) => xs.slice(i).findIndex((y) => y !== x)).map((n, i) => (n < 0 ? xs.length - i : n)));
}`,
      `function longestRun(xs) {
  let best = 0;
  let run = 0;
  for (let i = 0; i < xs.length; i++) {
    run = i > 0 && xs[i] === xs[i - 1] ? run + 1 : 1;
    if (run > best) best = run;
  }
  return best;
}`,
      `function longestRun(list) {
  let longest = 0;
  let start = 0;
  while (start < list.length) {
    let end = start;
    while (end < list.length && list[end] === list[start]) end++;
    longest = Math.max(longest, end - start);
    start = end;
  }
  return longest;
}`,
    ],
    inputs: [
      [[1, 1, 2]],
      [[]],
      [[5]],
      [[1, 2, 3]],
      [[2, 2, 2]],
      [[1, 2, 2]],
      [[1, 2, 1, 2]],
      [[3, 3, 1, 3, 3, 3]],
      [[0, 0, 0, 1, 1]],
      [[4, 5, 5, 4]],
      [[7, 7]],
      [[1, 1, 1, 1]],
      [[6, 1, 1, 6, 6]],
      [[9, 9, 8, 8, 8]],
      [[-1, -1, 0]],
      [[2, 1, 1, 1, 2]],
      [[8, 0]],
      [[3, 3, 3, 3, 3]],
      [[1, 0, 0, 1, 1, 1, 1]],
      [[5, 5, 5, 2, 5]],
      [[0]],
      [[4, 4, 4, 4, 1, 4]],
    ],
    examples: [
      { input: [[1, 1, 2]], output: 2 },
      { input: [[]], output: 0 },
      { input: [[1, 2, 1, 2]], output: 1 },
    ],
  },
  {
    id: 'count-rises',
    topic: 'sequences',
    statement: 'Count the numbers of the list that are larger than the one just before.',
    entry: 'countRises',
    parameters: ['xs'],
    solutions: [
      `function countRises(xs) {
  return xs.filter((x, i) => i > 0 && x > xs[i - 1]).length;
}`,
      `function countRises(xs) {
  let count = 0;
  for (let i = 1; i < xs.length; i++) {
    if (xs[i - 1] < xs[i]) count += 1;
  }
  return count;
}`,
      `function countRises(list) {
  let previous = Infinity;
  let rises = 0;
  for (const value of list) {
    if (value > previous) rises++;
    previous = value;
  }
  return rises;
}`,
    ],
    inputs: [
      [[1, 2, 3]],
      [[3, 2, 1]],
      [[]],
      [[4]],
      [[1, 1]],
      [[1, 3, 2, 4]],
      [[0, 1, 0, 1]],
      [[5, 5, 6]],
      [[-2, -1]],
      [[-1, -2]],
      [[2, 2, 2]],
      [[1, 2, 2, 3]],
      [[9, 1, 2, 3, 4]],
      [[7, 8, 6, 7, 5]],
      [[0, 5]],
      [[4, 3, 5, 5]],
      [[1, 2, 3, 4, 5]],
      [[6, 1, 6]],
      [[3, 3, 4, 4, 5]],
      [[8, 9, 8, 9, 8, 9]],
      [[2, 1, 1, 0]],
      [[-3, 0, 3]],
    ],
    examples: [
      { input: [[1, 2, 3]], output: 2 },
      { input: [[1, 1]], output: 0 },
      { input: [[1, 3, 2, 4]], output: 2 },
    ],
  },
  {
    id: 'differences',
    topic: 'sequences',
    statement: 'Return the differences of neighbours, each number less the one before.',
    entry: 'differences',
    parameters: ['xs'],
    solutions: [
      `function differences(xs) {
  return xs.slice(1).map((x, i) => x - xs[i]);
}`,
      `function differences(xs) {
  const out = [];
  for (let i = 1; i < xs.length; i++) {
    out.push(xs[i] - xs[i - 1]);
  }
  return out;
}`,
      `function differences(list) {
  return list.reduce((found, x, i) => (i === 0 ? found : found.concat([x - list[i - 1]])), []);
}`,
    ],
    inputs: [
      [[1, 4, 6]],
      [[]],
      [[5]],
      [[3, 3]],
      [[9, 1]],
      [[0, 1, 3, 6]],
      [[-1, 1]],
      [[2, 2, 5]],
      [[7, 5, 8]],
      [[10, 0, 10]],
      [[1, 2, 3, 4]],
      [[4, -4]],
      [[6, 6, 6]],
      [[0, -3, 5]],
      [[8, 3, 1]],
      [[1, 10, 100]],
      [[2, 9, 9, 1]],
      [[-5, -2, 0]],
      [[3, 8]],
      [[5, 4, 6, 3]],
      [[11, 7, 7]],
      [[0, 0, 1]],
    ],
    examples: [
      { input: [[1, 4, 6]], output: [3, 2] },
      { input: [[5]], output: [] },
      { input: [[9, 1]], output: [-8] },
    ],
  },
  {
    id: 'balanced-brackets',
    topic: 'sequences',
    statement: 'Return whether the round brackets of the text are balanced; other characters do not matter.',
    entry: 'balanced',
    parameters: ['text'],
    solutions: [
      `function balanced(text) {
  let open = 0;
  for (const c of text) {
    if (c === '(') open++;
    if (c === ')') open--;
    if (open < 0) return false;
  }
  return open === 0;
}`,
      `function balanced(text) {
  const stack = [];
  for (const c of text) {
    if (c === '(') stack.push(c);
    else if (c === ')' && stack.pop() === undefined) return false;
  }
  return stack.length === 0;
}`,
      `function balanced(text) {
  return text.split('').reduce((open, c) => (open < 0 ? open : open + (c === '(') - (c === ')')), 0) === 0;
}`,
    ],
    inputs: [
      ['()'],
      [''],
      ['('],
      [')'],
      ['(()'],
      ['())'],
      [')('],
      ['a(b)c'],
      ['(())'],
      ['()()'],
      ['(()))('],
      ['x'],
      ['((('],
      ['(a(b)c)'],
      ['())('],
      ['(()())'],
      ['f(x'],
      ['a)b'],
      ['((a))('],
      ['(1)(2)'],
      ['()('],
      ['))'],
      ['((()))'],
    ],
    examples: [
      { input: ['()'], output: true },
      { input: [')('], output: false },
      { input: ['(()'], output: false },
    ],
  },
  {
    id: 'merge-sorted',
    topic: 'sequences',
    statement: 'Merge two ascending lists into one ascending list.',
    entry: 'merge',
    parameters: ['xs', 'ys'],
    solutions: [
      `function merge(xs, ys) {
  return [...xs, ...ys].sort((a, b) => a - b);
}`,
      `function merge(xs, ys) {
  const out = [];
  let i = 0;
  let j = 0;
  while (i < xs.length || j < ys.length) {
    if (j >= ys.length || (i < xs.length && xs[i] <= ys[j])) out.push(xs[i++]);
    else out.push(ys[j++]);
  }
  return out;
}`,
      `function merge(xs, ys) {
  if (xs.length === 0) return ys.slice();
  if (ys.length === 0) return xs.slice();
  if (xs[0] < ys[0]) return [xs[0]].concat(merge(xs.slice(1), ys));
  return [ys[0]].concat(merge(xs, ys.slice(1)));
}`,
    ],
    inputs: [
      [[1, 3], [2]],
      [[], []],
      [[1], []],
      [[], [2, 4]],
      [
        [1, 2],
        [3, 4],
      ],
      [
        [3, 4],
        [1, 2],
      ],
      [
        [1, 5],
        [2, 3],
      ],
      [[2, 2], [2]],
      [[-1], [0, 1]],
      [[0], [0]],
      [[1, 4, 9], [5]],
      [[7], [1, 8]],
      [
        [-5, 5],
        [-4, 4],
      ],
      [[10], [9]],
      [
        [1, 1],
        [0, 2],
      ],
      [
        [6, 8],
        [7, 9],
      ],
      [[2, 10], [11]],
      [[3], [3, 3]],
      [
        [0, 5, 6],
        [1, 2],
      ],
      [[4], [5, 6, 7]],
      [[8, 9], []],
      [
        [1, 10],
        [9, 100],
      ],
    ],
    examples: [
      { input: [[1, 3], [2]], output: [1, 2, 3] },
      { input: [[], [2, 4]], output: [2, 4] },
      { input: [[2, 10], [11]], output: [2, 10, 11] },
    ],
  },
  {
    id: 'best-streak-sum',
    topic: 'sequences',
    statement: 'Return the largest sum of neighbouring numbers of the list; the empty streak, with sum 0, counts too.',
    entry: 'bestStreak',
    parameters: ['xs'],
    solutions: [
      `function bestStreak(xs) {
  return Math.max(0, ...xs.flatMap((_, i) => xs.slice(i).map((_, j) => xs.slice(i, i + j + 1).reduce((a, b) => a + b))));
}`,
      `function bestStreak(xs) {
  let best = 0;
  let here = 0;
  for (const x of xs) {
    here = Math.max(0, here + x);
    best = Math.max(best, here);
  }
  return best;
}`,
      `function bestStreak(list) {
  let best = 0;
  for (let i = 0; i < list.length; i++) {
    let sum = 0;
    for (let j = i; j < list.length; j++) {
      sum += list[j];
      if (sum > best) best = sum;
    }
  }
  return best;
}`,
    ],
    inputs: [
      [[1, 2]],
      [[]],
      [[-1]],
      [[3]],
      [[-1, 2, -1]],
      [[2, -1, 2]],
      [[2, -3, 4]],
      [[-2, -3]],
      [[5, -9, 6, 1]],
      [[1, -1, 1]],
      [[4, -1, 4, -8]],
      [[0, 0]],
      [[-5, 7, -2, 3]],
      [[6, 1, -10, 6]],
      [[3, -2, 3, -2, 3]],
      [[-1, -2, 9]],
      [[8, -8, 8]],
      [[2, 2, -5, 3]],
      [[1, 2, 3, 4]],
      [[-4, 3]],
      [[7, -3]],
      [[1, -5, 2, 2]],
    ],
    examples: [
      { input: [[2, -1, 2]], output: 3 },
      { input: [[-2, -3]], output: 0 },
      { input: [[2, -3, 4]], output: 4 },
    ],
  },
];
