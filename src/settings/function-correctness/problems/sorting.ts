import type { Problem } from '../problem.ts';

/** Orders, ranks and what depends on them. */
export const sortingProblems: readonly Problem[] = [
  {
    id: 'sort-by-distance',
    topic: 'sorting',
    statement:
      'Sort the numbers by their distance from the target, nearest first, the smaller first of equally near ones.',
    entry: 'byDistance',
    parameters: ['xs', 'target'],
    solutions: [
      `function byDistance(xs, target) {
  return xs.slice().sort((a, b) => Math.abs(a - target) - Math.abs(b - target) || a - b);
}`,
      `function byDistance(xs, target) {
  const below = xs.filter((x) => x <= target).sort((a, b) => b - a);
  const above = xs.filter((x) => x > target).sort((a, b) => a - b);
  const out = [];
  while (below.length + above.length > 0) {
    const takeBelow = above.length === 0 || (below.length > 0 && target - below[0] <= above[0] - target);
    out.push(takeBelow ? below.shift() : above.shift());
  }
  return out;
}`,
      `function byDistance(list, target) {
  const out = [];
  for (const x of list) {
    const far = Math.abs(x - target);
    let i = 0;
    while (i < out.length) {
      const other = Math.abs(out[i] - target);
      if (other > far || (other === far && out[i] > x)) break;
      i++;
    }
    out.splice(i, 0, x);
  }
  return out;
}`,
    ],
    inputs: [
      [[1, 2, 3], 2],
      [[3, 2, 1], 2],
      [[], 1],
      [[4], 9],
      [[1, 5], 3],
      [[5, 1], 3],
      [[1, 2, 3], 0],
      [[1, 2, 3], 4],
      [[9, 0, 5], 4],
      [[2, 2, 1], 2],
      [[-1, 1], 0],
      [[1, -1], 0],
      [[-3, 2, 1], -1],
      [[7, 3, 10], 5],
      [[10, 2, 9], 1],
      [[6, 4, 5], 5],
      [[0, 8], 4],
      [[3, 3, 5], 4],
      [[8, 1, 6, 3], 4],
      [[-2, -4], -5],
      [[1, 9, 2], 6],
      [[20, 3], 11],
      [[5, 4, 3], 3],
      [[2, 12, 7, 6], 7],
    ],
    examples: [
      { input: [[3, 2, 1], 2], output: [2, 1, 3] },
      { input: [[9, 0, 5], 4], output: [5, 0, 9] },
      { input: [[5, 1], 3], output: [1, 5] },
    ],
  },
  {
    id: 'ranks',
    topic: 'sorting',
    statement: 'Replace each number by its rank: 1 for the largest, equal numbers share the better rank, as in a race.',
    entry: 'ranks',
    parameters: ['scores'],
    solutions: [
      `function ranks(scores) {
  return scores.map((score) => 1 + scores.filter((other) => other > score).length);
}`,
      `function ranks(scores) {
  const order = [...scores].sort((a, b) => b - a);
  return scores.map((score) => order.indexOf(score) + 1);
}`,
      `function ranks(points) {
  const out = points.map(() => 1);
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      if (points[i] < points[j]) out[i]++;
      if (points[j] < points[i]) out[j]++;
    }
  }
  return out;
}`,
    ],
    inputs: [
      [[]],
      [[5]],
      [[1, 2]],
      [[2, 1]],
      [[3, 3]],
      [[1, 2, 3]],
      [[3, 2, 1]],
      [[2, 2, 1]],
      [[1, 2, 2]],
      [[2, 1, 2]],
      [[10, 9, 2]],
      [[9, 10, 2]],
      [[0, 0, 0]],
      [[-1, 0, 1]],
      [[-1, -2]],
      [[5, 1, 4, 1]],
      [[1, 1, 2, 3]],
      [[4, 4, 9, 4]],
      [[7, 3, 7, 1]],
      [[8, 6, 7, 5]],
      [[0, 5, 5, 5]],
      [[1, 2, 3, 4]],
      [[6, 6, 2, 2]],
      [[20, 100, 3]],
    ],
    examples: [
      { input: [[2, 2, 1]], output: [1, 1, 3] },
      { input: [[5, 1, 4, 1]], output: [1, 3, 2, 3] },
      { input: [[9, 10, 2]], output: [2, 1, 3] },
    ],
  },
  {
    id: 'merge-sorted-lists',
    topic: 'sorting',
    statement: 'Merge two lists, both in rising order, into one in rising order; what occurs more than once stays so.',
    entry: 'mergeSorted',
    parameters: ['a', 'b'],
    solutions: [
      `function mergeSorted(a, b) {
  return [...a, ...b].sort((x, y) => x - y);
}`,
      `function mergeSorted(a, b) {
  const out = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && a[i] < b[j])) out.push(a[i++]);
    else out.push(b[j++]);
  }
  return out;
}`,
      `function mergeSorted(left, right) {
  if (left.length === 0) return right;
  if (right.length > 0 && right[0] < left[0]) return mergeSorted(right, left);
  return [left[0], ...mergeSorted(left.slice(1), right)];
}`,
    ],
    inputs: [
      [[], []],
      [[1], []],
      [[], [2]],
      [[1], [2]],
      [[2], [1]],
      [[1, 3], [2]],
      [[2], [1, 3]],
      [
        [1, 2],
        [3, 4],
      ],
      [
        [3, 4],
        [1, 2],
      ],
      [[1, 1], [1]],
      [[5], [5]],
      [
        [1, 4],
        [2, 3],
      ],
      [[2, 10], [9]],
      [[-2, 0], [-1]],
      [[-3], [-5, 1]],
      [
        [0, 0],
        [0, 1],
      ],
      [
        [1, 5, 9],
        [2, 6],
      ],
      [[8], [1, 8, 9]],
      [
        [2, 4, 6],
        [1, 3],
      ],
      [[7], [6, 10]],
      [[10, 20], [3]],
      [[1, 2, 3], []],
      [[], [4, 4]],
      [
        [6, 7],
        [6, 8],
      ],
    ],
    examples: [
      { input: [[1, 3], [2]], output: [1, 2, 3] },
      { input: [[2, 10], [9]], output: [2, 9, 10] },
      { input: [[5], [5]], output: [5, 5] },
    ],
  },
  {
    id: 'pairs-out-of-order',
    topic: 'sorting',
    statement: 'Return how many pairs of places of the list hold a larger number before a smaller one.',
    entry: 'countInversions',
    parameters: ['xs'],
    solutions: [
      `function countInversions(xs) {
  return xs.reduce((count, x, i) => count + xs.slice(i + 1).filter((later) => later < x).length, 0);
}`,
      `function countInversions(xs) {
  let count = 0;
  for (let i = 0; i < xs.length; i++) {
    for (let j = 0; j < i; j++) {
      if (xs[j] > xs[i]) count++;
    }
  }
  return count;
}`,
      `function countInversions(list) {
  const sorted = list.slice();
  let swaps = 0;
  for (let end = sorted.length - 1; end > 0; end--) {
    for (let i = 0; i < end; i++) {
      if (sorted[i] > sorted[i + 1]) {
        [sorted[i], sorted[i + 1]] = [sorted[i + 1], sorted[i]];
        swaps++;
      }
    }
  }
  return swaps;
}`,
    ],
    inputs: [
      [[]],
      [[1]],
      [[1, 2]],
      [[2, 1]],
      [[2, 2]],
      [[1, 2, 3]],
      [[3, 2, 1]],
      [[1, 3, 2]],
      [[2, 1, 3]],
      [[3, 1, 2]],
      [[2, 3, 1]],
      [[4, 3, 2, 1]],
      [[2, 1, 4, 3]],
      [[5, 5, 1]],
      [[1, 5, 5]],
      [[0, -1]],
      [[-2, -1, -3]],
      [[3, 1, 3, 1]],
      [[9, 1, 2, 3]],
      [[2, 3, 4, 1]],
      [[10, 9]],
      [[9, 10, 2]],
      [[5, 4, 3, 2, 1]],
      [[6, 1, 6]],
      [[4, 1, 3, 2]],
    ],
    examples: [
      { input: [[3, 2, 1]], output: 3 },
      { input: [[5, 5, 1]], output: 2 },
      { input: [[2, 1, 4, 3]], output: 2 },
    ],
  },
  {
    id: 'evens-before-odds',
    topic: 'sorting',
    statement: 'Put the even numbers before the odd ones; within each group the order stays as it was.',
    entry: 'evensFirst',
    parameters: ['xs'],
    solutions: [
      `function evensFirst(xs) {
  return [...xs].sort((a, b) => Math.abs(a % 2) - Math.abs(b % 2));
}`,
      `function evensFirst(xs) {
  const even = [];
  const odd = [];
  for (const x of xs) (x % 2 === 0 ? even : odd).push(x);
  return even.concat(odd);
}`,
      `function evensFirst(list) {
  const out = [];
  let evens = 0;
  list.forEach((n) => {
    if (n % 2 === 0) {
      out.splice(evens, 0, n);
      evens += 1;
    } else {
      out.push(n);
    }
  });
  return out;
}`,
    ],
    inputs: [
      [[]],
      [[1]],
      [[2]],
      [[1, 2]],
      [[2, 1]],
      [[1, 3]],
      [[4, 2]],
      [[3, 1]],
      [[1, 2, 3]],
      [[2, 1, 4]],
      [[5, 4, 3, 2]],
      [[0, 1]],
      [[1, 0]],
      [[-1, 2]],
      [[-2, -1]],
      [[-3, -4, 1]],
      [[2, 2, 1]],
      [[7, 8, 7]],
      [[9, 6, 1, 4]],
      [[6, 9, 4, 1]],
      [[10, 5, 3]],
      [[1, 1, 2, 2]],
      [[3, 5, 7, 8]],
      [[8, 4, 6, 5]],
    ],
    examples: [
      { input: [[5, 4, 3, 2]], output: [4, 2, 5, 3] },
      { input: [[-3, -4, 1]], output: [-4, -3, 1] },
      { input: [[2, 1, 4]], output: [2, 4, 1] },
    ],
  },
  {
    id: 'kth-smallest',
    topic: 'sorting',
    statement:
      'Return the k-th smallest number of the list, k from 1, where equal numbers count each; null when there is none.',
    entry: 'kthSmallest',
    parameters: ['xs', 'k'],
    solutions: [
      `function kthSmallest(xs, k) {
  return [...xs].sort((a, b) => a - b)[k - 1] ?? null;
}`,
      `function kthSmallest(xs, k) {
  for (const x of xs) {
    const less = xs.filter((y) => y < x).length;
    const same = xs.filter((y) => y === x).length;
    if (less < k && k <= less + same) return x;
  }
  return null;
}`,
      `function kthSmallest(list, k) {
  if (list.length < k) return null;
  const low = Math.min(...list);
  if (k === 1) return low;
  const at = list.indexOf(low);
  return kthSmallest(list.filter((_, i) => i !== at), k - 1);
}`,
    ],
    inputs: [
      [[], 1],
      [[5], 1],
      [[5], 2],
      [[1, 2], 1],
      [[1, 2], 2],
      [[2, 1], 1],
      [[2, 1], 2],
      [[3, 1, 2], 3],
      [[3, 1, 2], 2],
      [[3, 1, 2], 4],
      [[4, 4], 2],
      [[4, 4, 1], 2],
      [[1, 4, 4], 3],
      [[10, 9, 2], 1],
      [[10, 9, 2], 3],
      [[-1, -2, 0], 1],
      [[-1, -2, 0], 3],
      [[7, 7, 8], 2],
      [[7, 7, 8], 3],
      [[6, 3, 9, 1], 3],
      [[6, 3, 9, 1], 4],
      [[0, 0, 5], 1],
      [[8, 20, 100], 2],
      [[1, 1], 3],
    ],
    examples: [
      { input: [[3, 1, 2], 2], output: 2 },
      { input: [[4, 4, 1], 2], output: 4 },
      { input: [[5], 2], output: null },
    ],
  },
];
