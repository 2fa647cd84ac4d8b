import type { Problem } from '../problem.ts';

/** Grids of numbers, given as a list of rows of one length. */
export const gridsProblems: readonly Problem[] = [
  {
    id: 'turn-a-grid',
    topic: 'grids',
    statement:
      'Turn the grid by a quarter to the right, so that its first column, read upwards, becomes its first row.',
    entry: 'turnRight',
    parameters: ['grid'],
    solutions: [
      `function turnRight(grid) {
  return (grid[0] ?? []).map((_, column) => grid.map((row) => row[column]).reverse());
}`,
      `function turnRight(grid) {
  const out = [];
  const width = grid.length === 0 ? 0 : grid[0].length;
  for (let x = 0; x < width; x++) {
    const row = [];
    for (let y = grid.length - 1; y >= 0; y--) row.push(grid[y][x]);
    out.push(row);
  }
  return out;
}`,
      `function turnRight(rows) {
  const out = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      if (out[i] === undefined) out[i] = [];
      out[i].unshift(cell);
    });
  }
  return out;
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[]], [[[1]]], [[[1, 2]]], [[[1], [2]]], [[[2, 1]]], [[[2], [1]]], [[[1, 2], [3, 4]]], [[[4, 3], [2, 1]]],
      [[[1, 1], [1, 1]]],
      [[[1, 1], [2, 2]]], [[[1, 2], [1, 2]]], [[[1, 2, 3]]], [[[1], [2], [3]]], [[[1, 2, 3], [4, 5, 6]]],
      [[[1, 2], [3, 4], [5, 6]]],
      [[[0]]], [[[0, 1], [1, 0]]], [[[1, 0], [0, 1]]], [[[5, 5, 5]]], [[[7], [7]]], [[[1, 0, 0], [0, 0, 2]]],
      [[[9, 8], [7, 6]]],
      [[[3, 1, 2]]], [[[3], [1], [2]]],
    ],
    examples: [
      {
        input: [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        output: [
          [3, 1],
          [4, 2],
        ],
      },
      {
        input: [
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
        ],
        output: [
          [4, 1],
          [5, 2],
          [6, 3],
        ],
      },
      { input: [[[1], [2]]], output: [[2, 1]] },
    ],
  },
  {
    id: 'mine-neighbours',
    topic: 'grids',
    statement: 'Return how many of the up to eight fields around row y and column x, both from 0, hold a 1.',
    entry: 'minesAround',
    parameters: ['grid', 'y', 'x'],
    solutions: [
      `function minesAround(grid, y, x) {
  return grid.flatMap((row, i) => row.filter((v, j) => v && Math.max(Math.abs(i - y), Math.abs(j - x)) === 1)).length;
}`,
      `function minesAround(grid, y, x) {
  let mines = 0;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      if (dy === 0 && dx === 0) continue;
      const row = grid[y + dy] || [];
      if (row[x + dx] === 1) mines++;
    }
  }
  return mines;
}`,
      `function minesAround(field, y, x) {
  const near = field.slice(Math.max(0, y - 1), y + 2);
  const cells = near.flatMap((row) => row.slice(Math.max(0, x - 1), x + 2));
  return cells.filter((cell) => cell === 1).length - field[y][x];
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[[0]], 0, 0], [[[1]], 0, 0], [[[0, 1]], 0, 0], [[[0, 1]], 0, 1], [[[1, 1]], 0, 1], [[[1], [0]], 1, 0],
      [[[1], [1]], 0, 0],
      [[[1, 1], [1, 1]], 0, 0], [[[1, 1], [1, 1]], 1, 1], [[[0, 1], [1, 0]], 0, 0], [[[0, 1], [1, 0]], 1, 0],
      [[[0, 0], [0, 1]], 0, 0],
      [[[1, 0, 1]], 0, 1], [[[1, 0, 1]], 0, 0], [[[1, 0, 1]], 0, 2], [[[1], [0], [1]], 1, 0], [[[1], [0], [1]], 2, 0],
      [[[1], [0], [1]], 0, 0],
      [[[1, 1, 1], [1, 0, 1]], 1, 1], [[[1, 1, 1], [1, 0, 1]], 0, 0], [[[1, 1, 1], [1, 1, 1]], 0, 1],
      [[[0, 0, 1], [0, 0, 1]], 0, 0],
      [[[0, 0, 1], [0, 0, 1]], 1, 1], [[[1, 0], [1, 0], [1, 1]], 1, 1], [[[1, 0], [1, 0], [1, 1]], 2, 0],
      [[[0, 0], [0, 0]], 1, 0],
    ],
    examples: [
      {
        input: [
          [
            [1, 1],
            [1, 1],
          ],
          0,
          0,
        ],
        output: 3,
      },
      {
        input: [
          [
            [1, 1, 1],
            [1, 0, 1],
          ],
          1,
          1,
        ],
        output: 5,
      },
      { input: [[[1]], 0, 0], output: 0 },
      { input: [[[1, 0, 1]], 0, 2], output: 0 },
    ],
  },
  {
    id: 'row-of-the-maximum',
    topic: 'grids',
    statement:
      'Return the index of the row that holds the largest number, the first of several, -1 when there are no rows.',
    entry: 'rowOfMax',
    parameters: ['grid'],
    solutions: [
      `function rowOfMax(grid) {
  return grid.findIndex((row) => row.includes(Math.max(...grid.flat())));
}`,
      `function rowOfMax(grid) {
  let at = -1;
  let largest = null;
  for (let i = 0; i < grid.length; i++) {
    for (const cell of grid[i]) {
      if (largest === null || cell > largest) {
        largest = cell;
        at = i;
      }
    }
  }
  return at;
}`,
      `function rowOfMax(rows) {
  const tops = rows.map((cells) => cells.reduce((a, b) => (a > b ? a : b)));
  const order = tops.map((_, i) => i).sort((i, j) => tops[j] - tops[i] || i - j);
  return order.length > 0 ? order[0] : -1;
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[]], [[[1]]], [[[0]]], [[[-1]]], [[[1], [2]]], [[[2], [1]]], [[[3], [3]]], [[[-1], [-2]]], [[[-3], [-2]]],
      [[[0], [-1]]],
      [[[0, 0], [0, 0]]], [[[1, 2], [3, 4]]], [[[4, 3], [2, 1]]], [[[9, 0], [5, 5]]], [[[5, 5], [1, 9]]],
      [[[1, 1], [0, 3]]],
      [[[1], [2], [3]]], [[[3], [1], [2]]], [[[1], [3], [3]]], [[[1], [4], [2]]], [[[8, -8], [0, 9]]],
      [[[2, 2], [9, -6]]],
      [[[1, 0], [0, 1], [1, 1]]], [[[-5], [-1], [-3]]], [[[0, 0, 7], [6, 6, 0]]], [[[1, 2], [10, 0], [9, 9]]],
      [[[0, 5], [5, 0], [1, 6]]],
    ],
    examples: [
      {
        input: [
          [
            [9, 0],
            [5, 5],
          ],
        ],
        output: 0,
      },
      {
        input: [
          [
            [1, 1],
            [0, 3],
          ],
        ],
        output: 1,
      },
      { input: [[]], output: -1 },
    ],
  },
  {
    id: 'symmetric-grid',
    topic: 'grids',
    statement: 'Say whether a square grid stays the same when its rows become its columns.',
    entry: 'isSymmetric',
    parameters: ['grid'],
    solutions: [
      `function isSymmetric(grid) {
  return grid.every((row, y) => row.every((cell, x) => cell === grid[x][y]));
}`,
      `function isSymmetric(grid) {
  for (let y = 1; y < grid.length; y++) {
    for (let x = 0; x < y; x++) {
      if (grid[y][x] !== grid[x][y]) return false;
    }
  }
  return true;
}`,
      `function isSymmetric(rows) {
  const columns = rows.map((_, i) => rows.map((row) => row[i]));
  return JSON.stringify(rows) === JSON.stringify(columns);
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[]], [[[1]]], [[[0]]], [[[1, 2], [2, 1]]], [[[1, 2], [3, 1]]], [[[1, 2], [2, 3]]], [[[1, 1], [2, 2]]],
      [[[1, 2], [1, 2]]],
      [[[2, 1], [1, 2]]], [[[0, 1], [0, 0]]], [[[0, 0], [1, 0]]], [[[0, 0], [0, 1]]], [[[-1, 1], [-1, 1]]],
      [[[1, 2, 3], [2, 4, 5], [3, 5, 6]]], [[[1, 2, 3], [2, 4, 5], [3, 6, 6]]], [[[1, 2, 3], [2, 4, 5], [4, 5, 6]]],
      [[[1, 2, 3], [1, 4, 5], [3, 5, 6]]], [[[0, 0, 0], [0, 0, 0], [0, 0, 0]]], [[[0, 0, 1], [0, 0, 0], [0, 0, 0]]],
      [[[0, 0, 1], [0, 0, 0], [1, 0, 0]]], [[[0, 1, 0], [1, 0, 0], [0, 0, 0]]], [[[0, 0, 0], [0, 0, 1], [0, 0, 0]]],
      [[[3, 8], [8, 9]]],
      [[[3, 8], [9, 3]]], [[[0, 0, 0], [0, 0, 0], [0, 1, 0]]],
    ],
    examples: [
      {
        input: [
          [
            [1, 2],
            [2, 3],
          ],
        ],
        output: true,
      },
      {
        input: [
          [
            [1, 2],
            [3, 1],
          ],
        ],
        output: false,
      },
      {
        input: [
          [
            [0, 0, 1],
            [0, 0, 0],
            [1, 0, 0],
          ],
        ],
        output: true,
      },
    ],
  },
  {
    id: 'largest-full-block',
    topic: 'grids',
    statement: 'Return how many fields the largest block of rows, one below the other, has in which no field is 0.',
    entry: 'fullBlock',
    parameters: ['grid'],
    solutions: [
      `function fullBlock(grid) {
  return Math.max(...grid.map((row) => (row.includes(0) ? ' ' : 'x'.repeat(row.length))).join('').split(' ').map((s) => s.length));
}`,
      `function fullBlock(grid) {
  let run = 0;
  let best = 0;
  for (const row of grid) {
    run = row.includes(0) ? 0 : run + row.length;
    best = Math.max(best, run);
  }
  return best;
}`,
      `function fullBlock(rows) {
  let largest = 0;
  for (let start = 0; start < rows.length; start++) {
    let end = start;
    while (end < rows.length && rows[end].every((cell) => cell !== 0)) end++;
    const size = (end - start) * rows[start].length;
    if (size > largest) largest = size;
  }
  return largest;
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [[]], [[[0]]], [[[1]]], [[[1, 1]]], [[[1, 0]]], [[[0, 1]]], [[[1], [1]]], [[[1], [0]]], [[[0], [1]]],
      [[[1], [0], [1]]],
      [[[1], [1], [0]]], [[[0], [1], [1]]], [[[1], [1], [1]]], [[[2, 3], [4, 5]]], [[[2, 0], [4, 5]]],
      [[[2, 3], [0, 5]]],
      [[[1], [0], [1], [1]]], [[[1], [1], [0], [1]]], [[[5, 5, 5]]], [[[5, 0, 5]]], [[[1, 2, 3], [4, 5, 6]]],
      [[[1, 1], [0, 0], [1, 1]]], [[[1, 1], [1, 1], [0, 1]]], [[[-1, 2], [3, -4], [1, 1]]], [[[7], [8], [9], [1]]],
    ],
    examples: [
      {
        input: [
          [
            [2, 3],
            [4, 5],
          ],
        ],
        output: 4,
      },
      { input: [[[1], [0], [1], [1]]], output: 2 },
      {
        input: [
          [
            [2, 0],
            [4, 5],
          ],
        ],
        output: 2,
      },
      { input: [[[1, 0]]], output: 0 },
    ],
  },
  {
    id: 'walk-on-a-grid',
    topic: 'grids',
    statement:
      'Follow the letters from [0, 0]: R and L add 1 to and take 1 from the first number, U and D from the second; return both.',
    entry: 'walk',
    parameters: ['moves'],
    solutions: [
      `function walk(moves) {
  return ['RL', 'UD'].map(([plus, minus]) => moves.split(plus).length - moves.split(minus).length);
}`,
      `function walk(moves) {
  let x = 0;
  let y = 0;
  for (const move of moves) {
    if (move === 'R') x++;
    else if (move === 'L') x--;
    else if (move === 'U') y++;
    else if (move === 'D') y--;
  }
  return [x, y];
}`,
      `function walk(path) {
  const steps = { R: [1, 0], L: [-1, 0], U: [0, 1], D: [0, -1] };
  return [...path].reduce((at, letter) => at.map((value, i) => value + steps[letter][i]), [0, 0]);
}`,
    ],
    // biome-ignore format: several inputs a line
    inputs: [
      [''], ['R'], ['L'], ['U'], ['D'], ['RL'], ['UD'], ['RU'], ['LD'], ['RR'], ['LL'], ['UU'], ['DDD'], ['RRU'],
      ['LUL'], ['RULD'],
      ['DLDR'], ['UUDR'], ['LLLR'], ['RDRD'], ['ULUL'], ['DDUUU'], ['RRRLL'], ['RUUUL'], ['LDDL'],
    ],
    examples: [
      { input: ['RRU'], output: [2, 1] },
      { input: ['LDDL'], output: [-2, -2] },
      { input: ['RULD'], output: [0, 0] },
    ],
  },
];
