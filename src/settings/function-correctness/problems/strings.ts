import type { Problem } from '../problem.ts';

/** Short texts, letter by letter. */
export const stringsProblems: readonly Problem[] = [
  {
    id: 'shift-the-letters',
    topic: 'strings',
    statement: 'Move each lower-case letter k places on in the alphabet, after z comes a; k is 0 to 25. Keep the rest.',
    entry: 'shiftLetters',
    parameters: ['text', 'k'],
    solutions: [
      `function shiftLetters(text, k) {
  return text.replace(/[a-z]/g, (c) => String.fromCharCode(97 + ((c.charCodeAt(0) - 97 + k) % 26)));
}`,
      `function shiftLetters(text, k) {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 97 && code <= 122) {
      code += k;
      if (code > 122) code -= 26;
    }
    out += String.fromCharCode(code);
  }
  return out;
}`,
      `function shiftLetters(text, k) {
  const abc = 'abcdefghijklmnopqrstuvwxyz';
  const turned = abc.slice(k) + abc.slice(0, k);
  return [...text].map((c) => (abc.includes(c) ? turned[abc.indexOf(c)] : c)).join('');
}`,
    ],
    inputs: [
      ['', 3],
      ['abc', 1],
      ['xyz', 1],
      ['xyz', 3],
      ['abc', 0],
      ['a', 25],
      ['z', 25],
      ['z', 1],
      ['a b', 2],
      ['A', 4],
      ['Az', 1],
      ['hi!', 13],
      ['m', 13],
      ['n', 13],
      ['cab', 5],
      ['y', 1],
      ['b', 25],
      ['3z', 2],
      ['B-b', 3],
      ['zoo', 10],
      ['Zz', 25],
      ['q', 9],
      ['q', 10],
      ['dog', 0],
      ['a~', 2],
      ['`{', 1],
    ],
    examples: [
      { input: ['abc', 1], output: 'bcd' },
      { input: ['xyz', 3], output: 'abc' },
      { input: ['Az', 1], output: 'Aa' },
    ],
  },
  {
    id: 'run-lengths',
    topic: 'strings',
    statement:
      'Write each run of one and the same character as the character and the length of the run: aab becomes a2b1.',
    entry: 'runLengths',
    parameters: ['s'],
    solutions: [
      `function runLengths(s) {
  return s.replace(/(.)\\1*/g, (run) => run[0] + run.length);
}`,
      `function runLengths(s) {
  let out = '';
  let start = 0;
  for (let i = 1; i <= s.length; i++) {
    if (i === s.length || s[i] !== s[start]) {
      out += s[start] + (i - start);
      start = i;
    }
  }
  return out;
}`,
      `function runLengths(text) {
  const runs = [];
  for (const c of text) {
    const last = runs[runs.length - 1];
    if (last && last[0] === c) last[1]++;
    else runs.push([c, 1]);
  }
  return runs.map(([c, n]) => c + n).join('');
}`,
    ],
    inputs: [
      [''],
      ['a'],
      ['aa'],
      ['ab'],
      ['aab'],
      ['abb'],
      ['aba'],
      ['aaaa'],
      ['aabb'],
      ['abc'],
      ['abbba'],
      ['zzzy'],
      ['xxyyzz'],
      ['Aa'],
      ['mmm'],
      ['noon'],
      ['eel'],
      ['see'],
      ['bookkeep'],
      ['aabaa'],
      ['...-'],
      ['qqqqqr'],
      ['ccb'],
      ['hhh!!!'],
    ],
    examples: [
      { input: ['aab'], output: 'a2b1' },
      { input: ['noon'], output: 'n1o2n1' },
      { input: [''], output: '' },
    ],
  },
  {
    id: 'changes-to-palindrome',
    topic: 'strings',
    statement: 'Return how many characters have to be changed for the text to read the same from both ends.',
    entry: 'mirrorChanges',
    parameters: ['s'],
    solutions: [
      `function mirrorChanges(s) {
  return [...s].filter((c, i) => c !== s[s.length - 1 - i]).length / 2;
}`,
      `function mirrorChanges(s) {
  let changes = 0;
  for (let i = 0, j = s.length - 1; i < j; i++, j--) {
    if (s[i] !== s[j]) changes += 1;
  }
  return changes;
}`,
      `function mirrorChanges(text) {
  if (text.length < 2) return 0;
  const differs = text[0] === text[text.length - 1] ? 0 : 1;
  return differs + mirrorChanges(text.slice(1, -1));
}`,
    ],
    inputs: [
      [''],
      ['a'],
      ['ab'],
      ['aa'],
      ['aba'],
      ['abc'],
      ['abba'],
      ['abcd'],
      ['abca'],
      ['abab'],
      ['level'],
      ['lever'],
      ['abcde'],
      ['abcdef'],
      ['aabb'],
      ['noon'],
      ['moon'],
      ['Aa'],
      ['xyzzyx'],
      ['stone'],
      ['kayak'],
      ['garden'],
      ['planet'],
      ['bobby'],
      ['computer'],
    ],
    examples: [
      { input: ['abca'], output: 1 },
      { input: ['abcd'], output: 2 },
      { input: ['level'], output: 0 },
    ],
  },
  {
    id: 'cancel-equal-neighbours',
    topic: 'strings',
    statement:
      'Take away two equal neighbouring characters, from the left and again and again, until there are none; return the rest.',
    entry: 'cancelPairs',
    parameters: ['s'],
    solutions: [
      `function cancelPairs(s) {
  return [...s].reduce((kept, c) => (kept.endsWith(c) ? kept.slice(0, -1) : kept + c), '');
}`,
      `function cancelPairs(s) {
  const stack = [];
  for (const c of s) {
    if (stack.length > 0 && stack[stack.length - 1] === c) stack.pop();
    else stack.push(c);
  }
  return stack.join('');
}`,
      `function cancelPairs(text) {
  for (let i = 0; i + 1 < text.length; i++) {
    if (text[i] === text[i + 1]) {
      return cancelPairs(text.slice(0, i) + text.slice(i + 2));
    }
  }
  return text;
}`,
    ],
    inputs: [
      [''],
      ['a'],
      ['aa'],
      ['aaa'],
      ['ab'],
      ['aab'],
      ['abb'],
      ['abba'],
      ['abbac'],
      ['abab'],
      ['aaaa'],
      ['cabbad'],
      ['xyyz'],
      ['book'],
      ['noon'],
      ['aAa'],
      ['abccbd'],
      ['zzy'],
      ['yzz'],
      ['bbbc'],
      ['deed!'],
      ['eel'],
      ['mississ'],
      ['abcddc'],
    ],
    examples: [
      { input: ['aaa'], output: 'a' },
      { input: ['cabbad'], output: 'cd' },
      { input: ['abba'], output: '' },
      { input: ['abab'], output: 'abab' },
    ],
  },
  {
    id: 'common-start',
    topic: 'strings',
    statement: 'Return the longest text with which both texts start.',
    entry: 'commonStart',
    parameters: ['a', 'b'],
    solutions: [
      `function commonStart(a, b) {
  return b.startsWith(a) ? a : commonStart(a.slice(0, -1), b);
}`,
      `function commonStart(a, b) {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return a.slice(0, i);
}`,
      `function commonStart(left, right) {
  const end = [...left].findIndex((c, i) => c !== right[i]);
  return end === -1 ? left : left.substring(0, end);
}`,
    ],
    inputs: [
      ['', ''],
      ['a', ''],
      ['', 'b'],
      ['a', 'a'],
      ['a', 'b'],
      ['abc', 'abd'],
      ['abc', 'abc'],
      ['ab', 'abc'],
      ['abc', 'ab'],
      ['xbc', 'abc'],
      ['flow', 'flag'],
      ['flower', 'flow'],
      ['Aa', 'aa'],
      ['sun', 'son'],
      ['tree', 'trap'],
      ['aaa', 'aa'],
      ['aab', 'aaa'],
      ['car', 'card'],
      ['salt', 'sand'],
      ['moon', 'mood'],
      ['x', 'xy'],
      ['red', 'reed'],
      ['no', 'on'],
      ['banana', 'bandana'],
    ],
    examples: [
      { input: ['flow', 'flag'], output: 'fl' },
      { input: ['ab', 'abc'], output: 'ab' },
      { input: ['xbc', 'abc'], output: '' },
    ],
  },
  {
    id: 'most-frequent-letter',
    topic: 'strings',
    statement:
      'Return the character that occurs most often, the first to appear of several; an empty text for an empty text.',
    entry: 'topLetter',
    parameters: ['s'],
    solutions: [
      `function topLetter(s) {
  return [...s].sort((a, b) => s.split(b).length - s.split(a).length)[0] ?? '';
}`,
      `function topLetter(s) {
  let best = '';
  let most = 0;
  for (const c of s) {
    const count = s.split(c).length - 1;
    if (count > most) {
      most = count;
      best = c;
    }
  }
  return best;
}`,
      `function topLetter(text) {
  const counts = new Map();
  for (const c of text) counts.set(c, (counts.get(c) ?? 0) + 1);
  const most = Math.max(...counts.values());
  for (const [c, count] of counts) {
    if (count === most) return c;
  }
  return '';
}`,
    ],
    inputs: [
      [''],
      ['a'],
      ['ab'],
      ['ba'],
      ['abb'],
      ['aab'],
      ['bab'],
      ['abab'],
      ['baba'],
      ['hello'],
      ['banana'],
      ['zzyyx'],
      ['xyyzz'],
      ['Aaa'],
      ['aAA'],
      ['tree'],
      ['moon'],
      ['abc'],
      ['cbaab'],
      ['level'],
      ['lever'],
      ['1221'],
      ['abcc'],
      ['seeds'],
    ],
    examples: [
      { input: ['hello'], output: 'l' },
      { input: ['baba'], output: 'b' },
      { input: ['xyyzz'], output: 'y' },
    ],
  },
];
