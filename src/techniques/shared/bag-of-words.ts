import { type SparseRows, sparseRows } from '../../solvers/sparse-rows.ts';

/** How a text becomes counts of words. */
export interface BagOfWordsOptions {
  /** Whether pairs of neighbouring words count as words too. @default true */
  readonly bigrams: boolean;
  /** What a word that occurs c times in a text is worth: log(1 + c), or 1. @default 'log-count' */
  readonly values: 'log-count' | 'presence';
  /** Training texts that a word must occur in. @default 5 */
  readonly minimumTexts: number;
  /** Most words; those in most training texts are kept. @default 4000 */
  readonly features: number;
}

/** Learned from training texts alone. */
export interface BagOfWords {
  /** By column. */
  readonly words: readonly string[];
  /** (texts × words); words that are not among them are left out. */
  encode(texts: readonly string[]): SparseRows;
}

/** The vocabulary of `texts`, in order of the number of texts that hold a word, then of the word. */
export function learnBagOfWords(texts: readonly string[], options: BagOfWordsOptions): BagOfWords {
  const frequency = new Map<string, number>();
  for (const text of texts) {
    for (const word of new Set(wordsOf(text, options.bigrams))) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  }
  const words = [...frequency]
    .filter(([, count]) => count >= options.minimumTexts)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, options.features)
    .map(([word]) => word);
  return bagOfWords(words, options);
}

/** The bag of a vocabulary that was learned before. */
export function bagOfWords(
  words: readonly string[],
  options: Pick<BagOfWordsOptions, 'bigrams' | 'values'>,
): BagOfWords {
  const columnOf = new Map(words.map((word, column) => [word, column]));
  const encode = (some: readonly string[]) =>
    sparseRows(
      some.map((text) => rowOf(text, columnOf, options)),
      words.length,
    );
  return { words, encode };
}

function rowOf(
  text: string,
  columnOf: ReadonlyMap<string, number>,
  { bigrams, values }: Pick<BagOfWordsOptions, 'bigrams' | 'values'>,
) {
  const counts = new Map<number, number>();
  for (const word of wordsOf(text, bigrams)) {
    const column = columnOf.get(word);
    if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  return [...counts].map(([column, count]) => [column, values === 'presence' ? 1 : Math.log1p(count)] as const);
}

/** Words and identifiers with their case, runs of digits, and every other mark by itself: it suits code and prose. */
function wordsOf(text: string, bigrams: boolean): string[] {
  const words = text.match(/[\p{L}_][\p{L}\p{M}\p{N}_]*|\p{N}+|[^\s\p{L}\p{N}_]/gu) ?? [];
  if (!bigrams) return words;
  return [...words, ...words.slice(1).map((word, i) => `${words[i]} ${word}`)];
}
