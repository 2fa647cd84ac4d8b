import type { Candidate } from './block.ts';
import { type Rejection, rejections } from './outcome.ts';
import { compactText } from './program.ts';

/** Who may enter a split, and the count of what may not. */
export interface Admission {
  /** Counts by reason; see {@link createAdmission}. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Whether a wanted candidate enters; from then on its text is taken. */
  admits(split: string, candidate: Candidate): boolean;
  rejected(counts: Readonly<Record<Rejection, number>>): void;
}

/**
 * Admits a text once per split, and into a validation split only when it is not in training, which is filled first.
 * Counted: `duplicate-in-train`, `duplicate-in-validation` and `duplicate-of-train` wanted programs turned away;
 * `fake-negative-relabelled` examples that were admitted as not an outcome; `trusted-fake-negative` and
 * `positive-without-diamond` programs rejected while sampling, whether or not they would still have been wanted.
 */
export function createAdmission(): Admission {
  const taken = new Map<string, Set<string>>();
  const dropped = {
    'duplicate-in-train': 0,
    'duplicate-in-validation': 0,
    'duplicate-of-train': 0,
    'fake-negative-relabelled': 0,
    'trusted-fake-negative': 0,
    'positive-without-diamond': 0,
  };
  const duplicate = (split: string, text: string) => {
    if (taken.get(split)?.has(text)) return split === 'train' ? 'duplicate-in-train' : 'duplicate-in-validation';
    return split !== 'train' && taken.get('train')?.has(text) ? 'duplicate-of-train' : undefined;
  };
  return {
    dropped,
    admits(split, { program, relabelled }) {
      const text = compactText(program);
      const reason = duplicate(split, text);
      if (reason !== undefined) dropped[reason]++;
      else taken.set(split, (taken.get(split) ?? new Set()).add(text));
      if (reason === undefined && relabelled) dropped['fake-negative-relabelled']++;
      return reason === undefined;
    },
    rejected(counts) {
      for (const reason of rejections) dropped[reason] += counts[reason];
    },
  };
}
