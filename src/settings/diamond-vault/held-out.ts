import { createRng } from '../../core/random.ts';
import { apportion } from '../apportion.ts';
import { families } from './action-template.ts';
import { hardActions } from './hard-actions.ts';

/** Ids of the hard templates of one seed: those that training may use, and those it never does. */
export interface HardTemplates {
  readonly training: readonly string[];
  readonly heldOut: readonly string[];
}

/** Draws `share` of the hard templates, from each family alike. */
export function splitHardTemplates(seed: number, share: number): HardTemplates {
  const rng = createRng(seed, 'diamond-vault', 'held-out');
  const sizes = families.map(
    (family) => [family, hardActions.filter((action) => action.family === family).length] as const,
  );
  const counts = apportion(
    Math.round(hardActions.length * share),
    sizes.map(([family, size]) => [family, size / hardActions.length]),
  );
  const heldOut = new Set(
    families.flatMap((family) => {
      const ids = hardActions.filter((action) => action.family === family).map(({ id }) => id);
      return rng.sample(ids, counts.get(family) ?? 0);
    }),
  );
  const ids = hardActions.map(({ id }) => id);
  return { training: ids.filter((id) => !heldOut.has(id)), heldOut: ids.filter((id) => heldOut.has(id)) };
}
