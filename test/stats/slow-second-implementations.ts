/** Metrics written straight from their definitions, without sorting or cleverness, to test the fast ones against. */

export function naiveAuroc(scores: readonly number[], positives: readonly boolean[]): number {
  const matrix = comparisons(scores, positives);
  return mean(matrix.map(mean));
}

/** DeLong's variance from the full matrix of comparisons; `minus` is subtracted for a paired difference. */
export function naiveDelongVariance(
  scores: readonly number[],
  positives: readonly boolean[],
  minus?: readonly number[],
): number {
  const matrix = comparisons(scores, positives);
  const other = minus ? comparisons(minus, positives) : matrix.map((row) => row.map(() => 0));
  const differences = matrix.map((row, i) => row.map((value, j) => value - ((other[i] as number[])[j] as number)));
  const byPositive = differences.map(mean);
  const byNegative = (differences[0] as number[]).map((_, j) => mean(differences.map((row) => row[j] as number)));
  return variance(byPositive) / byPositive.length + variance(byNegative) / byNegative.length;
}

/** Σ over distinct thresholds, from the highest, of the gain in recall times the precision. */
export function naiveAveragePrecision(scores: readonly number[], positives: readonly boolean[]): number {
  const thresholds = [...new Set(scores)].sort((a, b) => b - a);
  const total = positives.filter(Boolean).length;
  const hits = (t: number) => scores.filter((score, i) => score >= t && positives[i]).length;
  const called = (t: number) => scores.filter((score) => score >= t).length;
  return thresholds.reduce((sum, t, k) => {
    const before = k === 0 ? 0 : hits(thresholds[k - 1] as number);
    return sum + (((hits(t) - before) / total) * hits(t)) / called(t);
  }, 0);
}

/** The best TPR over every possible threshold that keeps the FPR at or below the target. */
export function naiveTprAtFpr(scores: readonly number[], positives: readonly boolean[], target: number): number {
  const rate = (threshold: number, kind: boolean) => {
    const ofKind = scores.filter((_, i) => positives[i] === kind);
    return ofKind.filter((score) => score >= threshold).length / ofKind.length;
  };
  const allowed = [...scores, Number.POSITIVE_INFINITY].filter((t) => rate(t, false) <= target + 1e-12);
  return Math.max(...allowed.map((t) => rate(t, true)));
}

/** ψ of every positive (rows) with every negative (columns). */
function comparisons(scores: readonly number[], positives: readonly boolean[]): number[][] {
  const negatives = scores.filter((_, i) => !positives[i]);
  return scores
    .filter((_, i) => positives[i])
    .map((positive) => negatives.map((negative) => (positive > negative ? 1 : positive === negative ? 0.5 : 0)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
