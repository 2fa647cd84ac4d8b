import type { DetectionRecord, DetectionRow } from '../../core/detection.ts';
import type { LabelledEstimate } from '../../core/inspection.ts';
import type { OwnExample } from '../../core/own-data.ts';
import { histogram } from '../../stats/histogram.ts';

/** What a person found who checked examples, as a report shows it. */
export interface ReviewView {
  /** How many were checked and how they were picked, in a sentence. */
  readonly sentence: string;
  readonly estimates: readonly LabelledEstimate[];
}

/** What a detection's report is made of. */
export interface DetectionInput {
  readonly record: DetectionRecord;
  readonly rows: readonly DetectionRow[];
  /** Those that rows speak of; one that is missing is shown without its text. */
  readonly examples: readonly OwnExample[];
  readonly review?: ReviewView | undefined;
}

/** An example to read. */
export interface Suspect {
  readonly id: string;
  readonly rank: number;
  readonly pValue: number;
  readonly score: number;
  readonly flagged: boolean;
  readonly measurements: readonly (boolean | null)[];
  readonly text: string;
  /** Characters of the text that are left out. */
  readonly missing: number;
}

export interface PValueBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface ScoreBin {
  readonly from: number;
  readonly to: number;
  /** Share of all trusted positives, and of all untrusted ones, whose score falls here. */
  readonly trusted: number;
  readonly untrusted: number;
}

/** Everything that the report of a detection shows. */
export interface DetectionView {
  readonly record: DetectionRecord;
  readonly review: ReviewView | null;
  /** Most suspicious first: the flagged ones, or where fewer than ten are, ten. */
  readonly suspects: readonly Suspect[];
  readonly pValues: readonly PValueBin[];
  readonly scores: readonly ScoreBin[];
}

/** How many examples a report shows, and how many characters of one text and of all together. */
const [suspectLimit, textLimit, textBudget] = [100, 50_000, 1_000_000];
const fewest = 10;

export function buildDetectionView({ record, rows, examples, review }: DetectionInput): DetectionView {
  return {
    record,
    review: review ?? null,
    suspects: suspectsOf(rows, examples),
    pValues: pValueBins(rows.flatMap(({ pValue }) => (pValue === null ? [] : [pValue]))),
    scores: scoreBins(rows),
  };
}

type RankedRow = DetectionRow & { readonly rank: number; readonly pValue: number };

function suspectsOf(rows: readonly DetectionRow[], examples: readonly OwnExample[]): Suspect[] {
  const ranked = rows.filter((row): row is RankedRow => row.rank !== null && row.pValue !== null);
  const sorted = ranked.toSorted((a, b) => a.rank - b.rank);
  const shown = sorted.slice(0, suspectLimit).filter(({ flagged }, i) => flagged || i < fewest);
  const wanted = new Set(shown.map(({ id }) => id));
  const found = new Map(examples.filter(({ id }) => wanted.has(id)).map((example) => [example.id, example]));
  let left = textBudget;
  return shown.map(({ id, rank, pValue, score, flagged }) => {
    const { text = '', measurements = [] } = found.get(id) ?? {};
    const kept = text.slice(0, Math.min(textLimit, left)).toWellFormed();
    left -= kept.length;
    return { id, rank, pValue, score, flagged, measurements, text: kept, missing: text.length - kept.length };
  });
}

const pValueBinCount = 20;

/** Even bins of (0, 1], each with its upper end: a p-value of exactly 0.05 is an alarm at 0.05. */
function pValueBins(values: readonly number[]): PValueBin[] {
  const counts = new Array<number>(pValueBinCount).fill(0);
  // Rounded, since 0.15 × 20 is a little above 3 in floating point.
  for (const p of values) (counts[Math.max(0, Math.ceil(Number((p * pValueBinCount).toFixed(9))) - 1)] as number)++;
  if (values.length === 0) return [];
  return counts.map((count, i) => ({ from: i / pValueBinCount, to: (i + 1) / pValueBinCount, count }));
}

function scoreBins(rows: readonly DetectionRow[]): ScoreBin[] {
  const of = (category: DetectionRow['category']) =>
    rows.filter((row) => row.category === category).map(({ score }) => score);
  const [trusted, untrusted] = [of('trusted-positive'), of('untrusted-positive')];
  const { edges, counts } = histogram([trusted, untrusted], 32);
  return edges.slice(1).map((to, i) => ({
    from: edges[i] as number,
    to,
    trusted: (counts[0]?.[i] ?? 0) / Math.max(1, trusted.length),
    untrusted: (counts[1]?.[i] ?? 0) / Math.max(1, untrusted.length),
  }));
}
