/**
 * Two-stage byte-pair tokenizer for short programs.
 *
 * A text is cut into lines (each keeps its newline) and a line into pieces: words, single digits, runs of spaces, and
 * punctuation marks. Piece merges build words out of bytes; line merges then join neighbouring tokens of one line, so
 * that a statement seen often becomes few tokens while an unseen one still falls into words the model knows.
 * Ids: 0 padding, 1 end of text, 2–257 the bytes (so every text is representable), then the merges in order.
 */
import { z } from 'zod';
import { expected } from '../core/errors.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

export const endId = 1;
const firstByteId = 2;
export const firstMergeId = firstByteId + 256;

/** Merged ids must fit the pair key `left · 65,536 + right`. */
export const maxVocabulary = 65_536;

const pairSchema = z.tuple([z.int().min(firstByteId), z.int().min(firstByteId)]);
const recordSchema = z.strictObject({
  format: z.literal('touchstone-byte-pair'),
  version: z.literal(1),
  /** Merges inside pieces; the i-th makes id 258 + i out of a pair of earlier ids. */
  pieceMerges: z.array(pairSchema),
  /** Merges across pieces of one line; ids continue. */
  lineMerges: z.array(pairSchema),
});

/** A tokenizer as JSON. */
type TokenizerRecord = z.infer<typeof recordSchema>;
export type Pair = TokenizerRecord['pieceMerges'][number];

export interface Tokenizer extends TextTokenizer {
  readonly record: TokenizerRecord;
  /** Token ids of `text` followed by the end token; at least one id. */
  encode(text: string): Uint16Array;
  /** The text that `ids` stand for; padding and end tokens are left out. */
  decode(ids: ArrayLike<number>): string;
}

/** A tokenizer from its JSON; `source` names it in errors. @throws UserError when the record is not a valid one. */
export function createTokenizer(json: unknown, source = 'the tokenizer'): Tokenizer {
  const record = parseRecord(json, source);
  const bytes = bytesOfIds(record);
  const encodeLine = lineEncoder(record);
  return {
    vocabulary: bytes.length,
    record,
    special: { before: 0, after: 1 },
    encode: (text) => Uint16Array.from([...linesOf(text).flatMap(encodeLine), endId]),
    decode: (ids) => new TextDecoder().decode(Uint8Array.from(Array.from(ids, (id) => bytes[id] ?? []).flat())),
  };
}

function parseRecord(json: unknown, source: string): TokenizerRecord {
  const next = 'Train the tokenizer again, or restore the file.';
  const parsed = recordSchema.safeParse(json);
  if (!parsed.success)
    throw expected('invalid-tokenizer', source, 'a tokenizer record', z.prettifyError(parsed.error), next);
  const merges = [...parsed.data.pieceMerges, ...parsed.data.lineMerges];
  const bad = merges.findIndex((pair, i) => Math.max(...pair) >= firstMergeId + i);
  if (bad >= 0)
    throw expected('invalid-tokenizer', `merge ${bad} of ${source}`, 'a pair of earlier ids', merges[bad], next);
  return parsed.data;
}

/** The bytes each id stands for. */
function bytesOfIds({ pieceMerges, lineMerges }: TokenizerRecord): number[][] {
  const bytes: number[][] = [[], [], ...Array.from({ length: 256 }, (_, byte) => [byte])];
  for (const [left, right] of [...pieceMerges, ...lineMerges]) bytes.push([...bytes[left], ...bytes[right]]);
  return bytes;
}

/** Lines with their newlines. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Words (split at camel humps), single digits, runs of spaces, and single other characters. */
export function piecesOf(line: string): string[] {
  return line.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\s+|./gsu) ?? [];
}

/** A piece as byte ids. */
export function byteIds(piece: string): number[] {
  return Array.from(new TextEncoder().encode(piece), (byte) => byte + firstByteId);
}

function lineEncoder(record: TokenizerRecord): (line: string) => readonly number[] {
  const pieceRanks = ranksOf(record.pieceMerges, firstMergeId);
  const lineRanks = ranksOf(record.lineMerges, firstMergeId + record.pieceMerges.length);
  const encodePiece = memoized((piece) => applyMerges(byteIds(piece), pieceRanks));
  return memoized((line) => applyMerges(piecesOf(line).flatMap(encodePiece), lineRanks));
}

/** Programs repeat their lines; the cache is emptied rather than let grow without bound. */
function memoized(encode: (key: string) => readonly number[]): (key: string) => readonly number[] {
  const cache = new Map<string, readonly number[]>();
  return (key) => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    if (cache.size >= 200_000) cache.clear();
    const ids = encode(key);
    cache.set(key, ids);
    return ids;
  };
}

export function pairKey(left: number, right: number): number {
  return left * maxVocabulary + right;
}

/** Merged id by {@link pairKey}; a lower id is applied first. */
function ranksOf(merges: readonly Pair[], firstId: number): Map<number, number> {
  return new Map(merges.map(([left, right], i) => [pairKey(left, right), firstId + i]));
}

/** Applies merges, lowest id first, until none fits. */
function applyMerges(ids: readonly number[], ranks: ReadonlyMap<number, number>): readonly number[] {
  let current = ids;
  for (;;) {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < current.length; i++) {
      best = Math.min(best, ranks.get(pairKey(current[i] as number, current[i + 1] as number)) ?? best);
    }
    if (best === Number.POSITIVE_INFINITY) return current;
    current = replacePairs(current, (left, right) => ranks.get(pairKey(left, right)) === best, best);
  }
}

/** `ids` with every pair that `matches`, from the left, replaced by `merged`. */
export function replacePairs(
  ids: readonly number[],
  matches: (left: number, right: number) => boolean,
  merged: number,
): number[] {
  const result: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    const hit = i + 1 < ids.length && matches(ids[i] as number, ids[i + 1] as number);
    result.push(hit ? merged : (ids[i] as number));
    if (hit) i++;
  }
  return result;
}
