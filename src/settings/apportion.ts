/** Whole numbers that add up to `total`, as near to the shares as can be (largest remainders; ties to the earlier). */
export function apportion<Key>(
  total: number,
  shares: readonly (readonly [key: Key, share: number])[],
): Map<Key, number> {
  // Rounding off the sum's last digits keeps 0.35 × 20,000 from coming out as 6,999.999….
  const exact = shares.map(([key, share]) => [key, Number((total * share).toFixed(6))] as const);
  const counts = new Map(exact.map(([key, value]) => [key, Math.floor(value)]));
  const missing = total - [...counts.values()].reduce((sum, value) => sum + value, 0);
  const byRemainder = [...exact].sort(([, a], [, b]) => (b % 1) - (a % 1)).slice(0, missing);
  for (const [key] of byRemainder) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
