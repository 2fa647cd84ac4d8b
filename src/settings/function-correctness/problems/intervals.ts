import type { Problem } from '../problem.ts';

/** Ranges of numbers, and times of day. */
export const intervalsProblems: readonly Problem[] = [
  {
    id: 'ranges-overlap',
    topic: 'intervals',
    statement: 'Return whether the ranges from a to b and from c to d, ends included, share a number.',
    entry: 'overlap',
    parameters: ['a', 'b', 'c', 'd'],
    solutions: [
      `function overlap(a, b, c, d) {
  return a <= d && c <= b;
}`,
      `function overlap(a, b, c, d) {
  if (b < c) return false;
  if (d < a) return false;
  return true;
}`,
      `function overlap(a, b, c, d) {
  return Math.max(a, c) <= Math.min(b, d);
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [1, 3, 2, 5], [1, 3, 3, 5], [1, 3, 4, 5], [4, 5, 1, 3], [3, 5, 1, 3], [2, 5, 1, 3], [1, 9, 4, 5],
      [4, 5, 1, 9], [0, 0, 0, 0], [0, 0, 1, 1], [-3, -1, -1, 2], [-3, -2, -1, 2], [5, 6, 7, 8], [7, 8, 5, 6],
      [2, 2, 1, 3], [1, 1, 2, 3], [10, 20, 20, 30], [10, 19, 20, 30], [6, 8, 2, 5], [6, 8, 2, 6], [0, 4, 5, 5],
      [1, 2, 1, 2],
    ],
    examples: [
      { input: [1, 3, 3, 5], output: true },
      { input: [1, 3, 4, 5], output: false },
      { input: [4, 5, 1, 9], output: true },
    ],
  },
  {
    id: 'minutes-between',
    topic: 'intervals',
    statement:
      'Return the minutes from one time to the next occurrence of another, both given as hour and minute; equal times are 0 apart.',
    entry: 'minutesBetween',
    parameters: ['h1', 'm1', 'h2', 'm2'],
    solutions: [
      `function minutesBetween(h1, m1, h2, m2) {
  return (h2 * 60 + m2 - h1 * 60 - m1 + 1440) % 1440;
}`,
      `function minutesBetween(h1, m1, h2, m2) {
  const from = h1 * 60 + m1;
  const to = h2 * 60 + m2;
  if (to >= from) return to - from;
  return to + 24 * 60 - from;
}`,
      `function minutesBetween(h1, m1, h2, m2) {
  let hours = h2 - h1;
  let minutes = m2 - m1;
  if (minutes < 0) {
    minutes += 60;
    hours -= 1;
  }
  if (hours < 0) hours += 24;
  return hours * 60 + minutes;
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [1, 0, 2, 0], [1, 30, 2, 0], [0, 0, 0, 0], [23, 0, 1, 0], [9, 15, 9, 45], [9, 45, 9, 15],
      [12, 0, 11, 59], [0, 0, 23, 59], [23, 59, 0, 0], [8, 20, 10, 10], [10, 10, 8, 20], [5, 5, 5, 5],
      [6, 0, 18, 0], [18, 0, 6, 0], [7, 50, 8, 5], [22, 30, 22, 31], [3, 59, 4, 1], [1, 1, 0, 59],
      [15, 0, 15, 30], [20, 45, 21, 0], [2, 10, 2, 5], [11, 0, 13, 15],
    ],
    examples: [
      { input: [1, 30, 2, 0], output: 30 },
      { input: [23, 0, 1, 0], output: 120 },
      { input: [5, 5, 5, 5], output: 0 },
    ],
  },
  {
    id: 'covered-length',
    topic: 'intervals',
    statement: 'Return how many whole numbers lie in at least one of the ranges [a, b], a included and b not.',
    entry: 'covered',
    parameters: ['ranges'],
    solutions: [
      `function covered(ranges) {
  const seen = new Set();
  for (const [a, b] of ranges) {
    for (let n = a; n < b; n++) seen.add(n);
  }
  return seen.size;
}`,
      `function covered(ranges) {
  return new Set(ranges.flatMap(([a, b]) => Array.from({ length: b - a }, (_, i) => a + i))).size;
}`,
      `function covered(ranges) {
  const sorted = ranges.slice().sort((x, y) => x[0] - y[0]);
  let total = 0;
  let end = -Infinity;
  for (const [a, b] of sorted) {
    const start = Math.max(a, end);
    if (b > start) total += b - start;
    end = Math.max(end, b);
  }
  return total;
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[[0, 3]]], [[]], [[[0, 3], [2, 5]]], [[[0, 3], [3, 5]]], [[[0, 3], [4, 5]]], [[[1, 1]]],
      [[[0, 9], [2, 3]]], [[[5, 7], [0, 2]]], [[[0, 2], [0, 2]]], [[[-2, 1], [0, 2]]],
      [[[1, 4], [2, 6], [8, 9]]], [[[3, 5], [1, 4]]], [[[0, 1], [1, 2], [2, 3]]], [[[2, 8], [1, 3]]],
      [[[0, 5], [1, 2], [4, 7]]], [[[6, 7], [6, 7], [7, 9]]], [[[-5, -3], [-4, 0]]], [[[10, 12]]],
      [[[0, 4], [5, 5]]], [[[2, 4], [4, 4], [3, 6]]], [[[1, 2], [4, 6], [5, 9]]], [[[0, 7], [7, 8]]],
    ],
    examples: [
      {
        input: [
          [
            [0, 3],
            [2, 5],
          ],
        ],
        output: 5,
      },
      { input: [[]], output: 0 },
      {
        input: [
          [
            [0, 9],
            [2, 3],
          ],
        ],
        output: 9,
      },
    ],
  },
  {
    id: 'gap-between',
    topic: 'intervals',
    statement:
      'Return the distance between two ranges [a, b] of a number line; ranges that touch or overlap are 0 apart.',
    entry: 'gap',
    parameters: ['p', 'q'],
    solutions: [
      `function gap(p, q) {
  return Math.max(0, p[0] - q[1], q[0] - p[1]);
}`,
      `function gap(p, q) {
  if (p[1] < q[0]) return q[0] - p[1];
  if (q[1] < p[0]) return p[0] - q[1];
  return 0;
}`,
      `function gap(p, q) {
  const [first, second] = p[0] <= q[0] ? [p, q] : [q, p];
  const space = second[0] - first[1];
  return space > 0 ? space : 0;
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[1, 2], [4, 6]], [[4, 6], [1, 2]], [[1, 3], [3, 5]], [[1, 4], [3, 5]], [[0, 9], [2, 3]],
      [[2, 3], [0, 9]], [[0, 0], [0, 0]], [[0, 0], [1, 1]], [[-5, -3], [-1, 0]], [[-1, 0], [-5, -3]],
      [[1, 2], [9, 9]], [[7, 8], [1, 4]], [[5, 6], [6, 7]], [[3, 5], [7, 9]], [[10, 20], [15, 30]],
      [[10, 20], [21, 22]], [[30, 40], [10, 20]], [[2, 2], [5, 5]], [[8, 9], [0, 1]], [[-2, 2], [3, 4]],
      [[1, 6], [8, 8]], [[6, 7], [3, 4]],
    ],
    examples: [
      {
        input: [
          [1, 2],
          [4, 6],
        ],
        output: 2,
      },
      {
        input: [
          [1, 3],
          [3, 5],
        ],
        output: 0,
      },
      {
        input: [
          [4, 6],
          [1, 2],
        ],
        output: 2,
      },
    ],
  },
  {
    id: 'is-leap-year',
    topic: 'intervals',
    statement: 'Return the number of days of a year: leap years divide by 4, but not by 100 unless by 400.',
    entry: 'daysInYear',
    parameters: ['year'],
    solutions: [
      `function daysInYear(year) {
  return year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0) ? 366 : 365;
}`,
      `function daysInYear(year) {
  if (year % 400 === 0) return 366;
  if (year % 100 === 0) return 365;
  if (year % 4 === 0) return 366;
  return 365;
}`,
      `function daysInYear(year) {
  const y = year % 100 === 0 ? year / 100 : year;
  return 365 + (y % 4 === 0 ? 1 : 0);
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [2000], [1900], [2004], [2001], [2024], [2023], [2100], [1600], [1700], [400], [404], [300], [4], [1],
      [100], [1996], [1999], [2400], [2008], [2200], [1988], [800], [2012], [1800],
    ],
    examples: [
      { input: [2000], output: 366 },
      { input: [1900], output: 365 },
      { input: [2004], output: 366 },
    ],
  },
  {
    id: 'busiest-hour',
    topic: 'intervals',
    statement: 'Visits are pairs [from, to] of hours, to not included; return the most visits at the same hour.',
    entry: 'busiest',
    parameters: ['visits'],
    solutions: [
      `function busiest(visits) {
  return Math.max(0, ...visits.map(([h]) => visits.filter(([a, b]) => a <= h && h < b).length));
}`,
      `function busiest(visits) {
  let most = 0;
  for (let hour = 0; hour < 24; hour++) {
    let here = 0;
    for (const [from, to] of visits) {
      if (from <= hour && hour < to) here++;
    }
    most = Math.max(most, here);
  }
  return most;
}`,
      `function busiest(visits) {
  const counts = new Array(24).fill(0);
  for (const [from, to] of visits) {
    for (let h = from; h < to; h++) counts[h]++;
  }
  return Math.max(...counts);
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[[1, 3]]], [[]], [[[1, 3], [2, 4]]], [[[1, 3], [3, 4]]], [[[0, 5], [1, 2], [4, 6]]],
      [[[0, 5], [1, 3], [2, 4]]], [[[2, 2]]], [[[5, 6], [5, 6], [5, 6]]], [[[0, 24], [3, 4], [8, 9]]],
      [[[7, 9], [8, 10], [9, 11]]], [[[7, 10], [8, 10], [9, 11]]], [[[1, 2], [4, 5]]],
      [[[6, 8], [6, 7], [7, 8]]], [[[0, 1], [0, 1]]], [[[9, 12], [10, 11], [10, 12], [11, 13]]],
      [[[3, 3], [3, 4]]], [[[20, 24], [22, 23], [23, 24]]], [[[1, 9], [2, 8], [3, 7], [4, 6]]],
      [[[1, 2], [2, 3], [3, 4]]], [[[5, 9], [0, 5], [4, 6]]], [[[8, 8], [7, 8]]],
      [[[0, 2], [1, 3], [1, 2], [5, 6]]],
    ],
    examples: [
      {
        input: [
          [
            [1, 3],
            [2, 4],
          ],
        ],
        output: 2,
      },
      {
        input: [
          [
            [1, 3],
            [3, 4],
          ],
        ],
        output: 1,
      },
      { input: [[]], output: 0 },
    ],
  },
];
