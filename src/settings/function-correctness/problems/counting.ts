import type { Problem } from '../problem.ts';

/** How many there are, and in how many ways. */
export const countingProblems: readonly Problem[] = [
  {
    id: 'pairs-with-sum',
    topic: 'counting',
    statement: 'Return how many pairs of different places of the list hold two numbers with the given sum.',
    entry: 'pairsWithSum',
    parameters: ['xs', 'sum'],
    solutions: [
      `function pairsWithSum(xs, sum) {
  return xs.flatMap((x, i) => xs.slice(i + 1).filter((y) => x + y === sum)).length;
}`,
      `function pairsWithSum(xs, sum) {
  let pairs = 0;
  for (let i = 0; i < xs.length; i++) {
    for (let j = i + 1; j < xs.length; j++) {
      if (xs[i] + xs[j] === sum) pairs += 1;
    }
  }
  return pairs;
}`,
      `function pairsWithSum(list, sum) {
  const seen = {};
  let pairs = 0;
  list.forEach((value) => {
    pairs += seen[sum - value] || 0;
    seen[value] = (seen[value] || 0) + 1;
  });
  return pairs;
}`,
    ],
    inputs: [
      [[], 0],
      [[1], 2],
      [[1], 1],
      [[1, 2], 3],
      [[1, 2], 2],
      [[2, 2], 4],
      [[2, 2, 2], 4],
      [[0, 0], 0],
      [[0, 0, 0, 0], 0],
      [[1, 2, 3], 4],
      [[1, 2, 3, 4], 5],
      [[1, 1, 2], 3],
      [[5, -5], 0],
      [[-1, -2, 3], 1],
      [[3, 0, 3], 3],
      [[1, 5, 3, 3], 6],
      [[4, 1, 4, 1], 5],
      [[7, 8], 1],
      [[2, 3, 2], 4],
      [[9, 1, 5], 10],
      [[6, 0, 6, 0], 6],
      [[1, 1, 1], 2],
      [[3, 2, 1, 0], 3],
      [[1, 3, 1, 3, 1], 4],
      [[8, 2, 1], 7],
    ],
    examples: [
      { input: [[2, 2, 2], 4], output: 3 },
      { input: [[1, 5, 3, 3], 6], output: 2 },
      { input: [[1], 2], output: 0 },
    ],
  },
  {
    id: 'ways-up-the-stairs',
    topic: 'counting',
    statement: 'Return in how many ways one can go up n stairs, n from 0, taking 1 to k stairs at each step, k from 1.',
    entry: 'stairWays',
    parameters: ['n', 'k'],
    solutions: [
      `function stairWays(n, k) {
  return n < 2 ? 1 : Array.from({ length: Math.min(n, k) }, (_, i) => stairWays(n - 1 - i, k)).reduce((a, b) => a + b);
}`,
      `function stairWays(n, k) {
  const ways = [1];
  for (let i = 1; i <= n; i++) {
    ways[i] = 0;
    for (let step = 1; step <= k && step <= i; step++) {
      ways[i] += ways[i - step];
    }
  }
  return ways[n];
}`,
      `function stairWays(stairs, most) {
  let last = [1];
  for (let i = 0; i < stairs; i++) {
    const next = last.reduce((sum, ways) => sum + ways, 0);
    last = [...last, next].slice(-most);
  }
  return last[last.length - 1];
}`,
    ],
    inputs: [
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
      [3, 1],
      [3, 2],
      [3, 3],
      [4, 2],
      [4, 3],
      [4, 4],
      [5, 1],
      [5, 2],
      [5, 3],
      [6, 2],
      [6, 3],
      [6, 4],
      [7, 2],
      [7, 3],
      [2, 5],
      [3, 6],
      [8, 2],
      [5, 5],
      [1, 4],
    ],
    examples: [
      { input: [3, 2], output: 3 },
      { input: [4, 3], output: 7 },
      { input: [0, 2], output: 1 },
    ],
  },
  {
    id: 'majority',
    topic: 'counting',
    statement: 'Return the number that fills more than half of the list, or null when there is none.',
    entry: 'majority',
    parameters: ['votes'],
    solutions: [
      `function majority(votes) {
  return votes.find((v) => votes.filter((w) => w === v).length * 2 > votes.length) ?? null;
}`,
      `function majority(votes) {
  let leader = null;
  let lead = 0;
  for (const vote of votes) {
    if (lead === 0) leader = vote;
    lead += vote === leader ? 1 : -1;
  }
  const count = votes.filter((vote) => vote === leader).length;
  return count > votes.length / 2 ? leader : null;
}`,
      `function majority(list) {
  const counts = new Map();
  for (const x of list) {
    const count = (counts.get(x) || 0) + 1;
    if (count > list.length - count) return x;
    counts.set(x, count);
  }
  return null;
}`,
    ],
    inputs: [
      [[]],
      [[1]],
      [[0]],
      [[1, 2]],
      [[2, 2]],
      [[1, 2, 1]],
      [[1, 1, 2]],
      [[2, 1, 1]],
      [[1, 2, 3]],
      [[1, 1, 2, 2]],
      [[3, 3, 3, 1]],
      [[3, 1, 3, 3]],
      [[5, 5, 1, 2]],
      [[0, 0, 1]],
      [[0, 1, 1]],
      [[-1, -1]],
      [[4, 4, 4, 1, 2]],
      [[4, 1, 4, 2, 4]],
      [[1, 2, 4, 4, 4]],
      [[7, 7, 1, 2, 3]],
      [[6, 6, 6]],
      [[9, 8, 9, 8]],
      [[2, 3, 3]],
      [[8, 8, 2, 8]],
      [[1, 2, 2, 1, 2]],
    ],
    examples: [
      { input: [[1, 2, 1]], output: 1 },
      { input: [[1, 1, 2, 2]], output: null },
      { input: [[4, 1, 4, 2, 4]], output: 4 },
    ],
  },
  {
    id: 'count-into-bins',
    topic: 'counting',
    statement:
      'Return a list of n numbers: how often 0, 1, and so on up to n - 1 occur in the list; leave out all others.',
    entry: 'binCounts',
    parameters: ['xs', 'n'],
    solutions: [
      `function binCounts(xs, n) {
  return Array.from({ length: n }, (_, bin) => xs.filter((x) => x === bin).length);
}`,
      `function binCounts(xs, n) {
  const counts = new Array(n).fill(0);
  for (const x of xs) {
    if (x >= 0 && x < n) counts[x]++;
  }
  return counts;
}`,
      `function binCounts(list, n) {
  const sorted = [...list].sort((a, b) => a - b);
  const out = [];
  let at = 0;
  for (let bin = 0; bin < n; bin++) {
    while (sorted[at] < bin) at++;
    const start = at;
    while (sorted[at] === bin) at++;
    out.push(at - start);
  }
  return out;
}`,
    ],
    inputs: [
      [[], 0],
      [[], 2],
      [[0], 1],
      [[0], 2],
      [[1], 1],
      [[1], 2],
      [[0, 1], 2],
      [[1, 0, 1], 2],
      [[2, 2], 3],
      [[3, 3], 3],
      [[-1, 0], 2],
      [[0, 0, 0], 1],
      [[1, 2, 3], 4],
      [[1, 2, 3], 3],
      [[4, 1, 1], 3],
      [[2, 0, 2, 1], 3],
      [[5, 6], 2],
      [[-2, -1], 1],
      [[0, 3, 0], 4],
      [[1, 1, 2, 2], 3],
      [[9, 0, 9], 2],
      [[-2, -1, 0], 2],
      [[2, 1, 0], 3],
      [[3, 1, 3], 4],
      [[0, 2, 4], 5],
    ],
    examples: [
      { input: [[1, 0, 1], 2], output: [1, 2] },
      { input: [[3, 3], 3], output: [0, 0, 0] },
      { input: [[-1, 0], 2], output: [1, 0] },
    ],
  },
  {
    id: 'ways-to-pay',
    topic: 'counting',
    statement:
      'Return in how many ways the coins, all different, make up the amount; each may be used often, order does not count.',
    entry: 'waysToPay',
    parameters: ['amount', 'coins'],
    solutions: [
      `function waysToPay(amount, coins) {
  return amount === 0 ? 1 : coins.reduce((n, c, i) => (c > amount ? n : n + waysToPay(amount - c, coins.slice(i))), 0);
}`,
      `function waysToPay(amount, coins) {
  const ways = [1];
  for (let sum = 1; sum <= amount; sum++) ways.push(0);
  for (const coin of coins) {
    for (let sum = coin; sum <= amount; sum++) {
      ways[sum] += ways[sum - coin];
    }
  }
  return ways[amount];
}`,
      `function waysToPay(amount, coins) {
  if (coins.length === 0) return amount === 0 ? 1 : 0;
  let total = 0;
  for (let rest = amount; rest >= 0; rest -= coins[0]) {
    total += waysToPay(rest, coins.slice(1));
  }
  return total;
}`,
    ],
    inputs: [
      [0, []],
      [1, []],
      [0, [1]],
      [1, [1]],
      [3, [1]],
      [3, [2]],
      [4, [2]],
      [4, [1, 2]],
      [5, [1, 2]],
      [5, [2, 1]],
      [6, [1, 2, 3]],
      [5, [5]],
      [5, [1, 5]],
      [10, [1, 5]],
      [10, [2, 5]],
      [7, [3, 5]],
      [8, [3, 5]],
      [10, [1, 2, 5]],
      [9, [2, 4]],
      [6, [6, 3]],
      [2, [3]],
      [7, [1, 2, 5]],
      [6, [1, 2]],
      [12, [3, 4]],
      [8, [1, 3, 4]],
      [0, [2, 3]],
    ],
    examples: [
      { input: [5, [1, 2]], output: 3 },
      { input: [10, [2, 5]], output: 2 },
      { input: [7, [3, 5]], output: 0 },
      { input: [0, []], output: 1 },
    ],
  },
  {
    id: 'exchange-bottles',
    topic: 'counting',
    statement:
      'Return how many bottles one can drink who buys n, n from 0, and gets a full one for each k empty ones, k from 2.',
    entry: 'bottlesDrunk',
    parameters: ['n', 'k'],
    solutions: [
      `function bottlesDrunk(n, k) {
  return n < k ? n : k + bottlesDrunk(n - k + 1, k);
}`,
      `function bottlesDrunk(n, k) {
  let drunk = 0;
  let empty = 0;
  for (let full = n; full > 0; full--) {
    drunk++;
    empty++;
    if (empty === k) {
      empty = 0;
      full++;
    }
  }
  return drunk;
}`,
      `function bottlesDrunk(bought, price) {
  if (bought === 0) return 0;
  return bought + Math.floor((bought - 1) / (price - 1));
}`,
    ],
    inputs: [
      [0, 2],
      [0, 3],
      [1, 2],
      [2, 2],
      [3, 2],
      [4, 2],
      [5, 2],
      [1, 3],
      [2, 3],
      [3, 3],
      [4, 3],
      [5, 3],
      [6, 3],
      [7, 3],
      [9, 3],
      [3, 4],
      [4, 4],
      [7, 4],
      [8, 4],
      [10, 4],
      [13, 4],
      [9, 10],
      [10, 10],
      [15, 5],
      [20, 2],
    ],
    examples: [
      { input: [9, 3], output: 13 },
      { input: [3, 4], output: 3 },
      { input: [4, 4], output: 5 },
      { input: [3, 2], output: 5 },
    ],
  },
];
