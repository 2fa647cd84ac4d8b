/** Prose is hard to read on lines that are longer, and nothing fits on those that are shorter. */
const [narrowest, widest] = [20, 100];

/** Columns that prose takes in a terminal of that width. */
export function proseWidth({ width = 80 }: { readonly width?: number }): number {
  return Math.max(narrowest, Math.min(width, widest));
}
