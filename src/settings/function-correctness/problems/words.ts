import type { Problem } from '../problem.ts';

/** Texts and lists of words. */
export const wordsProblems: readonly Problem[] = [
  {
    id: 'longest-word',
    topic: 'words',
    statement:
      'Return the longest word of a text whose words have one space between them, the first of equally long ones.',
    entry: 'longestWord',
    parameters: ['text'],
    solutions: [
      `function longestWord(text) {
  return text.split(' ').reduce((best, word) => (word.length > best.length ? word : best), '');
}`,
      `function longestWord(text) {
  let best = '';
  let current = '';
  for (const c of text) {
    current = c === ' ' ? '' : current + c;
    if (current.length > best.length) best = current;
  }
  return best;
}`,
      `function longestWord(sentence) {
  const words = sentence.split(' ');
  const size = Math.max(...words.map((w) => w.length));
  return words.find((w) => w.length === size);
}`,
    ],
    inputs: [
      [''],
      ['a'],
      ['hi'],
      ['a bc'],
      ['ab c'],
      ['ab cd'],
      ['cd ab'],
      ['a b c'],
      ['c b a'],
      ['one four'],
      ['four one'],
      ['to be or'],
      ['an owl'],
      ['we all go'],
      ['red blue'],
      ['blue red'],
      ['x yy z'],
      ['yy x zz'],
      ['go far on'],
      ['i am'],
      ['am i'],
      ['sun sea'],
      ['sea sun'],
      ['a bb ccc'],
    ],
    examples: [
      { input: ['one four'], output: 'four' },
      { input: ['ab cd'], output: 'ab' },
      { input: ['we all go'], output: 'all' },
    ],
  },
  {
    id: 'reverse-word-order',
    topic: 'words',
    statement: 'Return the words of the text in the opposite order, one space between them.',
    entry: 'reverseWords',
    parameters: ['text'],
    solutions: [
      `function reverseWords(text) {
  return text.split(' ').reverse().join(' ');
}`,
      `function reverseWords(text) {
  const at = text.indexOf(' ');
  if (at < 0) return text;
  return reverseWords(text.slice(at + 1)) + ' ' + text.slice(0, at);
}`,
      `function reverseWords(line) {
  let out = '';
  let word = '';
  for (const c of line) {
    if (c === ' ') {
      out = ' ' + word + out;
      word = '';
    } else {
      word += c;
    }
  }
  return word + out;
}`,
    ],
    inputs: [
      [''],
      ['a'],
      ['ab'],
      ['a b'],
      ['b a'],
      ['a a'],
      ['a b c'],
      ['ab cd'],
      ['cd ab'],
      ['one two'],
      ['to be or'],
      ['i am'],
      ['x y x'],
      ['no yes'],
      ['red'],
      ['a bc def'],
      ['abc de f'],
      ['up up on'],
      ['go'],
      ['we all go'],
      ['a b c d'],
      ['Hi you'],
      ['1 2 3'],
      ['noon no'],
    ],
    examples: [
      { input: ['a bc def'], output: 'def bc a' },
      { input: ['red'], output: 'red' },
      { input: ['x y x'], output: 'x y x' },
    ],
  },
  {
    id: 'capitalise-long-words',
    topic: 'words',
    statement: 'Make the first letter of each word of n letters or more a capital; leave all else as it is.',
    entry: 'capitalise',
    parameters: ['text', 'n'],
    solutions: [
      `function capitalise(text, n) {
  return text.split(' ').map((w) => (w.length < n ? w : w.charAt(0).toUpperCase() + w.slice(1))).join(' ');
}`,
      `function capitalise(text, n) {
  const words = text.split(' ');
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word.length >= n) words[i] = word.slice(0, 1).toUpperCase() + word.slice(1);
  }
  return words.join(' ');
}`,
      `function capitalise(text, n) {
  return [...text].map((letter, i) => {
    const starts = i === 0 || text[i - 1] === ' ';
    const end = text.indexOf(' ', i) < 0 ? text.length : text.indexOf(' ', i);
    return starts && end - i >= n ? letter.toUpperCase() : letter;
  }).join('');
}`,
    ],
    inputs: [
      ['', 1],
      ['a', 1],
      ['a', 2],
      ['ab cd', 2],
      ['ab cd', 3],
      ['ab cde', 3],
      ['abc de', 3],
      ['one four', 4],
      ['one four', 3],
      ['to be', 1],
      ['i am', 2],
      ['i am', 1],
      ['Hi you', 3],
      ['ABC', 2],
      ['a b c', 1],
      ['a bb ccc', 2],
      ['a bb ccc', 3],
      ['red', 3],
      ['red', 4],
      ['sEa', 1],
      ['go far', 2],
      ['1st in', 2],
      ['x y', 2],
      ['we all', 3],
    ],
    examples: [
      { input: ['one four', 4], output: 'one Four' },
      { input: ['ab cd', 2], output: 'Ab Cd' },
      { input: ['sEa', 1], output: 'SEa' },
    ],
  },
  {
    id: 'initials',
    topic: 'words',
    statement: 'Return the first letter of each word as a capital, each with a full stop after it, without spaces.',
    entry: 'initials',
    parameters: ['name'],
    solutions: [
      `function initials(name) {
  return name.split(' ').map((word) => (word === '' ? '' : word[0].toUpperCase() + '.')).join('');
}`,
      `function initials(name) {
  let out = '';
  let before = ' ';
  for (const c of name) {
    if (before === ' ' && c !== ' ') out += c.toUpperCase() + '.';
    before = c;
  }
  return out;
}`,
      `function initials(fullName) {
  const starts = fullName.toUpperCase().match(/(^|(?<= ))[^ ]/g) || [];
  return starts.reduce((text, letter) => text + letter + '.', '');
}`,
    ],
    inputs: [
      [''],
      ['a'],
      ['B'],
      ['ab'],
      ['a b'],
      ['b a'],
      ['Al B'],
      ['al bo'],
      ['Al Bo Cy'],
      ['al bo cy'],
      ['x y z'],
      ['Zoe'],
      ['zoe'],
      ['Jo Mc'],
      ['eve a'],
      ['a b c d'],
      ['de la O'],
      ['Ann Lee'],
      ['ann lee'],
      ['I M'],
      ['ed ed'],
      ['Ty vo'],
      ['o p q'],
      ['Kim'],
    ],
    examples: [
      { input: ['Ann Lee'], output: 'A.L.' },
      { input: ['zoe'], output: 'Z.' },
      { input: ['de la O'], output: 'D.L.O.' },
    ],
  },
  {
    id: 'longest-gap-between-words',
    topic: 'words',
    statement: 'Return the largest number of spaces in a row in the text, 0 when it has none.',
    entry: 'longestGap',
    parameters: ['text'],
    solutions: [
      `function longestGap(text) {
  return Math.max(...text.split(/[^ ]/).map((gap) => gap.length));
}`,
      `function longestGap(text) {
  let longest = 0;
  let run = 0;
  for (const c of text) {
    run = c === ' ' ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}`,
      `function longestGap(line) {
  let gap = '';
  while (line.includes(gap + ' ')) gap += ' ';
  return gap.length;
}`,
    ],
    inputs: [
      [''],
      ['a'],
      [' '],
      ['  '],
      ['a b'],
      ['ab'],
      ['a  b'],
      [' a'],
      ['a '],
      ['  a'],
      ['a  '],
      ['a b  c'],
      ['a  b c'],
      ['a   b'],
      ['   a b'],
      ['a b   '],
      ['    '],
      ['a b c'],
      ['abc'],
      ['a    b'],
      ['  a   b'],
      ['a   b  '],
      ['x  y  z'],
      [' ab'],
      ['no gap'],
    ],
    examples: [
      { input: ['a b  c'], output: 2 },
      { input: ['a b   '], output: 3 },
      { input: ['ab'], output: 0 },
    ],
  },
  {
    id: 'words-that-fit-a-line',
    topic: 'words',
    statement:
      'Return how many of the words, from the first on, fit in a line of the width with one space between them.',
    entry: 'wordsThatFit',
    parameters: ['words', 'width'],
    solutions: [
      `function wordsThatFit(words, width) {
  return words.filter((_, i) => words.slice(0, i + 1).join(' ').length <= width).length;
}`,
      `function wordsThatFit(words, width) {
  let used = 0;
  for (let i = 0; i < words.length; i++) {
    used += words[i].length + (i > 0 ? 1 : 0);
    if (used > width) return i;
  }
  return words.length;
}`,
      `function wordsThatFit(list, width) {
  if (list.join(' ').length <= width) return list.length;
  return wordsThatFit(list.slice(0, -1), width);
}`,
    ],
    inputs: [
      [[], 5],
      [[], 0],
      [['a'], 1],
      [['a'], 0],
      [['abc'], 2],
      [['abc'], 3],
      [['a', 'b'], 2],
      [['a', 'b'], 3],
      [['a', 'b'], 1],
      [['ab', 'cd'], 5],
      [['ab', 'cd'], 4],
      [['a', 'b', 'c'], 5],
      [['a', 'b', 'c'], 4],
      [['a', 'b', 'c'], 9],
      [['to', 'be', 'or'], 7],
      [['to', 'be', 'or'], 8],
      [['abcd', 'a'], 3],
      [['a', 'abcd'], 5],
      [['a', 'abcd', 'b'], 6],
      [['one', 'two'], 7],
      [['one', 'two'], 6],
      [['x', 'y', 'z', 'w'], 7],
      [['x', 'y', 'z', 'w'], 6],
      [['ab', 'a', 'b'], 6],
      [['ab', 'a', 'b'], 5],
    ],
    examples: [
      { input: [['to', 'be', 'or'], 7], output: 2 },
      { input: [['ab', 'cd'], 5], output: 2 },
      { input: [['abcd', 'a'], 3], output: 0 },
    ],
  },
];
