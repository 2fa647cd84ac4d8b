import type { Problem } from '../problem.ts';

/** Lists of numbers, item by item. */
export const listsProblems: readonly Problem[] = [
  {
    id: 'second-largest',
    topic: 'lists',
    statement: 'Return the second largest different number of the list, or null when there is none.',
    entry: 'secondLargest',
    parameters: ['xs'],
    solutions: [
      `function secondLargest(xs) {
  return [...new Set(xs)].sort((a, b) => b - a)[1] ?? null;
}`,
      `function secondLargest(xs) {
  let first = null;
  let second = null;
  for (const x of xs) {
    if (first === null || x > first) {
      second = first;
      first = x;
    } else if (x < first && (second === null || x > second)) {
      second = x;
    }
  }
  return second;
}`,
      `function secondLargest(numbers) {
  const top = Math.max(...numbers);
  const rest = numbers.filter((n) => n < top);
  return rest.length === 0 ? null : Math.max(...rest);
}`,
    ],
    inputs: [
      [[3, 1, 2]],
      [[1, 2]],
      [[2, 1]],
      [[]],
      [[5]],
      [[4, 4]],
      [[4, 4, 3]],
      [[1, 5, 5, 2]],
      [[-1, -2, -3]],
      [[0, -1]],
      [[7, 7, 7]],
      [[9, 1, 8, 2]],
      [[1, 2, 3, 4]],
      [[4, 3, 2, 1]],
      [[2, 9, 9, 8]],
      [[0, 0, 1]],
      [[6, 2, 6]],
      [[3, 8, 5]],
      [[8, 3, 5]],
      [[5, 3, 8]],
      [[-4, 0]],
      [[10, 9, 10, 7]],
    ],
    examples: [
      { input: [[3, 1, 2]], output: 2 },
      { input: [[4, 4]], output: null },
      { input: [[1, 5, 5, 2]], output: 2 },
    ],
  },
  {
    id: 'running-maximum',
    topic: 'lists',
    statement: 'Return the list in which each number is replaced by the largest up to and including it.',
    entry: 'runningMax',
    parameters: ['xs'],
    solutions: [
      `function runningMax(xs) {
  return xs.map((_, i) => Math.max(...xs.slice(0, i + 1)));
}`,
      `function runningMax(xs) {
  const out = [];
  for (const x of xs) {
    const last = out[out.length - 1];
    out.push(out.length === 0 || x > last ? x : last);
  }
  return out;
}`,
      `function runningMax(list) {
  let best = -Infinity;
  return list.map((value) => {
    if (value > best) best = value;
    return best;
  });
}`,
    ],
    inputs: [
      [[1, 3, 2]],
      [[]],
      [[4]],
      [[3, 2, 1]],
      [[1, 2, 3]],
      [[-2, -1, -3]],
      [[0, 0]],
      [[5, 1, 6, 2]],
      [[2, 2, 3]],
      [[-5]],
      [[7, 3, 7, 8]],
      [[1, 0, 1, 0]],
      [[-1, 0]],
      [[0, -1]],
      [[4, 6, 5]],
      [[6, 5, 4, 9]],
      [[3, 3, 3]],
      [[1, 9, 8, 7]],
      [[2, 1, 4, 3]],
      [[10, 20, 5]],
      [[-3, -3, -2]],
      [[8, 1]],
    ],
    examples: [
      { input: [[1, 3, 2]], output: [1, 3, 3] },
      { input: [[]], output: [] },
      { input: [[-2, -1, -3]], output: [-2, -1, -1] },
    ],
  },
  {
    id: 'split-into-chunks',
    topic: 'lists',
    statement: 'Cut the list into lists of n numbers each, n from 1; the last may be shorter.',
    entry: 'chunks',
    parameters: ['xs', 'n'],
    solutions: [
      `function chunks(xs, n) {
  return xs.length === 0 ? [] : [xs.slice(0, n), ...chunks(xs.slice(n), n)];
}`,
      `function chunks(xs, n) {
  const out = [];
  for (let i = 0; i < xs.length; i += n) out.push(xs.slice(i, i + n));
  return out;
}`,
      `function chunks(list, size) {
  const parts = [];
  list.forEach((item, index) => {
    if (index % size === 0) parts.push([]);
    parts[parts.length - 1].push(item);
  });
  return parts;
}`,
    ],
    inputs: [
      [[1, 2, 3], 2],
      [[1, 2], 2],
      [[], 3],
      [[1], 1],
      [[1, 2, 3, 4], 2],
      [[1, 2, 3, 4, 5], 2],
      [[7, 8], 1],
      [[7, 8], 5],
      [[4, 5, 6], 3],
      [[4, 5, 6, 7], 3],
      [[9], 4],
      [[0, 0, 0], 2],
      [[1, 2, 3, 4, 5, 6], 3],
      [[3, 2, 1], 1],
      [[5, 5, 5, 5], 4],
      [[2, 4, 6, 8], 1],
      [[1, 3, 5], 4],
      [[6, 7, 8, 9, 1], 3],
      [[6, 7, 8, 9, 1], 4],
      [[], 1],
      [[8, 6], 3],
      [[1, 1, 2, 2], 3],
    ],
    examples: [
      { input: [[1, 2, 3], 2], output: [[1, 2], [3]] },
      { input: [[], 3], output: [] },
      { input: [[7, 8], 1], output: [[7], [8]] },
    ],
  },
  {
    id: 'rotate-left',
    topic: 'lists',
    statement: 'Move the first n numbers, n from 0, to the end of the list; n may be more than there are.',
    entry: 'rotate',
    parameters: ['xs', 'n'],
    solutions: [
      `function rotate(xs, n) {
  return xs.map((_, i) => xs[(i + n) % xs.length]);
}`,
      `function rotate(xs, n) {
  if (xs.length === 0) return [];
  const k = n % xs.length;
  return xs.slice(k).concat(xs.slice(0, k));
}`,
      `function rotate(list, n) {
  const out = list.slice();
  for (let i = 0; i < n && out.length > 0; i++) {
    out.push(out.shift());
  }
  return out;
}`,
    ],
    inputs: [
      [[1, 2, 3], 1],
      [[1, 2, 3], 0],
      [[1, 2, 3], 3],
      [[1, 2, 3], 4],
      [[], 2],
      [[5], 3],
      [[1, 2], 1],
      [[1, 2], 5],
      [[4, 5, 6, 7], 2],
      [[4, 5, 6, 7], 3],
      [[4, 5, 6, 7], 6],
      [[9, 8, 7], 2],
      [[9, 8, 7], 7],
      [[0, 1], 2],
      [[3, 3, 1], 1],
      [[6, 2, 4], 5],
      [[8], 0],
      [[1, 2, 3, 4, 5], 4],
      [[1, 2, 3, 4, 5], 8],
      [[2, 4], 3],
      [[7, 1, 7], 2],
      [[], 0],
    ],
    examples: [
      { input: [[1, 2, 3], 1], output: [2, 3, 1] },
      { input: [[1, 2, 3], 4], output: [2, 3, 1] },
      { input: [[], 2], output: [] },
    ],
  },
  {
    id: 'index-of-first-larger',
    topic: 'lists',
    statement: 'Return the index of the first number larger than the limit, or -1 when there is none.',
    entry: 'firstLarger',
    parameters: ['xs', 'limit'],
    solutions: [
      `function firstLarger(xs, limit) {
  return xs.findIndex((x) => x > limit);
}`,
      `function firstLarger(xs, limit) {
  for (let i = 0; i < xs.length; i++) {
    if (xs[i] > limit) return i;
  }
  return -1;
}`,
      `function firstLarger(list, limit) {
  let at = -1;
  for (let i = list.length - 1; i >= 0; i--) {
    if (list[i] > limit) at = i;
  }
  return at;
}`,
    ],
    inputs: [
      [[1, 5, 3], 2],
      [[1, 5, 3], 5],
      [[1, 5, 3], 4],
      [[], 0],
      [[3], 2],
      [[3], 3],
      [[9, 8, 7], 1],
      [[0, 0, 1], 0],
      [[-2, -1, 0], -1],
      [[-2, -1], 3],
      [[4, 4, 5], 4],
      [[2, 6, 6], 5],
      [[1, 2, 3, 4], 3],
      [[1, 2, 3, 4], 0],
      [[8, 1, 9], 8],
      [[5, 5], 5],
      [[7, 0, 7], 6],
      [[0, 3, 1], 2],
      [[1, 1, 1, 2], 1],
      [[6, 9], 7],
      [[2, 3], 9],
      [[-5, 5], -5],
    ],
    examples: [
      { input: [[1, 5, 3], 2], output: 1 },
      { input: [[1, 5, 3], 5], output: -1 },
      { input: [[4, 4, 5], 4], output: 2 },
    ],
  },
  {
    id: 'sum-without-extremes',
    topic: 'lists',
    statement: 'Return the sum of the list without one smallest and one largest number; 0 for fewer than 3.',
    entry: 'innerSum',
    parameters: ['xs'],
    solutions: [
      `function innerSum(xs) {
  return [...xs].sort((a, b) => a - b).slice(1, -1).reduce((sum, x) => sum + x, 0);
}`,
      `function innerSum(xs) {
  if (xs.length < 3) return 0;
  let sum = 0;
  let low = xs[0];
  let high = xs[0];
  for (const x of xs) {
    sum += x;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return sum - low - high;
}`,
      `function innerSum(list) {
  if (list.length <= 2) return 0;
  const total = list.reduce((a, b) => a + b);
  return total - Math.min(...list) - Math.max(...list);
}`,
    ],
    inputs: [
      [[1, 2, 3]],
      [[5, 1, 9, 4]],
      [[]],
      [[7]],
      [[2, 8]],
      [[4, 4, 4]],
      [[0, 0, 0, 1]],
      [[-1, -2, -3]],
      [[10, 1, 1]],
      [[6, 2, 6, 2]],
      [[3, 1, 2]],
      [[-5, 0, 5]],
      [[1, 2, 3, 4, 5]],
      [[9, 8, 1]],
      [[-4, 2, 8]],
      [[5, 5, 1, 1]],
      [[100, 3, 50]],
      [[2, 2]],
      [[0, 7, 3]],
      [[1, 1, 6, 9]],
      [[8, 2, 7, 3]],
      [[-1, 4, -1]],
    ],
    examples: [
      { input: [[1, 2, 3]], output: 2 },
      { input: [[5, 1, 9, 4]], output: 9 },
      { input: [[2, 8]], output: 0 },
    ],
  },
];
