import type { Problem } from '../problem.ts';

/** Arithmetic on one or a few numbers. */
export const numbersProblems: readonly Problem[] = [
  {
    id: 'clamp-to-range',
    topic: 'numbers',
    statement: 'Return x moved into the range from low to high, both included; low is at most high.',
    entry: 'clamp',
    parameters: ['x', 'low', 'high'],
    solutions: [
      `function clamp(x, low, high) {
  return Math.min(high, Math.max(low, x));
}`,
      `function clamp(x, low, high) {
  if (x < low) return low;
  if (x > high) return high;
  return x;
}`,
      `function clamp(value, a, b) {
  return value < a ? a : value > b ? b : value;
}`,
    ],
    inputs: [
      [5, 0, 10],
      [-3, 0, 10],
      [12, 0, 10],
      [0, 0, 10],
      [10, 0, 10],
      [7, 7, 7],
      [6, 7, 7],
      [8, 7, 7],
      [-5, -4, -2],
      [-3, -4, -2],
      [-1, -4, -2],
      [1, 2, 9],
      [9, 2, 9],
      [3, 2, 9],
      [100, 20, 30],
      [25, 20, 30],
      [20, 20, 30],
      [0, -1, 1],
      [4, -1, 1],
      [-4, -1, 1],
      [2, 0, 3],
      [15, 3, 8],
    ],
    examples: [
      { input: [5, 0, 10], output: 5 },
      { input: [-3, 0, 10], output: 0 },
      { input: [12, 0, 10], output: 10 },
    ],
  },
  {
    id: 'greatest-common-divisor',
    topic: 'numbers',
    statement: 'Return the greatest common divisor of two whole numbers from 0; gcd(0, 0) is 0.',
    entry: 'gcd',
    parameters: ['a', 'b'],
    solutions: [
      `function gcd(a, b) {
  return b === 0 ? a : gcd(b, a % b);
}`,
      `function gcd(a, b) {
  while (b > 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}`,
      `function gcd(a, b) {
  let best = Math.max(a, b);
  for (let d = 1; d <= Math.min(a, b); d++) {
    if (d === 1) best = 1;
    if (a % d === 0 && b % d === 0) best = d;
  }
  return best;
}`,
    ],
    inputs: [
      [12, 18],
      [7, 3],
      [0, 5],
      [5, 0],
      [0, 0],
      [1, 1],
      [9, 9],
      [100, 75],
      [14, 21],
      [17, 51],
      [8, 12],
      [6, 35],
      [2, 4],
      [10, 4],
      [27, 36],
      [45, 10],
      [1, 99],
      [64, 48],
      [33, 22],
      [13, 39],
      [30, 42],
      [16, 40],
    ],
    examples: [
      { input: [12, 18], output: 6 },
      { input: [0, 5], output: 5 },
      { input: [6, 35], output: 1 },
    ],
  },
  {
    id: 'is-prime',
    topic: 'numbers',
    statement: 'Return whether a whole number from 0 is prime.',
    entry: 'isPrime',
    parameters: ['n'],
    solutions: [
      `function isPrime(n) {
  for (let d = 2; d * d <= n; d++) {
    if (n % d === 0) return false;
  }
  return n > 1;
}`,
      `function isPrime(n) {
  return n > 1 && Array.from({ length: n - 2 }, (_, i) => i + 2).every((d) => n % d !== 0);
}`,
      `function isPrime(n) {
  let divisors = 0;
  for (let i = 1; i <= n; i++) {
    if (n % i === 0) divisors++;
  }
  return divisors === 2;
}`,
    ],
    inputs: [
      [0],
      [1],
      [2],
      [3],
      [4],
      [5],
      [9],
      [11],
      [15],
      [17],
      [21],
      [23],
      [25],
      [29],
      [31],
      [35],
      [37],
      [49],
      [53],
      [77],
      [79],
      [97],
    ],
    examples: [
      { input: [1], output: false },
      { input: [2], output: true },
      { input: [9], output: false },
    ],
  },
  {
    id: 'round-to-multiple',
    topic: 'numbers',
    statement: 'Return the multiple of step nearest to the whole number x from 0; halfway goes up.',
    entry: 'roundTo',
    parameters: ['x', 'step'],
    solutions: [
      `function roundTo(x, step) {
  return Math.floor(x / step + 0.5) * step;
}`,
      `function roundTo(x, step) {
  const below = x - (x % step);
  if (2 * (x - below) >= step) return below + step;
  return below;
}`,
      `function roundTo(x, step) {
  let n = 0;
  while (2 * (x - n) >= step) n += step;
  return n;
}`,
    ],
    inputs: [
      [7, 5],
      [8, 5],
      [10, 5],
      [0, 5],
      [2, 5],
      [3, 5],
      [5, 2],
      [4, 2],
      [1, 2],
      [14, 10],
      [15, 10],
      [16, 10],
      [99, 10],
      [94, 10],
      [6, 1],
      [50, 100],
      [49, 100],
      [151, 100],
      [9, 4],
      [10, 4],
      [11, 4],
      [7, 3],
      [8, 3],
    ],
    examples: [
      { input: [7, 5], output: 5 },
      { input: [8, 5], output: 10 },
      { input: [5, 2], output: 6 },
    ],
  },
  {
    id: 'collatz-steps',
    topic: 'numbers',
    statement: 'Count the steps until n from 1 reaches 1, halving even numbers and turning odd n into 3n + 1.',
    entry: 'collatz',
    parameters: ['n'],
    solutions: [
      `function collatz(n) {
  return n === 1 ? 0 : 1 + collatz(n % 2 === 0 ? n / 2 : 3 * n + 1);
}`,
      `function collatz(n) {
  let steps = 0;
  while (n !== 1) {
    if (n % 2 === 0) n = n / 2;
    else n = 3 * n + 1;
    steps++;
  }
  return steps;
}`,
      `function collatz(start) {
  const seen = [start];
  while (seen[seen.length - 1] > 1) {
    const last = seen[seen.length - 1];
    seen.push(last % 2 ? last * 3 + 1 : last / 2);
  }
  return seen.length - 1;
}`,
    ],
    inputs: [
      [1],
      [2],
      [3],
      [4],
      [5],
      [6],
      [7],
      [8],
      [9],
      [10],
      [11],
      [12],
      [13],
      [14],
      [16],
      [17],
      [19],
      [20],
      [22],
      [24],
      [32],
      [64],
    ],
    examples: [
      { input: [1], output: 0 },
      { input: [8], output: 3 },
      { input: [3], output: 7 },
    ],
  },
  {
    id: 'price-with-discount',
    topic: 'numbers',
    statement: 'Return count times price, less a tenth rounded down when count is at least 10, and never below 0.',
    entry: 'total',
    parameters: ['count', 'price'],
    solutions: [
      `function total(count, price) {
  return Math.max(0, count * price - (count >= 10 ? Math.floor((count * price) / 10) : 0));
}`,
      `function total(count, price) {
  const full = count * price;
  if (full <= 0) return 0;
  if (count < 10) return full;
  return full - Math.floor(full / 10);
}`,
      `function total(count, price) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += price;
  if (count >= 10) sum = Math.ceil((sum * 9) / 10);
  return sum > 0 ? sum : 0;
}`,
    ],
    inputs: [
      [1, 5],
      [9, 10],
      [10, 10],
      [11, 10],
      [10, 1],
      [10, 3],
      [12, 7],
      [0, 9],
      [3, 0],
      [20, 5],
      [2, -4],
      [15, 2],
      [8, 8],
      [10, 9],
      [13, 3],
      [9, 1],
      [100, 1],
      [5, 20],
      [10, 12],
      [30, 4],
      [-2, 6],
      [7, 3],
    ],
    examples: [
      { input: [9, 10], output: 90 },
      { input: [10, 10], output: 90 },
      { input: [10, 3], output: 27 },
    ],
  },
];
