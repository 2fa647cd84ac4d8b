import { createRng } from '../../core/random.ts';

/** What examples are kept together and spread by. */
export interface Dealt {
  readonly text: string;
  readonly group?: string;
  /** Each kind is spread over the folds as evenly as blocks allow. */
  readonly kind: string;
}

/**
 * The fold, from 0, of each example: examples of one group or of one text (unless it is empty) are never in two folds.
 * Blocks go, in random order, to the fold that has fewest of their kind. With fewer blocks than `folds` some are empty.
 */
export function dealFolds(examples: readonly Dealt[], folds: number, seed: number): Int32Array {
  const rng = createRng(seed, 'deal-folds');
  const ofFold = Array.from({ length: folds }, () => new Map<string, number>());
  const sizes = new Array<number>(folds).fill(0);
  const fold = new Int32Array(examples.length);
  // Large blocks first: what comes after can still even them out.
  const blocks = rng.shuffle(blocksOf(examples)).sort((a, b) => b.length - a.length);
  for (const block of blocks) {
    const kind = examples[block[0] as number]?.kind as string;
    const load = (k: number) => (ofFold[k]?.get(kind) ?? 0) + (sizes[k] as number) / (examples.length + 1);
    const least = ofFold.reduce((best, _, k) => (load(k) < load(best) ? k : best), 0);
    for (const example of block) {
      fold[example] = least;
      const own = examples[example]?.kind as string;
      ofFold[least]?.set(own, (ofFold[least]?.get(own) ?? 0) + 1);
    }
    sizes[least] = (sizes[least] as number) + block.length;
  }
  return fold;
}

/** Examples that hang together by text or group, as lists of positions. */
function blocksOf(examples: readonly Dealt[]): number[][] {
  const parent = Int32Array.from(examples, (_, i) => i);
  const root = (i: number): number => {
    let top = i;
    while (parent[top] !== top) {
      parent[top] = parent[parent[top] as number] as number;
      top = parent[top] as number;
    }
    return top;
  };
  const firstOf = new Map<string, number>();
  const join = (key: string, i: number) => {
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, i);
    else parent[root(i)] = root(first);
  };
  examples.forEach(({ text, group }, i) => {
    if (text !== '') join(`text ${text}`, i);
    if (group !== undefined) join(`group ${group}`, i);
  });
  const blocks = new Map<number, number[]>();
  for (let i = 0; i < examples.length; i++) {
    const block = blocks.get(root(i));
    if (block) block.push(i);
    else blocks.set(root(i), [i]);
  }
  return [...blocks.values()];
}
