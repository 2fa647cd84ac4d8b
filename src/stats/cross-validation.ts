import { expected } from '../core/errors.ts';
import { createRng } from '../core/random.ts';

/** One fold: indices of the examples to fit on and of those to judge on, both ascending. */
export interface Fold {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

export interface StratifiedFoldsOptions {
  /** At least 2 and at most the number of examples. @default 5 */
  readonly folds?: number;
  /** The same seed gives the same folds. */
  readonly seed: number;
}

/**
 * Stratified k-fold: every example is in exactly one validation set, and each stratum (class), as well as the whole, is
 * spread over the folds as evenly as whole numbers allow: sizes differ by at most one.
 * @throws UserError when `folds` is not a whole number from 2 to the number of examples.
 */
export function stratifiedFolds(strata: ArrayLike<boolean | number>, options: StratifiedFoldsOptions): readonly Fold[] {
  const { folds = 5, seed } = options;
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= strata.length)) {
    const wanted = `a whole number from 2 to the ${strata.length} examples`;
    throw expected('folds', 'folds', wanted, folds, 'Use fewer folds or more examples');
  }
  const foldOf = dealFolds(strata, folds, seed);
  const indices = Array.from({ length: strata.length }, (_, i) => i);
  return Array.from({ length: folds }, (_, fold) => ({
    train: indices.filter((i) => foldOf[i] !== fold),
    validation: indices.filter((i) => foldOf[i] === fold),
  }));
}

/** Deals the shuffled examples of each stratum in turn, each stratum going on where the last one stopped. */
function dealFolds(strata: ArrayLike<boolean | number>, folds: number, seed: number): Uint32Array {
  const rng = createRng(seed, 'stratified-folds');
  const foldOf = new Uint32Array(strata.length);
  const byStratum = Map.groupBy(foldOf.keys(), (i) => Number(strata[i]));
  const dealt = [...byStratum.keys()].sort((a, b) => a - b).flatMap((key) => rng.shuffle(byStratum.get(key) ?? []));
  dealt.forEach((example, position) => {
    foldOf[example] = position % folds;
  });
  return foldOf;
}
