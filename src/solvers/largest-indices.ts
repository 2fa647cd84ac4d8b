/** Indices of the k largest values, largest first; of equal ones the earlier. All of them when there are fewer. */
export function largestIndices(values: Float64Array, k: number): readonly number[] {
  const best: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (best.length === k && value <= (values[best[k - 1] as number] as number)) continue;
    let place = Math.min(best.length, k - 1);
    for (; place > 0 && (values[best[place - 1] as number] as number) < value; place--) {
      best[place] = best[place - 1] as number;
    }
    best[place] = index;
  }
  return best;
}
