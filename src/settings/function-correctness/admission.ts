import type { Category } from '../../core/examples.ts';
import type { CategoryCounts } from '../../core/settings.ts';
import { createIntake } from '../intake.ts';
import type { Pool } from './pool.ts';
import type { Candidate, Rejection } from './sample.ts';
import { submissionText } from './submission-text.ts';

/** Who may enter a split, and the count of what may not. */
export interface Admission {
  readonly dropped: Readonly<Record<string, CategoryCounts>>;
  readonly relabelled: Readonly<Record<string, CategoryCounts>>;
  /** Whether a candidate enters; from then on its text is taken. */
  admits(split: string, candidate: Candidate): boolean;
  /** Submissions that a slot of this category met on its way. */
  rejected(rejections: readonly Rejection[], category: Category): void;
  /** Mutants that a pool was made without. */
  pooled(pool: Pool): void;
}

/**
 * Admits a text once, as {@link createIntake} says. Dropped besides duplicates: `equivalent-mutant`, right on all inputs and
 * so no bug; `endless-mutant`; `too-long`, over maxCharacters; `sandbox-limit`, ran out of time or memory;
 * `trusted-fake-negative`. Relabelled: `right-with-failing-test`, examples whose program is right but counts as not an outcome.
 */
export function createAdmission(): Admission {
  const { dropped, relabelled, enters, drop } = createIntake({
    drop: ['equivalent-mutant', 'endless-mutant', 'too-long', 'sandbox-limit', 'trusted-fake-negative'],
    relabel: ['right-with-failing-test'],
  });
  return {
    dropped,
    relabelled,
    admits(split, { problem, submission, category, relabelled: changed }) {
      const text = submissionText(problem, submission, 'compact');
      return enters(split, text, category, changed ? 'right-with-failing-test' : undefined);
    },
    rejected(rejections, category) {
      for (const reason of rejections) drop(reason, reason === 'trusted-fake-negative' ? 'fake-negative' : category);
    },
    pooled({ equivalent, endless }) {
      drop('equivalent-mutant', 'real-positive', equivalent);
      drop('endless-mutant', 'all-negative', endless);
    },
  };
}
