/**
 * Remembers resamples by the examples they are of and statistics by the scores and examples they are of, for as long as these arrays
 * live. So many metrics of many techniques on the same examples draw once, and a technique that stands in several
 * comparisons is ranked once. The arrays must not change meanwhile.
 */
export interface ResampleCache {
  resamples(examples: object, name: string, draw: () => readonly Uint32Array[]): readonly Uint32Array[];
  values(scores: object, examples: object, name: string, compute: () => Float64Array): Float64Array;
}

export function createResampleCache(): ResampleCache {
  const ofScores = new WeakMap<object, ReturnType<typeof remembering<Float64Array>>>();
  return {
    resamples: remembering(),
    values(scores, examples, name, compute) {
      const own = ofScores.get(scores) ?? remembering<Float64Array>();
      ofScores.set(scores, own);
      return own(examples, name, compute);
    },
  };
}

function remembering<T>(): (key: object, name: string, make: () => T) => T {
  const known = new WeakMap<object, Map<string, T>>();
  return (key, name, make) => {
    const own = known.get(key) ?? new Map<string, T>();
    known.set(key, own);
    const found = own.get(name);
    if (found !== undefined) return found;
    const made = make();
    own.set(name, made);
    return made;
  };
}
