import type { Category } from '../../core/examples.ts';
import type { CategoryCounts } from '../../core/settings.ts';
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
 * Admits a text once per split, and into a judged split only when it is not in training, which is filled first.
 * Dropped: `duplicate-in-train`, `duplicate-in-validation`, `duplicate-of-train`; `equivalent-mutant`, right on all inputs
 * and so no bug; `endless-mutant`; `too-long`, over maxCharacters; `sandbox-limit`, ran out of time or memory; `trusted-fake-negative`. Relabelled:
 * `right-with-failing-test`, examples whose program is right but counts as not an outcome.
 */
export function createAdmission(): Admission {
  const taken = new Map<string, Set<string>>();
  const dropped: Counts = {
    'duplicate-in-train': {},
    'duplicate-in-validation': {},
    'duplicate-of-train': {},
    'equivalent-mutant': {},
    'endless-mutant': {},
    'too-long': {},
    'sandbox-limit': {},
    'trusted-fake-negative': {},
  };
  const relabelled: Counts = { 'right-with-failing-test': {} };
  const duplicate = (split: string, text: string) => {
    if (taken.get(split)?.has(text)) return split === 'train' ? 'duplicate-in-train' : 'duplicate-in-validation';
    return split !== 'train' && taken.get('train')?.has(text) ? 'duplicate-of-train' : undefined;
  };
  return {
    dropped,
    relabelled,
    admits(split, { problem, submission, category, relabelled: changed }) {
      const text = submissionText(problem, submission, 'compact');
      const reason = duplicate(split, text);
      if (reason !== undefined) count(dropped, reason, category);
      else taken.set(split, (taken.get(split) ?? new Set()).add(text));
      if (reason === undefined && changed) count(relabelled, 'right-with-failing-test', category);
      return reason === undefined;
    },
    rejected(rejections, category) {
      for (const reason of rejections) {
        count(dropped, reason, reason === 'trusted-fake-negative' ? 'fake-negative' : category);
      }
    },
    pooled({ equivalent, endless }) {
      count(dropped, 'equivalent-mutant', 'real-positive', equivalent);
      count(dropped, 'endless-mutant', 'all-negative', endless);
    },
  };
}

type Counts = Record<string, Partial<Record<Category, number>>>;

function count(counts: Counts, reason: string, category: Category, times = 1): void {
  const own = counts[reason] as Partial<Record<Category, number>>;
  if (times > 0) own[category] = (own[category] ?? 0) + times;
}
