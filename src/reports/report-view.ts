import type { Estimate, MetricId } from '../core/estimates.ts';
import type { Category } from '../core/examples.ts';
import type { ControlBand, JudgedExample, RunRecord, StepRecord } from '../core/records.ts';
import type { StructureId } from '../core/structures.ts';
import type { TechniqueRole } from '../core/techniques.ts';

/**
 * What a report says, with nothing about how it looks: every renderer formats this and computes no number of its own.
 * Estimates are the record's, unchanged.
 */
export interface ReportView {
  readonly title: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly seconds: number;
  /** One per (setting, model), in the order of the record; none where keys were swept. */
  readonly groups: readonly GroupView[];
  /** Technique × setting; null for a run of one setting, or one that swept keys. */
  readonly matrix: MatrixView | null;
  /** Of a run that swept keys, one per setting; there are no groups then. */
  readonly sweeps: readonly SweepView[];
  readonly techniques: RunRecord['techniques'];
  readonly details: readonly DetailView[];
  readonly steps: readonly StepRecord[];
  readonly config: RunRecord['config'];
  readonly versions: RunRecord['versions'];
  readonly dataFingerprint: RunRecord['dataFingerprint'];
  readonly machine: RunRecord['machine'];
}

/** Real-vs-fake AUROC over the points of a sweep, on one setting's headline split. */
export interface SweepView {
  readonly setting: string;
  readonly split: string;
  readonly seeds: readonly number[];
  readonly shownSeed: number | 'all';
  readonly level: number | null;
  readonly points: number;
  /** Per swept key, one for each combination of the other keys' values. */
  readonly tables: readonly SweepTable[];
}

export interface SweepTable {
  /** Path of the swept key, and its last part. */
  readonly path: string;
  readonly key: string;
  /** What the other keys are, e.g. `epochs=1`; empty when there are none. */
  readonly fixed: string;
  readonly values: readonly unknown[];
  /** Techniques and baselines first, then controls, then ceilings; within each by mean AUROC. */
  readonly rows: readonly SweepRow[];
}

export interface SweepRow {
  readonly id: string;
  readonly role: TechniqueRole;
  readonly isBaseline: boolean;
  /** One per value; null when the record has no such result. */
  readonly estimates: readonly (Estimate | null)[];
}

/** Results of one setting and model. */
export interface GroupView {
  readonly setting: string;
  readonly model: string;
  readonly seeds: readonly number[];
  /** What the main rows show: all seeds pooled, or the only seed there is. */
  readonly shownSeed: number | 'all';
  /** The split that the verdict, curves and mistakes speak of; null when nothing was judged. */
  readonly headlineSplit: string | null;
  readonly otherSplits: readonly string[];
  /** Coverage of the AUROC intervals, e.g. 0.95; null when none is defined. */
  readonly level: number | null;
  /** Technique that differences are to; null when the record has none. */
  readonly baseline: string | null;
  /** Technique that sees the text's surface alone, when differences are to it. */
  readonly surface: string | null;
  /** The first split with groups that never occur in training, with what is held out; null when there is none. */
  readonly heldOut: { readonly split: string; readonly what: string } | null;
  /** Floor and ceiling of PGR as the record names them. */
  readonly pgrFloor: string | null;
  readonly pgrTop: string | null;
  readonly verdict: VerdictView;
  /** Whether there are real-vs-fake results to show; without them what follows is empty, and `weakToStrong` is not. */
  readonly hasRealVsFake: boolean;
  /** Null where nothing was judged over all untrusted examples. */
  readonly weakToStrong: WeakToStrongView | null;
  /** Baselines and techniques, best headline AUROC first. */
  readonly techniques: readonly TechniqueView[];
  readonly controls: readonly TechniqueView[];
  readonly ceilings: readonly TechniqueView[];
  /** Spread of the random controls on the headline split. */
  readonly bands: readonly ControlBand[];
  readonly predictor: readonly PredictorMetric[];
  readonly charts: readonly ScoreChart[];
  readonly mistakes: MistakesView | null;
  readonly datasets: DatasetView | null;
  /** Null where the examples have no kinds. */
  readonly kinds: KindsView | null;
}

/** One technique's row; a cell is null when the record has no such result. */
export interface TechniqueView {
  readonly id: string;
  readonly title: string;
  readonly role: TechniqueRole;
  readonly shown: TechniqueCells;
  /** The same cells seed by seed; empty for a run of one seed. */
  readonly perSeed: readonly (TechniqueCells & { readonly seed: number })[];
  readonly isBaseline: boolean;
  readonly standing: Standing;
}

export interface TechniqueCells {
  readonly auroc: Estimate | null;
  readonly difference: Estimate | null;
  /** Two-sided p of `difference` after Holm's correction, when the record has it. */
  readonly adjustedPValue: number | null;
  readonly surface: Estimate | null;
  /** As `adjustedPValue`, of `surface`. */
  readonly surfacePValue: number | null;
  readonly pgr: Estimate | null;
  readonly tprAt1: Estimate | null;
  readonly tprAt5: Estimate | null;
  /** Real-vs-fake AUROC on `GroupView.otherSplits`, in that order. */
  readonly otherSplits: readonly (Estimate | null)[];
  /** Metrics without a column of their own, on the headline split. */
  readonly others: readonly { readonly metric: MetricId; readonly estimate: Estimate }[];
}

/**
 * Where the paired interval to the baseline lies: above or below 0, across it (`unclear`), or not there (`unknown`).
 * A difference that does not survive Holm's correction is `unclear`.
 */
export type Standing = 'above' | 'below' | 'unclear' | 'unknown';

export interface VerdictView {
  readonly sentence: string;
  /** Techniques (neither baseline, controls nor ceilings) by standing, best first. */
  readonly above: readonly string[];
  readonly unclear: readonly string[];
  readonly below: readonly string[];
  readonly unknown: readonly string[];
  /** The best of baselines and techniques on the headline split; null when none has a defined AUROC. */
  readonly best: string | null;
}

/** Weak-to-strong generalization and its analogies: everybody against ground truth, over all untrusted examples. */
export interface WeakToStrongView {
  readonly sentence: string;
  /** Whether a weak supervisor labelled the data, or there is nothing else, so that a report begins with this. */
  readonly leads: boolean;
  /** The naive student that differences are to; null where there are none. */
  readonly naive: string | null;
  /** Ceiling of PGR; null where there is none. */
  readonly ceiling: string | null;
  /** The headline split first. */
  readonly splits: readonly WeakSplitView[];
}

export interface WeakSplitView {
  readonly split: string;
  readonly level: number | null;
  readonly rows: readonly WeakRow[];
  /** The same rows seed by seed; empty for a run of one seed. */
  readonly perSeed: readonly { readonly seed: number; readonly rows: readonly WeakRow[] }[];
}

export interface WeakRow {
  readonly id: string;
  readonly title: string;
  readonly part: 'supervisor' | 'student' | 'control' | 'ceiling';
  readonly isNaive: boolean;
  /** Where its AUROC lies to the naive student's. */
  readonly standing: Standing;
  readonly cells: ReadonlyMap<MetricId, WeakCell>;
}

export interface WeakCell {
  readonly estimate: Estimate;
  /** Of a difference, after Holm's correction, when the record has it. */
  readonly adjustedPValue: number | null;
}

/** The run's techniques × its settings. */
export interface MatrixView {
  /** One per metric that some setting has, the most telling first. */
  readonly tables: readonly MatrixTable[];
  /** Null where the families of techniques were not compared. */
  readonly families: FamiliesView | null;
}

/** One metric; a row has a cell for each column. */
export interface MatrixTable {
  readonly metric: MetricId;
  readonly columns: readonly MatrixColumn[];
  readonly parts: readonly MatrixPart[];
  readonly level: number | null;
}

/** A setting (and model, where the run has several) on its headline split. */
export interface MatrixColumn {
  readonly name: string;
  readonly setting: string;
  readonly model: string;
  readonly split: string;
  /** How many techniques are ranked in it. */
  readonly ranked: number;
}

/** Techniques by mean rank; structural ones exploit more than that training examples are untrusted. */
export interface MatrixPart {
  readonly kind: 'structural' | 'general' | 'supervisor' | 'control' | 'ceiling';
  readonly rows: readonly MatrixRow[];
}

export interface MatrixRow {
  readonly id: string;
  readonly title: string;
  readonly structures: readonly StructureId[];
  /** Over the `ranks` columns in which it has a rank; null where there are none. */
  readonly meanRank: number | null;
  readonly ranks: number;
  readonly cells: readonly MatrixCell[];
}

/** An estimate with its rank among techniques (null for what is not ranked), what the setting lacks, or nothing (null). */
export type MatrixCell =
  | { readonly estimate: Estimate; readonly rank: number | null }
  | { readonly missing: readonly StructureId[] }
  | null;

/** Per setting, the best technique that exploits structure against the best general one. */
export interface FamiliesView {
  readonly sentence: string;
  readonly level: number | null;
  readonly rows: readonly FamilyRow[];
}

export interface FamilyRow {
  readonly name: string;
  readonly estimate: Estimate;
  /** After Holm's correction over the settings; null where there is none. */
  readonly adjustedPValue: number | null;
  readonly standing: Standing;
  /** What was chosen of each family; empty where nothing could be. */
  readonly structural: string;
  readonly general: string;
}

export interface PredictorMetric {
  readonly split: string;
  readonly metric: MetricId;
  /** The head it speaks of; null for the mean over the measurement heads. */
  readonly head: string | null;
  readonly estimate: Estimate;
}

/** Curves of one technique on the headline split. Over several seeds, ROC curves are averaged at equal false-positive rates. */
export interface ScoreChart {
  readonly technique: string;
  readonly role: TechniqueRole;
  readonly roc: readonly RocPoint[];
  /** Scores standardised within each seed, in equal bins; shares of the real and of the fake positives. */
  readonly histogram: readonly HistogramBin[];
  readonly reals: number;
  readonly fakes: number;
}

export interface RocPoint {
  readonly fpr: number;
  readonly tpr: number;
}

export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly real: number;
  readonly fake: number;
}

/** The most confident mistakes of `technique` on the headline split. */
export interface MistakesView {
  readonly technique: string;
  /** Fake positives scored most real, worst first. */
  readonly believedFakes: readonly Mistake[];
  /** Real positives scored most fake, worst first. */
  readonly doubtedReals: readonly Mistake[];
}

export interface Mistake {
  readonly example: JudgedExample;
  readonly score: number;
  /** Share in [0, 1] of its seed's real and fake positives that score lower, ties counted one half. */
  readonly percentile: number;
}

export interface DatasetView {
  readonly splits: readonly string[];
  readonly counts: readonly { readonly category: Category; readonly bySplit: readonly CountRange[] }[];
  /** What was left out, and what is kept with another label, by reason and category. */
  readonly dropped: readonly ChangedRow[];
  readonly relabelled: readonly ChangedRow[];
  /** Splits whose groups never occur in training, with what is held out. */
  readonly heldOut: readonly { readonly split: string; readonly what: string }[];
}

/** Examples of one category that were dropped or relabelled for one reason. */
export interface ChangedRow {
  readonly reason: string;
  readonly category: Category;
  readonly count: CountRange;
  /** Of all examples of that category, dropped ones included, over all splits and seeds. */
  readonly share: number;
}

/** AUROC of the real positives against the fake positives of one kind, on the headline split. */
export interface KindsView {
  /** Kinds with the number of their fake positives over all seeds, the most frequent first. */
  readonly kinds: readonly { readonly kind: string; readonly fakes: number }[];
  readonly rows: readonly { readonly technique: string; readonly estimates: readonly Estimate[] }[];
}

/** A count over seeds, as its least and greatest value. */
export interface CountRange {
  readonly least: number;
  readonly most: number;
}

/** What one technique chose while fitting. */
export interface DetailView {
  readonly key: string;
  readonly entries: readonly { readonly name: string; readonly value: unknown }[];
}
