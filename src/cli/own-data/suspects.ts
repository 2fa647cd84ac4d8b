import type { DetectionRow } from '../../core/detection.ts';
import type { OwnExample } from '../../core/own-data.ts';
import type { Suspect } from '../../reports/detection/detection-view.ts';

const kept = 10;
const textStart = 400;

/** The most suspicious of rows that come one after another, in memory that does not grow with them. */
export interface Suspects {
  add(row: DetectionRow, example: OwnExample): void;
  /** Most suspicious first. */
  list(): readonly Suspect[];
}

export function createSuspects(): Suspects {
  let most: Suspect[] = [];
  return {
    add({ id, pValue, score, flagged }, { text, measurements }) {
      if (pValue === null) return;
      const last = most.at(-1);
      if (most.length >= kept && last !== undefined && !isBefore({ pValue, score }, last)) return;
      const missing = Math.max(0, text.length - textStart);
      const added = { id, rank: 0, pValue, score, flagged, measurements, text: text.slice(0, textStart), missing };
      most = [...most, added].sort((a, b) => (isBefore(a, b) ? -1 : 1)).slice(0, kept);
    },
    list: () => most.map((suspect, i) => ({ ...suspect, rank: i + 1 })),
  };
}

type Suspicion = Pick<Suspect, 'pValue' | 'score'>;

function isBefore(a: Suspicion, b: Suspicion): boolean {
  return a.pValue < b.pValue || (a.pValue === b.pValue && a.score < b.score);
}
