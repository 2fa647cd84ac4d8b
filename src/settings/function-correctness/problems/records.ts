import type { Problem } from '../problem.ts';

/** Records, tables of names and values, and histories of events. */
export const recordsProblems: readonly Problem[] = [
  {
    id: 'three-for-two',
    topic: 'records',
    statement:
      'Return what n pieces of each item cost at their prices, where one piece of an item is free if n is 3 or more.',
    entry: 'orderTotal',
    parameters: ['items'],
    solutions: [
      `function orderTotal(items) {
  return items.reduce((sum, { price, n }) => sum + price * (n < 3 ? n : n - 1), 0);
}`,
      `function orderTotal(items) {
  let total = 0;
  for (const item of items) {
    total += item.price * item.n;
    if (item.n >= 3) total -= item.price;
  }
  return total;
}`,
      `function orderTotal(basket) {
  const pieces = basket.flatMap(({ price, n }) => Array(n > 2 ? n - 1 : n).fill(price));
  return pieces.reduce((a, b) => a + b, 0);
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[]], [[{ price: 1, n: 1 }]], [[{ price: 2, n: 3 }]], [[{ price: 9, n: 1 }]], [[{ price: 5, n: 2 }]],
      [[{ price: 5, n: 3 }]],
      [[{ price: 5, n: 4 }]], [[{ price: 4, n: 0 }]], [[{ price: 0, n: 3 }]], [[{ price: 1, n: 9 }]],
      [[{ price: 7, n: 2 }]],
      [[{ price: 1, n: 3 }]], [[{ price: 20, n: 5 }]], [[{ price: 1, n: 2 }]], [[{ price: 10, n: 3 }]],
      [[{ price: 3, n: 6 }]],
      [[{ price: 6, n: 1 }, { price: 4, n: 1 }]], [[{ price: 2, n: 2 }, { price: 1, n: 3 }]],
      [[{ price: 5, n: 3 }, { price: 4, n: 3 }]],
      [[{ price: 8, n: 0 }, { price: 2, n: 1 }]], [[{ price: 3, n: 2 }, { price: 3, n: 2 }]],
      [[{ price: 1, n: 4 }, { price: 9, n: 2 }]],
      [[{ price: 2, n: 1 }, { price: 2, n: 2 }]], [[{ price: 6, n: 3 }, { price: 1, n: 1 }]],
      [[{ price: 0, n: 0 }, { price: 7, n: 1 }]],
    ],
    examples: [
      { input: [[{ price: 2, n: 3 }]], output: 4 },
      { input: [[{ price: 5, n: 2 }]], output: 10 },
      {
        input: [
          [
            { price: 2, n: 2 },
            { price: 1, n: 3 },
          ],
        ],
        output: 6,
      },
    ],
  },
  {
    id: 'add-up-counts',
    topic: 'records',
    statement: 'Return a record with the keys of both records and the sums of their counts; a missing count is 0.',
    entry: 'addCounts',
    parameters: ['a', 'b'],
    solutions: [
      `function addCounts(a, b) {
  return Object.fromEntries(Object.keys({ ...a, ...b }).map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]));
}`,
      `function addCounts(a, b) {
  const out = { ...a };
  for (const key of Object.keys(b)) {
    out[key] = key in a ? a[key] + b[key] : b[key];
  }
  return out;
}`,
      `function addCounts(first, second) {
  return [...Object.entries(first), ...Object.entries(second)].reduce((sums, [key, count]) => {
    sums[key] = (sums[key] || 0) + count;
    return sums;
  }, {});
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [{}, {}], [{ a: 1 }, {}], [{}, { a: 1 }], [{ a: 1 }, { a: 1 }], [{ a: 1 }, { b: 1 }], [{ a: 2 }, { a: 3 }],
      [{ b: 1 }, { a: 2 }],
      [{ a: 0 }, { a: 4 }], [{ a: 4 }, { a: 0 }], [{ a: -1 }, { a: 1 }], [{ a: 1, b: 2 }, { b: 3 }],
      [{ b: 3 }, { a: 1, b: 2 }],
      [{ a: 1, b: 2 }, { a: 5, b: 6 }], [{ x: 1, y: 2 }, { z: 3 }], [{ a: 0 }, {}], [{ a: 2 }, { b: 0 }],
      [{}, { p: 2, q: 3 }],
      [{ p: 2, q: 3 }, {}], [{ k: 9 }, { k: -4 }], [{ a: 1, c: 1 }, { b: 1, c: 1 }], [{ m: 5 }, { m: 5, n: 5 }],
      [{ u: 7 }, { v: 8 }],
      [{ a: 1, b: 1, c: 1 }, { a: 1 }], [{ d: -2 }, { e: -3 }],
    ],
    examples: [
      { input: [{ a: 1, b: 2 }, { b: 3 }], output: { a: 1, b: 5 } },
      { input: [{ a: 1 }, { b: 1 }], output: { a: 1, b: 1 } },
      { input: [{ a: -1 }, { a: 1 }], output: { a: 0 } },
    ],
  },
  {
    id: 'name-of-the-oldest',
    topic: 'records',
    statement: 'Return the name of the oldest person, the first of several in the list; null when there is nobody.',
    entry: 'oldest',
    parameters: ['people'],
    solutions: [
      `function oldest(people) {
  return [...people].sort((a, b) => b.age - a.age).map((person) => person.name)[0] ?? null;
}`,
      `function oldest(people) {
  let best = null;
  for (const person of people) {
    if (best === null || person.age > best.age) best = person;
  }
  return best === null ? null : best.name;
}`,
      `function oldest(group) {
  if (group.length === 0) return null;
  const ages = group.map(({ age }) => age);
  return group[ages.indexOf(Math.max(...ages))].name;
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[]], [[{ name: 'A', age: 1 }]], [[{ name: 'B', age: 0 }]], [[{ name: 'A', age: 1 }, { name: 'B', age: 2 }]],
      [[{ name: 'A', age: 2 }, { name: 'B', age: 1 }]], [[{ name: 'A', age: 5 }, { name: 'B', age: 5 }]],
      [[{ name: 'B', age: 5 }, { name: 'A', age: 5 }]], [[{ name: 'C', age: 0 }, { name: 'D', age: 0 }]],
      [[{ name: 'Z', age: 90 }]],
      [[{ name: 'C', age: 9 }, { name: 'A', age: 10 }]], [[{ name: 'C', age: 10 }, { name: 'A', age: 9 }]],
      [[{ name: 'X', age: 3 }, { name: 'Y', age: 4 }]], [[{ name: 'Y', age: 4 }, { name: 'X', age: 3 }]],
      [[{ name: 'E', age: 0 }, { name: 'F', age: 1 }]], [[{ name: 'F', age: 1 }, { name: 'E', age: 0 }]],
      [[{ name: 'D', age: 7 }, { name: 'D', age: 8 }]], [[{ name: 'G', age: 6 }, { name: 'H', age: 6 }]],
      [[{ name: 'H', age: 6 }, { name: 'G', age: 7 }]],
      [[{ name: 'K', age: 2 }, { name: 'L', age: 3 }, { name: 'M', age: 1 }]],
      [[{ name: 'K', age: 1 }, { name: 'L', age: 1 }, { name: 'M', age: 2 }]],
      [[{ name: 'K', age: 4 }, { name: 'L', age: 3 }, { name: 'M', age: 4 }]],
      [[{ name: 'K', age: 1 }, { name: 'L', age: 4 }, { name: 'M', age: 4 }]],
      [[{ name: 'P', age: 8 }, { name: 'Q', age: 20 }]],
      [[{ name: 'Q', age: 30 }, { name: 'P', age: 8 }]],
    ],
    examples: [
      {
        input: [
          [
            { name: 'A', age: 1 },
            { name: 'B', age: 2 },
          ],
        ],
        output: 'B',
      },
      {
        input: [
          [
            { name: 'B', age: 5 },
            { name: 'A', age: 5 },
          ],
        ],
        output: 'B',
      },
      { input: [[]], output: null },
    ],
  },
  {
    id: 'members-of-teams',
    topic: 'records',
    statement:
      'From a record of names and their teams make one of teams and lists of their names, all in the order given.',
    entry: 'membersOf',
    parameters: ['teams'],
    solutions: [
      `function membersOf(teams) {
  return Object.keys(teams).reduce((all, name) => ({ ...all, [teams[name]]: [...(all[teams[name]] ?? []), name] }), {});
}`,
      `function membersOf(teams) {
  const out = {};
  for (const [name, team] of Object.entries(teams)) {
    if (!(team in out)) out[team] = [];
    out[team].push(name);
  }
  return out;
}`,
      `function membersOf(teamByName) {
  const out = {};
  for (const team of new Set(Object.values(teamByName))) {
    out[team] = Object.keys(teamByName).filter((name) => teamByName[name] === team);
  }
  return out;
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [{}], [{ a: 'x' }], [{ a: 'a' }], [{ a: 'x', b: 'y' }], [{ a: 'x', b: 'x' }], [{ b: 'x', a: 'x' }],
      [{ b: 'y', a: 'x' }],
      [{ a: 'x', b: 'y', c: 'x' }], [{ a: 'x', b: 'x', c: 'y' }], [{ a: 'y', b: 'x', c: 'x' }],
      [{ a: 'x', b: 'x', c: 'x' }],
      [{ a: 'b', b: 'a' }], [{ jo: 'red' }], [{ jo: 'red', al: 'red' }], [{ al: 'red', jo: 'blue' }],
      [{ c: 'z', b: 'z', a: 'w' }],
      [{ p: 'q', q: 'q' }], [{ a: 'x', b: 'y', c: 'z' }], [{ c: 'z', b: 'y', a: 'x' }], [{ k: 'm', l: 'm', n: 'm' }],
      [{ a: 'u', b: 'v', c: 'v' }], [{ d: 'v', b: 'u', c: 'v' }], [{ ed: 'A', bo: 'B' }],
      [{ a: 'x', b: 'y', c: 'x', d: 'y' }],
    ],
    examples: [
      { input: [{ a: 'x', b: 'y', c: 'x' }], output: { x: ['a', 'c'], y: ['b'] } },
      { input: [{ b: 'x', a: 'x' }], output: { x: ['b', 'a'] } },
      { input: [{}], output: {} },
    ],
  },
  {
    id: 'account-balance',
    topic: 'records',
    statement:
      'Return what is on an account, at first 0, after the steps: in adds, out takes away, unless it asks more than there is.',
    entry: 'balance',
    parameters: ['steps'],
    solutions: [
      `function balance(steps) {
  return steps.reduce((sum, [kind, x]) => (kind === 'in' ? sum + x : x <= sum ? sum - x : sum), 0);
}`,
      `function balance(steps) {
  let money = 0;
  for (const [kind, amount] of steps) {
    if (kind === 'in') money += amount;
    else if (money >= amount) money -= amount;
  }
  return money;
}`,
      `function balance(history) {
  if (history.length === 0) return 0;
  const before = balance(history.slice(0, -1));
  const step = history[history.length - 1];
  const after = step[0] === 'out' ? before - step[1] : before + step[1];
  return after < 0 ? before : after;
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[]], [[['in', 5]]], [[['out', 5]]], [[['in', 0]]], [[['in', 5], ['out', 3]]], [[['in', 5], ['out', 5]]],
      [[['in', 5], ['out', 6]]], [[['out', 3], ['in', 5]]], [[['in', 2], ['in', 3]]], [[['in', 1], ['out', 0]]],
      [[['in', 4], ['out', 1], ['out', 3]]], [[['in', 4], ['out', 1], ['out', 4]]],
      [[['in', 4], ['out', 5], ['out', 2]]],
      [[['in', 3], ['out', 3], ['in', 7]]], [[['out', 1], ['in', 1], ['out', 1]]], [[['in', 9], ['out', 2]]],
      [[['in', 1], ['in', 1], ['in', 1]]], [[['in', 2], ['out', 9], ['in', 2]]], [[['in', 8], ['out', 4], ['out', 4]]],
      [[['in', 10], ['out', 9]]], [[['out', 2], ['out', 1]]], [[['in', 6], ['out', 1], ['in', 2]]], [[['in', 7]]],
      [[['in', 3], ['out', 4], ['out', 3]]],
    ],
    examples: [
      {
        input: [
          [
            ['in', 5],
            ['out', 3],
          ],
        ],
        output: 2,
      },
      {
        input: [
          [
            ['in', 5],
            ['out', 6],
          ],
        ],
        output: 5,
      },
      {
        input: [
          [
            ['in', 4],
            ['out', 5],
            ['out', 2],
          ],
        ],
        output: 2,
      },
    ],
  },
  {
    id: 'league-points',
    topic: 'records',
    statement: 'Each match is a pair of own and other goals; return the points: 3 for each match won, 1 for each draw.',
    entry: 'leaguePoints',
    parameters: ['matches'],
    solutions: [
      `function leaguePoints(matches) {
  return matches.reduce((points, [own, other]) => points + (own > other ? 3 : own === other ? 1 : 0), 0);
}`,
      `function leaguePoints(matches) {
  let points = 0;
  for (const match of matches) {
    const lead = match[0] - match[1];
    if (lead > 0) points += 3;
    if (lead === 0) points += 1;
  }
  return points;
}`,
      `function leaguePoints(games) {
  const won = games.filter(([own, other]) => own > other).length;
  const lost = games.filter(([own, other]) => own < other).length;
  return 2 * won + games.length - lost;
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[]], [[[1, 0]]], [[[0, 1]]], [[[0, 0]]], [[[2, 2]]], [[[3, 1]]], [[[1, 3]]], [[[1, 0], [0, 0]]],
      [[[1, 0], [0, 1]]],
      [[[0, 0], [1, 1]]], [[[2, 1], [3, 0]]], [[[0, 2], [1, 4]]], [[[0, 2], [1, 1]]], [[[1, 0], [2, 0], [3, 0]]],
      [[[1, 0], [1, 1], [0, 1]]], [[[1, 1], [2, 2], [0, 0]]], [[[5, 4], [4, 5], [5, 5]]], [[[10, 9]]], [[[9, 10]]],
      [[[2, 0], [2, 2], [2, 1]]], [[[0, 3], [0, 3], [1, 0]]], [[[4, 4], [0, 1]]], [[[3, 2], [1, 1], [1, 1]]],
      [[[1, 0], [1, 0], [0, 0], [0, 1]]],
    ],
    examples: [
      {
        input: [
          [
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ],
        output: 4,
      },
      {
        input: [
          [
            [2, 1],
            [3, 0],
          ],
        ],
        output: 6,
      },
      {
        input: [
          [
            [0, 2],
            [1, 4],
          ],
        ],
        output: 0,
      },
    ],
  },
];
