/**
 * Index of the first value that is not below `limit` in size, NaN among them; −1 when there is none.
 * @param limit `Infinity` finds what is not finite.
 */
export function firstBeyond(values: Float32Array, limit: number): number {
  // A plain loop: `findIndex` takes several times as long, and this runs over gigabytes.
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i] as number) < limit)) return i;
  return -1;
}
