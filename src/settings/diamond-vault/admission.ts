import type { CategoryCounts } from '../../core/settings.ts';
import { createIntake } from '../intake.ts';
import type { Candidate } from './block.ts';
import { categoryOfOutcome, type Rejection, rejections } from './outcome.ts';
import { compactText } from './program.ts';

/** Who may enter a split, and the count of what may not. */
export interface Admission {
  /** Counts by reason and category; see {@link createAdmission}. */
  readonly dropped: Readonly<Record<string, CategoryCounts>>;
  readonly relabelled: Readonly<Record<string, CategoryCounts>>;
  /** Whether a wanted candidate of a split's trusted or untrusted part enters; from then on its text is taken. */
  admits(split: string, candidate: Candidate, trusted: boolean): boolean;
  rejected(counts: Readonly<Record<Rejection, number>>, trusted: boolean): void;
}

/**
 * Admits a text once, as {@link createIntake} says. Dropped besides duplicates: `trusted-fake-negative` and
 * `positive-without-diamond`, programs rejected while sampling, whether or not they would still have been wanted.
 * Relabelled: `diamond-with-negative-measurement`, examples that count as not an outcome.
 */
export function createAdmission(): Admission {
  const { dropped, relabelled, enters, drop } = createIntake({
    drop: rejections,
    relabel: ['diamond-with-negative-measurement'],
  });
  return {
    dropped,
    relabelled,
    admits(split, { program, outcome, relabelled: changed }, trusted) {
      const reason = changed ? 'diamond-with-negative-measurement' : undefined;
      return enters(split, compactText(program), categoryOfOutcome(outcome, trusted), reason);
    },
    rejected(counts, trusted) {
      drop('trusted-fake-negative', 'fake-negative', counts['trusted-fake-negative']);
      const positive = categoryOfOutcome('real-positive', trusted);
      drop('positive-without-diamond', positive, counts['positive-without-diamond']);
    },
  };
}
