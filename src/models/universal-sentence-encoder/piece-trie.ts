/** Which pieces of a vocabulary start at a place of a text, found in one look-up per UTF-16 code unit. */
export interface PieceTrie {
  /** The node that a code unit leads to, or −1; the root is 0. */
  next(node: number, unit: number): number;
  /** Index of the piece that ends at a node, or −1. */
  piece(node: number): number;
}

/** A node's children lie in one span of `targets`, from their lowest code unit to their highest. */
interface Spans {
  readonly low: Int32Array;
  /** (nodes + 1) */
  readonly start: Int32Array;
  readonly targets: Int32Array;
}

/** The trie of pieces, none empty, each with its index; of two equal ones the later counts. */
export function createPieceTrie(pieces: Iterable<readonly [text: string, index: number]>): PieceTrie {
  const { children, ends } = grow(pieces);
  const { low, start, targets } = layOut(children);
  return {
    next(node, unit) {
      const first = start[node] as number;
      const at = first + unit - (low[node] as number);
      return at < first || at >= (start[node + 1] as number) ? -1 : (targets[at] as number);
    },
    piece: (node) => ends[node] as number,
  };
}

type Children = ReadonlyMap<number, number>;

function grow(pieces: Iterable<readonly [string, number]>): { children: readonly Children[]; ends: Int32Array } {
  const children: Map<number, number>[] = [new Map()];
  const ends: number[] = [-1];
  for (const [text, index] of pieces) {
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      const units = children[node] as Map<number, number>;
      const unit = text.charCodeAt(i);
      node = units.get(unit) ?? children.push(new Map()) - 1;
      units.set(unit, node);
      ends[node] ??= -1;
    }
    ends[node] = index;
  }
  return { children, ends: Int32Array.from(ends) };
}

function layOut(children: readonly Children[]): Spans {
  const low = new Int32Array(children.length);
  const start = new Int32Array(children.length + 1);
  children.forEach((units, node) => {
    const sorted = [...units.keys()].sort((a, b) => a - b);
    const [first = 0, last = first - 1] = [sorted[0], sorted.at(-1)];
    low[node] = first;
    start[node + 1] = (start[node] as number) + last - first + 1;
  });
  const targets = new Int32Array(start.at(-1) as number).fill(-1);
  children.forEach((units, node) => {
    const offset = (start[node] as number) - (low[node] as number);
    for (const [unit, child] of units) targets[offset + unit] = child;
  });
  return { low, start, targets };
}
