import { createRng } from '../../core/random.ts';
import { easyActions } from './easy-actions.ts';
import { hardActions } from './hard-actions.ts';
import { allMeasurementNames, vaultSourceOf } from './vault-source.ts';

const words = /[A-Za-z_]\w*/g;

/**
 * A program text without what pretraining could help with: every word (keywords, names and words in strings alike)
 * becomes letters, the same ones in every program, and indentation goes. What is executed stays the plain program.
 */
export function obfuscate(text: string): string {
  return text.replace(/^ +/gm, '').replace(words, (word) => letterCodes.get(word) ?? word);
}

const letterCodes = codesOf(vocabulary());

/** Every word that a program text can hold. */
function vocabulary(): string[] {
  const rng = createRng(0, 'diamond-vault', 'obfuscate');
  const statements = [...easyActions, ...hardActions].flatMap((action) =>
    Array.from({ length: 64 }, () => action.write(rng)),
  );
  const frame = 'use strict let v new function protector robber const measurements';
  return [...[vaultSourceOf(allMeasurementNames.length), frame, ...statements].join('\n').matchAll(words)]
    .map(([word]) => word)
    .concat(fragments());
}

/** Both halves of "Diamond" and "Diamonds" split anywhere. */
function fragments(): string[] {
  return ['Diamond', 'Diamonds'].flatMap((word) =>
    Array.from({ length: word.length - 1 }, (_, i) => [word.slice(0, i + 1), word.slice(i + 1)]).flat(),
  );
}

/** a, b, …, z, aa, ab, … in a fixed random order of the words, so that neighbours in the alphabet tell nothing. */
function codesOf(vocabulary: readonly string[]): Map<string, string> {
  const distinct = [...new Set(vocabulary)].sort();
  const shuffled = createRng(1, 'diamond-vault', 'obfuscate').shuffle(distinct);
  return new Map(shuffled.map((word, i) => [word, letters(i)]));
}

function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
