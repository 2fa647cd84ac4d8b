import { distance } from 'fastest-levenshtein';

/** `Did you mean "x"?` when one of `known` is close to `id`, else the list of what is known. */
export function nearest(id: string, known: readonly string[]): string {
  const ranked = known.map((name) => ({ name, edits: distance(id, name) })).sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  if (best !== undefined && best.edits <= Math.max(2, Math.ceil(best.name.length / 3)))
    return `Did you mean "${best.name}"?`;
  return `Known: ${known.join(', ')}.`;
}
