import type { Estimate, MetricId } from './estimates.ts';
import type { Category } from './examples.ts';
import type { HeadId } from './models.ts';
import type { DatasetNotes } from './settings.ts';
import type { StructureId } from './structures.ts';
import type { TechniqueRole } from './techniques.ts';

/** Raised when the shape of {@link RunRecord} changes so that older readers would misread it. */
export const schemaVersion = 3;

/** One number of a run. */
export interface Result {
  readonly setting: string;
  readonly model: string;
  /** Name of the point of a sweep; absent without one, as in everything below that has a point. */
  readonly point?: string;
  /** Technique by its name; `measurement-predictor` for the predictor's own metrics. */
  readonly technique: string;
  readonly ceiling: boolean;
  readonly seed: number | 'all';
  readonly split: string;
  readonly metric: MetricId;
  readonly estimate: Estimate;
  /** What `pgr` and the differences compare with, by technique name. */
  readonly floor?: string;
  readonly top?: string;
  /** Head of the model that a `measurement-auroc` speaks of; absent for the mean over the measurement heads. */
  readonly head?: HeadId;
  /** Two-sided p-value of a difference, and the same after Holm's correction over the techniques of its split. */
  readonly pValue?: number;
  readonly adjustedPValue?: number;
}

export type StepKind =
  | 'dataset'
  | 'weak-supervisor'
  | 'pretraining'
  | 'measurement-predictor'
  | 'activations'
  | 'technique'
  | 'metrics';

export interface StepRecord {
  readonly key: string;
  readonly kind: StepKind;
  /** What it is about, e.g. `evidence-probe · seed 0`. */
  readonly label: string;
  /** Seconds it took when it was done, in this run or an earlier one. */
  readonly seconds: number;
  /** Whether an earlier run, or the interrupted part of this one, had done it already. */
  readonly reused: boolean;
  /** Points of a sweep that share it. */
  readonly points?: readonly string[];
}

export interface TechniqueSummary {
  /** Its name in results: `as` of the config, else its id. */
  readonly id: string;
  /** Registry id, where the name is another. */
  readonly technique?: string;
  /** Options that differ from the defaults. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly title: string;
  readonly role: TechniqueRole;
  /** Structures that it exploits; none for a general technique. */
  readonly structures: readonly StructureId[];
  readonly source: string;
}

/** A random control's spread: quantiles of real-vs-fake AUROC over its k scorers. */
export interface ControlBand {
  readonly point?: string;
  readonly setting: string;
  readonly model: string;
  readonly technique: string;
  readonly seed: number;
  readonly split: string;
  readonly k: number;
  readonly p05: number;
  readonly median: number;
  readonly p95: number;
}

/** How one seed's dataset was made up. */
export interface DatasetSummary extends DatasetNotes {
  readonly point?: string;
  readonly setting: string;
  readonly seed: number;
  /** Key of the step that gave it. */
  readonly key: string;
}

/** A technique that could not run on a setting: the structures that the setting would have to offer, or why it refused. */
export interface InfeasibleCell {
  readonly point?: string;
  readonly setting: string;
  readonly technique: string;
  readonly missing: readonly StructureId[];
  /** What the technique said when it had a look at the data; nothing is missing then. */
  readonly refused?: string;
}

/** One setting of the swept keys. */
export interface SweepPoint {
  /** E.g. `trainExamples=2000, epochs=1`. */
  readonly name: string;
  /** Value by key path of the config. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Everything a reader of a finished run needs; `record.json` and `run --json`. */
export interface RunRecord {
  readonly schemaVersion: number;
  readonly runId: string;
  /** The resolved config, as plain data. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Points of the sweep, in the order of its grid; absent without a sweep. */
  readonly points?: readonly SweepPoint[];
  /** SHA-256 of the datasets, by `<setting>/<seed>`, of a sweep with `/<point>` after it. */
  readonly dataFingerprint: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: {
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
  };
  readonly startedAt: string;
  /** Seconds that this start took; the work of kept steps is in `steps`. */
  readonly seconds: number;
  readonly steps: readonly StepRecord[];
  readonly techniques: readonly TechniqueSummary[];
  readonly datasets: readonly DatasetSummary[];
  readonly controls: readonly ControlBand[];
  /** What each technique chose while fitting, by `<setting>/<technique>/<seed>`, of a sweep with `/<point>` after it. */
  readonly details: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly results: readonly Result[];
  readonly infeasible: readonly InfeasibleCell[];
}

/** One row of `scores.parquet`. */
export interface ScoreRow {
  readonly point?: string;
  readonly exampleId: string;
  readonly setting: string;
  readonly model: string;
  readonly technique: string;
  readonly seed: number;
  readonly split: string;
  readonly score: number;
}

/** What the judge and the report know of one judged example: its text, measurements and hidden category. */
export interface JudgedExample {
  readonly exampleId: string;
  readonly setting: string;
  readonly seed: number;
  readonly split: string;
  readonly category: Category;
  readonly groundTruth: boolean;
  readonly measurements: readonly (boolean | null)[];
  readonly text: string;
  /** What sort of example it is, where the setting tells, e.g. how a program cheats. */
  readonly kind?: string;
  /** Points of a sweep that judge it; absent without a sweep. */
  readonly points?: readonly string[];
}
