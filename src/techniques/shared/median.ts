/** The median, the mean of the middle two for an even count; reorders `values`, at least one, by Hoare's selection. */
export function medianInPlace(values: Float64Array): number {
  const middle = values.length >> 1;
  const upper = selectInPlace(values, middle);
  if (values.length % 2 === 1) return upper;
  let lower = -Infinity;
  for (let k = 0; k < middle; k++) lower = Math.max(lower, values[k] as number);
  return (lower + upper) / 2;
}

/** The value that would stand at `place` if `values` were sorted; none before it is greater afterwards, none after it less. */
function selectInPlace(values: Float64Array, place: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[place] as number;
    let [i, j] = [low, high];
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i > j) continue;
      const swapped = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = swapped;
    }
    if (j < place) low = i;
    if (i > place) high = j;
  }
  return values[place] as number;
}
