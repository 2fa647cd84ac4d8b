/** Probabilities are kept this far from 0 and 1 before their log-odds are taken (methods.md 4.3). */
const margin = 1e-7;

/** log(p / (1 − p)) of p in [0, 1], clamped to [1e-7, 1 − 1e-7], so in about [−16.1, 16.1]. */
export function logOdds(p: number): number {
  const clamped = Math.min(1 - margin, Math.max(margin, p));
  return Math.log(clamped / (1 - clamped));
}
