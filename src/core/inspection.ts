import type { Estimate } from './estimates.ts';
import type { ObservedCategory } from './own-data.ts';

/** Which data a record speaks of. */
export interface DataSummary {
  readonly name: string;
  readonly fingerprint: string;
  readonly rows: number;
  readonly rejected: number;
  readonly measurementNames: readonly string[];
  /** Examples of each category; all are present. */
  readonly counts: Readonly<Record<ObservedCategory, number>>;
}

/** An answer that numbers give, or that they cannot. */
export type Answer = 'yes' | 'no' | 'cannot-tell';

/** One question about the data, what the numbers answer, and what that rests on. */
export interface Finding {
  /** Kebab-case, stable, e.g. `measurements-predictable`. */
  readonly id: string;
  /** As a user would ask it. */
  readonly question: string;
  readonly answer: Answer;
  /** Two or three sentences in words: what was done, what came out, what it means here. */
  readonly text: string;
  readonly estimates: readonly LabelledEstimate[];
}

export interface LabelledEstimate {
  readonly label: string;
  readonly estimate: Estimate;
}

/** The share of fake positives among untrusted positives, by one method. */
export interface ShareEstimate {
  /** Kebab-case id of the method. */
  readonly method: string;
  readonly title: string;
  /** What must hold for the interval to mean what it says, in a sentence. */
  readonly assumption: string;
  /** Whether the data speak against the assumption: `no` = nothing found against it. */
  readonly refuted: Answer;
  readonly estimate: Estimate;
}

/** Whether tampering could be detected in some data: what `touchstone inspect` says. */
export interface InspectionRecord {
  readonly kind: 'inspection';
  readonly schemaVersion: 1;
  readonly data: DataSummary;
  /** What the texts were turned into, e.g. `universal-sentence-encoder-lite, layers 1 and 2`. */
  readonly features: string;
  readonly findings: readonly Finding[];
  readonly fakeShare: {
    /** The range that the methods allow together, or why nothing can be said. */
    readonly combined: Estimate;
    readonly methods: readonly ShareEstimate[];
  };
  readonly verdict: {
    readonly answer: Answer;
    /** One sentence to begin with. */
    readonly summary: string;
    readonly reasons: readonly string[];
  };
  /** What to collect or change next, the most useful first. */
  readonly advice: readonly string[];
  /** What a reader should know of how the data were read, a sentence each. */
  readonly notes?: readonly string[];
  readonly seed: number;
}
