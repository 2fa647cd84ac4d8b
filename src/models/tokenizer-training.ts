import { z } from 'zod';
import {
  byteIds,
  createTokenizer,
  firstMergeId,
  linesOf,
  maxVocabulary,
  type Pair,
  pairKey,
  piecesOf,
  replacePairs,
  type Tokenizer,
} from './tokenizer.ts';

export const tokenizerConfig = z.strictObject({
  vocabulary: z
    .int()
    .min(firstMergeId)
    .max(maxVocabulary)
    .default(1024)
    .describe('Most token ids, the 256 bytes and 2 special ones included.'),
  wordShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .describe('Most merges that may be spent on words, as a share; the rest join words within a line.'),
  minCount: z.int().min(1).default(20).describe('A pair seen less often in the training texts is not merged.'),
  maxLines: z.int().min(1).default(10_000).describe('Distinct lines learned from, the most frequent first.'),
});
export type TokenizerConfig = z.infer<typeof tokenizerConfig>;

/** Strings as id sequences, with how often each occurs. */
interface Corpus {
  readonly sequences: number[][];
  readonly counts: readonly number[];
}

/**
 * Learns a byte-pair vocabulary from the training split's texts; deterministic, and independent of their order.
 * Byte-pair encoding: Gage 1994, Sennrich et al. 2016; merging across words in a second stage: Liu et al. 2025 (SuperBPE).
 */
export function trainTokenizer(texts: readonly string[], config: TokenizerConfig): Tokenizer {
  const lines = mostFrequent(tally(texts.flatMap(linesOf)), config.maxLines);
  const budget = config.vocabulary - firstMergeId;
  const pieceMerges = learnMerges(
    pieceCorpus(lines),
    Math.round(budget * config.wordShare),
    firstMergeId,
    config.minCount,
  );
  const words = createTokenizer(record(pieceMerges, []));
  const lineCorpus = {
    sequences: lines.map(([line]) => Array.from(words.encode(line).subarray(0, -1))),
    counts: lines.map(([, count]) => count),
  };
  const remaining = budget - pieceMerges.length;
  const lineMerges = learnMerges(lineCorpus, remaining, firstMergeId + pieceMerges.length, config.minCount);
  return createTokenizer(record(pieceMerges, lineMerges));
}

function record(pieceMerges: Pair[], lineMerges: Pair[]) {
  return { format: 'touchstone-byte-pair', version: 1, pieceMerges, lineMerges };
}

function tally(strings: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const string of strings) counts.set(string, (counts.get(string) ?? 0) + 1);
  return counts;
}

/** Entries by falling count, then by code unit, so that input order does not matter. */
function mostFrequent(counts: ReadonlyMap<string, number>, limit: number): [string, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit);
}

function pieceCorpus(lines: readonly (readonly [string, number])[]): Corpus {
  const counts = new Map<string, number>();
  for (const [line, count] of lines) {
    for (const piece of piecesOf(line)) counts.set(piece, (counts.get(piece) ?? 0) + count);
  }
  return { sequences: [...counts.keys()].map(byteIds), counts: [...counts.values()] };
}

/** The most frequent pair, again and again; ties go to the smaller key. Changes `corpus.sequences`. */
function learnMerges(corpus: Corpus, budget: number, firstId: number, minCount: number): Pair[] {
  const index = pairIndex(corpus);
  const merges: Pair[] = [];
  while (merges.length < budget) {
    const best = mostFrequentPair(index.counts);
    if (best === undefined || best.count < minCount) break;
    index.merge(best.key, firstId + merges.length);
    merges.push([Math.floor(best.key / maxVocabulary), best.key % maxVocabulary]);
  }
  return merges;
}

function mostFrequentPair(counts: ReadonlyMap<number, number>): { key: number; count: number } | undefined {
  let key = -1;
  let count = 0;
  for (const [k, n] of counts) {
    if (n > count || (n === count && k < key)) [key, count] = [k, n];
  }
  return count > 0 ? { key, count } : undefined;
}

/** Counts of adjacent pairs, kept up to date merge by merge. */
function pairIndex({ sequences, counts }: Corpus) {
  const pairCounts = new Map<number, number>();
  const places = new Map<number, Set<number>>();
  const add = (at: number, sign: 1 | -1) => {
    const ids = sequences[at] as number[];
    for (let i = 0; i + 1 < ids.length; i++) {
      const key = pairKey(ids[i] as number, ids[i + 1] as number);
      const count = (pairCounts.get(key) ?? 0) + sign * (counts[at] as number);
      if (count > 0) pairCounts.set(key, count);
      else pairCounts.delete(key);
      if (sign > 0) places.set(key, (places.get(key) ?? new Set()).add(at));
    }
  };
  for (const at of sequences.keys()) add(at, 1);
  const merge = (key: number, merged: number) => {
    for (const at of places.get(key) ?? []) {
      add(at, -1);
      sequences[at] = replacePairs(sequences[at] as number[], (left, right) => pairKey(left, right) === key, merged);
      add(at, 1);
    }
    pairCounts.delete(key);
    places.delete(key);
  };
  return { counts: pairCounts, merge };
}
