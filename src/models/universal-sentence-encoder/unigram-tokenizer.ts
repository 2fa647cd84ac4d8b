import type { TextTokenizer } from '../text-tokenizer.ts';
import { createPieceTrie, type PieceTrie } from './piece-trie.ts';

/** A piece of text and its log probability. */
export type Piece = readonly [text: string, score: number];

/** The mark that stands for a space and before every text, U+2581. */
const space = '▁';
const unknownId = 0;
/** Ids below it stand for no text: unknown, the ends of a text, and three that are free. */
const reserved = 6;
/** Bounds the memory that one word takes. */
const longestWord = 65_536;

/**
 * SentencePiece's unigram tokenizer (Kudo 2018) as the published one of Universal Sentence Encoder lite computes it: NFKC,
 * case kept, each space a mark that belongs to the piece after it, and of all ways to cut a text into pieces the one
 * of the highest sum of scores. A character that starts no piece is unknown at score 0, and unknown ones in a row are
 * one token. Of equal sums the one with the shorter last piece counts; a best sum of exactly 0 gives way to any other, as there.
 *
 * Marks stand only at the start of pieces, so a text is cut word by word, in time linear in its length; a word of more than
 * 65,536 characters is taken for several. An empty text is one mark, since a model cannot read nothing.
 *
 * @param pieces by id; none has a mark behind its start.
 */
export function createUnigramTokenizer(pieces: readonly Piece[]): TextTokenizer {
  const lattice = new Lattice(pieces);
  return {
    vocabulary: pieces.length,
    encode: (text, atMost = Number.POSITIVE_INFINITY) => lattice.encode(text, atMost),
    decode: (ids) =>
      Array.from(ids, (id) => pieces[id]?.[0] ?? '')
        .join('')
        .replaceAll(space, ' ')
        .replace(/^ /, ''),
  };
}

/** Best ways to end at each place of one word; arrays grow to the longest word and are used again. */
class Lattice {
  readonly #lengths: Int32Array;
  readonly #scores: Float64Array;
  readonly #trie: PieceTrie;
  #best = new Float64Array(64);
  #last = new Int32Array(64);

  constructor(pieces: readonly Piece[]) {
    this.#lengths = Int32Array.from(pieces, ([text]) => text.length);
    this.#scores = Float64Array.from(pieces, ([, score]) => score);
    const known = pieces.map(([text], id) => [text, id] as const).slice(reserved);
    this.#trie = createPieceTrie(known);
  }

  encode(text: string, atMost: number): Int32Array {
    const marked = space + text.normalize('NFKC').replaceAll(' ', space);
    const ids: number[] = [];
    let [sum, next] = [0, 0];
    for (let from = 0; from < marked.length && ids.length < atMost; ) {
      if (next <= from) next = marked.indexOf(space, from + 1);
      if (next === -1) next = marked.length;
      const to = Math.min(next, from + longestWord);
      sum = this.#cut(marked, from, to, sum);
      this.#append(ids, to - from);
      from = to;
    }
    return Int32Array.from(ids);
  }

  /** Fills the lattice of units [from, to) that start at the sum `before`, and gives the sum at their end. */
  #cut(text: string, from: number, to: number, before: number): number {
    this.#reset(to - from, before);
    for (let start = from; start < to; start++) {
      let found = false;
      let node = this.#trie.next(0, text.charCodeAt(start));
      for (let end = start + 1; node !== -1; end++) {
        const piece = this.#trie.piece(node);
        if (piece !== -1) {
          found = true;
          this.#offer(end - from, (this.#best[start - from] as number) + (this.#scores[piece] as number), piece);
        }
        node = end < to ? this.#trie.next(node, text.charCodeAt(end)) : -1;
      }
      if (!found) this.#offer(start - from + 1, this.#best[start - from] as number, unknownId);
    }
    return this.#best[to - from] as number;
  }

  #reset(length: number, before: number): void {
    if (length >= this.#best.length) {
      this.#best = new Float64Array(2 * length);
      this.#last = new Int32Array(2 * length);
    }
    this.#best.fill(0, 0, length + 1);
    this.#last.fill(unknownId, 0, length + 1);
    this.#best[0] = before;
  }

  #offer(end: number, sum: number, piece: number): void {
    const best = this.#best[end] as number;
    if (best !== 0 && sum < best) return;
    this.#best[end] = sum;
    this.#last[end] = piece;
  }

  /** The pieces of the best way through a word of this length. */
  #append(ids: number[], length: number): void {
    const word: number[] = [];
    for (let end = length; end > 0; end -= this.#lengths[word.at(-1) as number] as number) {
      word.push(this.#last[end] as number);
    }
    for (const id of word.reverse()) if (id !== unknownId || ids.at(-1) !== unknownId) ids.push(id);
  }
}
