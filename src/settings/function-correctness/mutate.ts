import { type MutationOperatorId, mutationOperators } from './mutation-operators.ts';
import { applyEdits, normalise, placesOf } from './syntax.ts';

/** A program with one bug put in, unless the change makes no difference. */
export interface Mutant {
  readonly operator: MutationOperatorId;
  readonly source: string;
}

/** Every mutant of a program whose function is `entry`, each source once, by the first operator that makes it. */
export function mutantsOf(program: string, entry: string): Mutant[] {
  const source = normalise(program);
  const mutants = new Map<string, Mutant>();
  for (const operator of Object.keys(mutationOperators) as MutationOperatorId[]) {
    for (const place of placesOf(source)) {
      for (const edit of mutationOperators[operator](place, source, entry)) {
        const mutated = printed(applyEdits(source, [edit]));
        if (mutated !== undefined && mutated !== source && !mutants.has(mutated)) {
          mutants.set(mutated, { operator, source: mutated });
        }
      }
    }
  }
  return [...mutants.values()];
}

/** An edit may break the syntax, as where it swaps what is not an expression. */
function printed(source: string): string | undefined {
  try {
    return normalise(source);
  } catch {
    return undefined;
  }
}
