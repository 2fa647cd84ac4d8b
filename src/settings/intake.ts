import type { Category } from '../core/examples.ts';
import type { CategoryCounts } from '../core/settings.ts';

/** Which texts have entered which split of a world, and the count of what did not enter or came in relabelled. */
export interface Intake {
  /** Counts by reason and category, as a dataset's notes want them. */
  readonly dropped: Readonly<Record<string, CategoryCounts>>;
  readonly relabelled: Readonly<Record<string, CategoryCounts>>;
  /**
   * Whether a text enters: once per split, and a judged split only when it is not in training, which is filled first.
   * From then on it is taken. A text that enters as something else than it came as names the reason.
   */
  enters(split: string, text: string, category: Category, relabelledFor?: string): boolean;
  /** Counts what was left out for another reason. */
  drop(reason: string, category: Category, times?: number): void;
}

const duplicates = ['duplicate-in-train', 'duplicate-in-validation', 'duplicate-of-train'] as const;

/** An empty intake; every reason is in the counts from the start, so that none looks forgotten. */
export function createIntake(reasons: {
  readonly drop: readonly string[];
  readonly relabel: readonly string[];
}): Intake {
  const taken = new Map<string, Set<string>>();
  const dropped = noneOf([...duplicates, ...reasons.drop]);
  const relabelled = noneOf(reasons.relabel);
  const duplicate = (split: string, text: string): (typeof duplicates)[number] | undefined => {
    if (taken.get(split)?.has(text)) return split === 'train' ? 'duplicate-in-train' : 'duplicate-in-validation';
    return split !== 'train' && taken.get('train')?.has(text) ? 'duplicate-of-train' : undefined;
  };
  return {
    dropped,
    relabelled,
    enters(split, text, category, relabelledFor) {
      const reason = duplicate(split, text);
      if (reason !== undefined) {
        count(dropped, reason, category);
        return false;
      }
      taken.set(split, (taken.get(split) ?? new Set()).add(text));
      if (relabelledFor !== undefined) count(relabelled, relabelledFor, category);
      return true;
    },
    drop: (reason, category, times = 1) => count(dropped, reason, category, times),
  };
}

type Counts = Record<string, Partial<Record<Category, number>>>;

function noneOf(reasons: readonly string[]): Counts {
  return Object.fromEntries(reasons.map((reason) => [reason, {}]));
}

function count(counts: Counts, reason: string, category: Category, times = 1): void {
  const own = counts[reason] as Partial<Record<Category, number>>;
  if (times > 0) own[category] = (own[category] ?? 0) + times;
}
