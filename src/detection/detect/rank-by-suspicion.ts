import type { DetectionRow } from '../../core/detection.ts';

/** Ranks of the rows that have a p-value, 1 = smallest; of equal ones the lower score, then the earlier row, comes first. */
export function rankBySuspicion(rows: readonly Pick<DetectionRow, 'pValue' | 'score'>[]): (number | null)[] {
  const ranks: (number | null)[] = rows.map(() => null);
  [...rows.keys()]
    .filter((i) => rows[i]?.pValue !== null)
    .sort((a, b) => compare(rows[a] as Ranked, rows[b] as Ranked) || a - b)
    .forEach((row, i) => {
      ranks[row] = i + 1;
    });
  return ranks;
}

type Ranked = Pick<DetectionRow, 'pValue' | 'score'>;

function compare(a: Ranked, b: Ranked): number {
  return (a.pValue as number) - (b.pValue as number) || a.score - b.score;
}
