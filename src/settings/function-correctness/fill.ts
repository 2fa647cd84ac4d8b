import { expected } from '../../core/errors.ts';
import type { Admission } from './admission.ts';
import type { Kind, SplitPlan } from './plan.ts';
import { attempt, type Candidate, type Rejection, type Sampling, type Slot } from './sample.ts';
import { tamperingIds } from './tampering.ts';

export interface Filling extends Sampling {
  /** Slots under way at once. */
  readonly window: number;
  readonly signal: AbortSignal;
  readonly admission: Admission;
  /** Called once for each accepted example. */
  readonly progress: () => void;
}

/**
 * Fills a split, slot by slot: each takes its first submission that comes out as wanted and is no duplicate. Submissions
 * are tried side by side but admitted in order, so that the result does not depend on the number of threads.
 * @throws UserError when a share is out of reach.
 */
export async function fillSplit(plan: SplitPlan, filling: Filling): Promise<Candidate[]> {
  const slots = slotsOf(plan);
  const underWay: Promise<Found>[] = [];
  const accepted: Candidate[] = [];
  for (const [i, slot] of slots.entries()) {
    filling.signal.throwIfAborted();
    while (underWay.length < filling.window && i + underWay.length < slots.length) {
      const found = firstFit(slots[i + underWay.length] as Slot, 0, filling);
      // Whoever awaits it sees the failure; one that nobody waits for any more must not end the process.
      found.catch(() => {});
      underWay.push(found);
    }
    accepted.push(await admit(plan.split, slot, (await underWay.shift()) as Found, filling));
    filling.progress();
  }
  return accepted;
}

function slotsOf({ split, problems, cells }: SplitPlan): Slot[] {
  return cells.flatMap(({ category, trusted, kind, count }) =>
    Array.from({ length: count }, (_, i) => ({
      category,
      trusted,
      kind,
      problems,
      label: `${split}/${category}/${kind}/${i}`,
    })),
  );
}

interface Found {
  readonly candidate: Candidate;
  /** Number of the try that found it. */
  readonly number: number;
  readonly rejected: readonly Rejection[];
}

async function admit(split: string, slot: Slot, first: Found, filling: Filling): Promise<Candidate> {
  let found = first;
  for (;;) {
    filling.admission.rejected(found.rejected, slot.category);
    if (filling.admission.admits(split, found.candidate)) return found.candidate;
    found = await firstFit(slot, found.number + 1, filling);
  }
}

/** Tries of one kind of tampering before the next kind takes its place, and of a slot before it is given up. */
const triesPerKind = 400;
const triesPerSlot = triesPerKind * tamperingIds.length;

async function firstFit(slot: Slot, start: number, filling: Filling): Promise<Found> {
  const rejected: Rejection[] = [];
  for (let number = start; number < triesPerSlot; number++) {
    filling.signal.throwIfAborted();
    const outcome = await attempt(slot, kindAt(slot.kind, number), number, filling);
    if (outcome === undefined) continue;
    if ('candidate' in outcome) return { candidate: outcome.candidate, number, rejected };
    rejected.push(outcome.rejected);
  }
  throw outOfReach(slot);
}

/** A kind that the problems at hand do not allow gives way to the next. */
function kindAt(kind: Kind, number: number): Kind {
  if (kind === 'plain') return kind;
  const turn = tamperingIds.indexOf(kind) + Math.floor(number / triesPerKind);
  return tamperingIds[turn % tamperingIds.length] as Kind;
}

function outOfReach({ label, problems }: Slot) {
  const [split, category, kind] = label.split('/');
  return expected(
    'share-out-of-reach',
    `the share of ${category} (${kind}) in ${split}`,
    `within reach of its ${problems.length} problems`,
    `no further one in ${triesPerSlot} submissions`,
    'Lower that share, ask for fewer examples, or change heldOutShare or mutants.',
  );
}
