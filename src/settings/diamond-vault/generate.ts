import { expected } from '../../core/errors.ts';
import type { Admission } from './admission.ts';
import { type Block, type BlockRequest, blockSize, type Candidate } from './block.ts';
import type { BlockPool } from './block-pool.ts';
import type { Outcome } from './outcome.ts';
import type { Part, SplitPlan } from './plan.ts';

/** What a split is filled from. */
export interface Filling {
  readonly seed: number;
  readonly pool: BlockPool;
  readonly signal: AbortSignal;
  readonly admission: Admission;
  /** Called once for each accepted example. */
  readonly progress: () => void;
}

/** An accepted candidate. */
export interface Entry {
  readonly candidate: Candidate;
  readonly trusted: boolean;
}

/** Fills the parts of a split, one after the other. @throws UserError when a share is out of reach. */
export async function fillSplit({ split, parts }: SplitPlan, filling: Filling): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const part of parts) {
    const candidates = await fillPart(split, part, filling);
    for (const candidate of candidates) entries.push({ candidate, trusted: part.stream.trusted });
  }
  return entries;
}

/** Programs without any new example after which a share is given up as out of reach. */
const patience = 300_000;

/**
 * Fills a part by rejection alone: blocks of independent programs, taken in the order of their index, each program
 * accepted while its outcome is wanted. So within an outcome the programs are distributed as they are sampled, and the
 * result does not depend on the number of threads.
 */
async function fillPart(split: string, { stream, quotas }: Part, filling: Filling): Promise<Candidate[]> {
  const open = new Map([...quotas].filter(([, count]) => count > 0));
  const accepted: Candidate[] = [];
  if (open.size === 0) return accepted;
  let lastHit = 0;
  const request = (index: number): BlockRequest => ({ seed: filling.seed, stream, index, wanted: [...open.keys()] });
  for await (const [index, block] of inOrder(filling.pool, request)) {
    filling.signal.throwIfAborted();
    const before = accepted.length;
    takeWanted({ split, trusted: stream.trusted }, block, open, accepted, filling);
    filling.admission.rejected(block.rejected, stream.trusted);
    if (open.size === 0) break;
    if (accepted.length > before) lastHit = index;
    if ((index - lastHit) * blockSize > patience) throw outOfReach(stream.label, [...open.keys()]);
  }
  return accepted;
}

function takeWanted(
  { split, trusted }: { readonly split: string; readonly trusted: boolean },
  block: Block,
  open: Map<Outcome, number>,
  accepted: Candidate[],
  { admission, progress }: Filling,
): void {
  for (const candidate of block.candidates) {
    const left = open.get(candidate.outcome);
    if (left === undefined || !admission.admits(split, candidate, trusted)) continue;
    accepted.push(candidate);
    progress();
    if (left === 1) open.delete(candidate.outcome);
    else open.set(candidate.outcome, left - 1);
  }
}

/** Blocks by index without end, two per thread under way. */
async function* inOrder(pool: BlockPool, request: (index: number) => BlockRequest): AsyncGenerator<[number, Block]> {
  const underWay: Promise<Block>[] = [];
  for (let index = 0; ; index++) {
    while (underWay.length < 2 * pool.threads) underWay.push(pool.sample(request(index + underWay.length)));
    yield [index, await (underWay.shift() as Promise<Block>)];
  }
}

function outOfReach(label: string, missing: readonly Outcome[]) {
  return expected(
    'share-out-of-reach',
    `the shares of ${label}`,
    'within reach of its actions',
    `no further ${missing.join(', ')} in ${patience} programs`,
    'Lower the share of what is missing, ask for fewer examples, or change heldOutShare.',
  );
}
