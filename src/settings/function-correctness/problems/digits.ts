import type { Problem } from '../problem.ts';

/** Whole numbers, digit by digit. */
export const digitsProblems: readonly Problem[] = [
  {
    id: 'sum-of-even-digits',
    topic: 'digits',
    statement: 'Return the sum of the even digits of a whole number; a minus sign does not matter.',
    entry: 'evenDigitSum',
    parameters: ['n'],
    solutions: [
      `function evenDigitSum(n) {
  return [...String(Math.abs(n))].map(Number).filter((d) => d % 2 === 0).reduce((a, b) => a + b, 0);
}`,
      `function evenDigitSum(n) {
  let rest = Math.abs(n);
  let sum = 0;
  while (rest > 0) {
    const digit = rest % 10;
    if (digit % 2 === 0) sum += digit;
    rest = Math.floor(rest / 10);
  }
  return sum;
}`,
      `function evenDigitSum(value) {
  if (value < 0) return evenDigitSum(-value);
  if (value < 10) return value % 2 === 0 ? value : 0;
  return evenDigitSum(value % 10) + evenDigitSum(Math.floor(value / 10));
}`,
    ],
    inputs: [
      [0],
      [1],
      [2],
      [8],
      [9],
      [10],
      [12],
      [20],
      [24],
      [13],
      [48],
      [99],
      [100],
      [123],
      [246],
      [-2],
      [-14],
      [-357],
      [808],
      [1002],
      [4321],
      [-6060],
      [7],
      [88],
      [2468],
      [-10],
    ],
    examples: [
      { input: [4321], output: 6 },
      { input: [-14], output: 4 },
      { input: [13], output: 0 },
    ],
  },
  {
    id: 'digital-root',
    topic: 'digits',
    statement: 'Add up the digits of a whole number from 0, again and again, until one digit is left; return it.',
    entry: 'digitalRoot',
    parameters: ['n'],
    solutions: [
      `function digitalRoot(n) {
  return n === 0 ? 0 : 1 + ((n - 1) % 9);
}`,
      `function digitalRoot(n) {
  while (n > 9) {
    let sum = 0;
    for (const c of String(n)) sum += Number(c);
    n = sum;
  }
  return n;
}`,
      `function digitalRoot(num) {
  if (num < 10) return num;
  return digitalRoot(Math.floor(num / 10) + (num % 10));
}`,
    ],
    inputs: [
      [0],
      [1],
      [5],
      [9],
      [10],
      [11],
      [18],
      [19],
      [27],
      [38],
      [45],
      [49],
      [55],
      [99],
      [100],
      [123],
      [199],
      [256],
      [900],
      [999],
      [1000],
      [7],
      [64],
      [86],
      [3],
    ],
    examples: [
      { input: [38], output: 2 },
      { input: [199], output: 1 },
      { input: [27], output: 9 },
      { input: [0], output: 0 },
    ],
  },
  {
    id: 'count-a-digit',
    topic: 'digits',
    statement: 'Return how often the digit d occurs in the decimal form of a whole number n from 0.',
    entry: 'countDigit',
    parameters: ['n', 'd'],
    solutions: [
      `function countDigit(n, d) {
  return String(n).split(String(d)).length - 1;
}`,
      `function countDigit(n, d) {
  let count = 0;
  do {
    if (n % 10 === d) count++;
    n = Math.floor(n / 10);
  } while (n > 0);
  return count;
}`,
      `function countDigit(number, digit) {
  const here = number % 10 === digit ? 1 : 0;
  return number < 10 ? here : here + countDigit(Math.floor(number / 10), digit);
}`,
    ],
    inputs: [
      [0, 0],
      [0, 1],
      [5, 5],
      [5, 0],
      [10, 0],
      [10, 1],
      [100, 0],
      [121, 1],
      [121, 2],
      [333, 3],
      [2020, 2],
      [2020, 0],
      [987, 6],
      [1000, 0],
      [1111, 1],
      [909, 9],
      [909, 0],
      [9, 9],
      [44, 4],
      [45, 4],
      [7007, 7],
      [123, 3],
      [30, 3],
      [66606, 6],
    ],
    examples: [
      { input: [2020, 0], output: 2 },
      { input: [0, 0], output: 1 },
      { input: [987, 6], output: 0 },
    ],
  },
  {
    id: 'reverse-the-digits',
    topic: 'digits',
    statement: 'Return the whole number with its digits in reverse order, leading zeros dropped and its sign kept.',
    entry: 'reverseDigits',
    parameters: ['n'],
    solutions: [
      `function reverseDigits(n) {
  return Math.sign(n) * Number([...String(Math.abs(n))].reverse().join(''));
}`,
      `function reverseDigits(n) {
  let rest = Math.abs(n);
  let result = 0;
  while (rest > 0) {
    result = result * 10 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return n < 0 ? -result : result;
}`,
      `function reverseDigits(value) {
  let text = '';
  for (const digit of String(value).replace('-', '')) {
    text = digit + text;
  }
  return value < 0 ? 0 - Number(text) : Number(text);
}`,
    ],
    inputs: [
      [0],
      [1],
      [-1],
      [10],
      [-10],
      [12],
      [21],
      [-12],
      [100],
      [120],
      [-120],
      [123],
      [-123],
      [101],
      [1010],
      [9],
      [90],
      [909],
      [1234],
      [-505],
      [770],
      [-8],
      [56],
      [2000],
    ],
    examples: [
      { input: [120], output: 21 },
      { input: [-123], output: -321 },
      { input: [1010], output: 101 },
      { input: [0], output: 0 },
    ],
  },
  {
    id: 'digits-in-base',
    topic: 'digits',
    statement:
      'Return the digits of a whole number n from 0 in a base from 2 to 10, highest first, as a list; [0] for 0.',
    entry: 'toBase',
    parameters: ['n', 'base'],
    solutions: [
      `function toBase(n, base) {
  return n < base ? [n] : [...toBase(Math.floor(n / base), base), n % base];
}`,
      `function toBase(n, base) {
  const digits = [];
  do {
    digits.unshift(n % base);
    n = Math.floor(n / base);
  } while (n > 0);
  return digits;
}`,
      `function toBase(value, base) {
  return value.toString(base).split('').map(Number);
}`,
      `function toBase(n, base) {
  let power = 1;
  while (power * base <= n) power *= base;
  const out = [];
  for (; power >= 1; power /= base) {
    out.push(Math.floor(n / power) % base);
  }
  return out;
}`,
    ],
    inputs: [
      [0, 2],
      [1, 2],
      [2, 2],
      [3, 2],
      [4, 2],
      [5, 2],
      [10, 2],
      [15, 2],
      [0, 10],
      [9, 10],
      [10, 10],
      [255, 10],
      [7, 8],
      [8, 8],
      [64, 8],
      [2, 3],
      [3, 3],
      [26, 3],
      [27, 3],
      [5, 6],
      [36, 6],
      [100, 7],
      [4, 5],
      [25, 5],
    ],
    examples: [
      { input: [5, 2], output: [1, 0, 1] },
      { input: [26, 3], output: [2, 2, 2] },
      { input: [0, 10], output: [0] },
      { input: [64, 8], output: [1, 0, 0] },
    ],
  },
  {
    id: 'weighted-check-digit',
    topic: 'digits',
    statement: 'Multiply each digit of the text by its place from the right, from 1; return the last digit of the sum.',
    entry: 'checkDigit',
    parameters: ['code'],
    solutions: [
      `function checkDigit(code) {
  return [...code].reduce((sum, digit, i) => sum + digit * (code.length - i), 0) % 10;
}`,
      `function checkDigit(code) {
  let sum = 0;
  for (let i = code.length - 1; i >= 0; i--) {
    sum += Number(code[i]) * (code.length - i);
  }
  return sum % 10;
}`,
      `function checkDigit(text) {
  let prefix = 0;
  let total = 0;
  for (const character of text) {
    prefix += Number(character);
    total = (total + prefix) % 10;
  }
  return total;
}`,
    ],
    inputs: [
      [''],
      ['0'],
      ['5'],
      ['12'],
      ['21'],
      ['10'],
      ['01'],
      ['99'],
      ['123'],
      ['321'],
      ['100'],
      ['505'],
      ['1111'],
      ['2400'],
      ['0042'],
      ['9'],
      ['38'],
      ['777'],
      ['1001'],
      ['86'],
      ['246'],
      ['13579'],
      ['90'],
      ['400'],
      ['05'],
    ],
    examples: [
      { input: ['123'], output: 0 },
      { input: ['38'], output: 4 },
      { input: ['2400'], output: 0 },
      { input: ['321'], output: 4 },
    ],
  },
];
