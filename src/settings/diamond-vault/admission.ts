import type { Category } from '../../core/examples.ts';
import type { CategoryCounts } from '../../core/settings.ts';
import type { Candidate } from './block.ts';
import { categoryOfOutcome, type Rejection } from './outcome.ts';
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
 * Admits a text once per split, and into a validation split only when it is not in training, which is filled first.
 * Dropped: `duplicate-in-train`, `duplicate-in-validation` and `duplicate-of-train`, wanted programs turned away;
 * `trusted-fake-negative` and `positive-without-diamond`, programs rejected while sampling, whether or not they would
 * still have been wanted. Relabelled: `diamond-with-negative-measurement`, examples that count as not an outcome.
 */
export function createAdmission(): Admission {
  const taken = new Map<string, Set<string>>();
  const dropped: Counts = {
    'duplicate-in-train': {},
    'duplicate-in-validation': {},
    'duplicate-of-train': {},
    'trusted-fake-negative': {},
    'positive-without-diamond': {},
  };
  const relabelled: Counts = { 'diamond-with-negative-measurement': {} };
  const duplicate = (split: string, text: string) => {
    if (taken.get(split)?.has(text)) return split === 'train' ? 'duplicate-in-train' : 'duplicate-in-validation';
    return split !== 'train' && taken.get('train')?.has(text) ? 'duplicate-of-train' : undefined;
  };
  return {
    dropped,
    relabelled,
    admits(split, { program, outcome, relabelled: changed }, trusted) {
      const text = compactText(program);
      const category = categoryOfOutcome(outcome, trusted);
      const reason = duplicate(split, text);
      if (reason !== undefined) count(dropped, reason, category);
      else taken.set(split, (taken.get(split) ?? new Set()).add(text));
      if (reason === undefined && changed) count(relabelled, 'diamond-with-negative-measurement', category);
      return reason === undefined;
    },
    rejected(counts, trusted) {
      const positive = categoryOfOutcome('real-positive', trusted);
      count(dropped, 'trusted-fake-negative', 'fake-negative', counts['trusted-fake-negative']);
      count(dropped, 'positive-without-diamond', positive, counts['positive-without-diamond']);
    },
  };
}

type Counts = Record<string, Partial<Record<Category, number>>>;

function count(counts: Counts, reason: string, category: Category, times = 1): void {
  const own = counts[reason] as Partial<Record<Category, number>>;
  if (times > 0) own[category] = (own[category] ?? 0) + times;
}
