import type { Rng } from '../../core/random.ts';

export type Actor = 'protector' | 'robber';

/** What a hard action works on. Held-out actions are drawn from each family alike, so that none is missing on either side. */
export const families = [
  'shine-item',
  'hardness-item',
  'printing-item',
  'patched-printing',
  'patched-shine',
  'patched-hardness',
  'replaced-vault',
  'overridden-method',
  'item-list',
  'conditional-return',
  'reversal',
] as const;
export type Family = (typeof families)[number];

/** A way to write one statement of a program. The statement must stand alone, on one line, and start with a word. */
export interface ActionTemplate {
  /** Unique among all templates; never part of a program's text. */
  readonly id: string;
  readonly actor: Actor | 'both';
  /** `easy` actions alone can never make a fake positive. */
  readonly family: Family | 'easy';
  write(rng: Rng): string;
}
