/** The library: what a program that uses touchstone needs, by name. */

// Activations.
export { importActivations } from './activations/import-activations.ts';
export { openActivations } from './activations/open-activations.ts';
export { recordActivations } from './activations/record-activations.ts';
export { createWorld } from './cli/world.ts';
export type { DetectionRecord, DetectionRow } from './core/detection.ts';
export { EnvironmentError, TouchstoneError, UserError } from './core/errors.ts';
export type { DefinedEstimate, Estimate, MetricId, UndefinedEstimate } from './core/estimates.ts';
export { isDefined } from './core/estimates.ts';
// The words.
export type { Category, Example, Input, SupervisedExample, TamperEvidence } from './core/examples.ts';
export { aggregateMeasurement, categoryOf, isInconsistent } from './core/examples.ts';
export type {
  Completion,
  FinetuneOptions,
  HeadId,
  Intervention,
  Matrix,
  StrongModel,
  TokenStates,
  TrainingTargets,
} from './core/models.ts';
export type { OwnData, OwnExample } from './core/own-data.ts';
export { createRng } from './core/random.ts';
export type { JudgedExample, Result, RunRecord, ScoreRow } from './core/records.ts';
export type { DataSource, Dataset, Setting, SettingContext } from './core/settings.ts';
export type { StructureId } from './core/structures.ts';
export type {
  FittedTechnique,
  SavedTechnique,
  Technique,
  TechniqueContext,
  TrainingView,
} from './core/techniques.ts';
export { createTrainingView, inputsOf } from './core/training-view.ts';
// Your own data.
export type { Detection, DetectOptions } from './detection/detect/detect.ts';
export { detect } from './detection/detect/detect.ts';
export type { AlarmOptions, Detector } from './detection/detect/detector.ts';
export { loadDetector } from './detection/detect/load-detector.ts';
export { saveDetector } from './detection/detect/save-detector.ts';
export type { ScoreRowsOptions } from './detection/detect/score-rows.ts';
export { scoreRows } from './detection/detect/score-rows.ts';
export type { DetectorConfig } from './detection/detection-config.ts';
export { resolveDetectorConfig } from './detection/detection-config.ts';
export type { FeatureRows } from './detection/features/feature-rows.ts';
export { featureRowsById } from './detection/features/feature-rows.ts';
export type { ReviewEstimates } from './detection/review/estimate-from-answers.ts';
export { estimateFromAnswers } from './detection/review/estimate-from-answers.ts';
export type { ReviewOptions } from './detection/review/pick-for-review.ts';
export { pickForReview } from './detection/review/pick-for-review.ts';
export type { ReviewAnswers } from './detection/review/read-answers.ts';
export { readAnswers } from './detection/review/read-answers.ts';
export { reviewCsv } from './detection/review/review-csv.ts';
export type { ReviewPick } from './detection/review/review-pick.ts';
// Experiments.
export type { AuditReport } from './experiments/audit.ts';
export { auditTechnique } from './experiments/audit.ts';
export type { RunComparison } from './experiments/compare.ts';
export { compareRuns } from './experiments/compare.ts';

export { resolveConfig } from './experiments/config.ts';
export { pinData } from './experiments/pin-data.ts';
export { pinModel } from './experiments/pin-model.ts';
export type { FinishedRun, RunOptions } from './experiments/run.ts';
export { runExperiment } from './experiments/run.ts';
export type { RunConfig } from './experiments/run-config.ts';
// The hub.
export { fetchDataset } from './hub/fetch-dataset.ts';
// Models.
export type { FinetuningConfig, TrainingConfig } from './models/config.ts';
export { finetuningConfig, trainingConfig } from './models/config.ts';
export { fetchModel } from './models/huggingface/hub.ts';
export type { Checkpoint } from './models/huggingface/open-checkpoint.ts';
export { openCheckpoint } from './models/huggingface/open-checkpoint.ts';
export { saveCheckpoint } from './models/huggingface/save-checkpoint.ts';
export type { Network } from './models/network.ts';
export type { NetworkModel } from './models/network-model.ts';
export { mergeAdapters } from './models/network-model.ts';
export { buildOnnx } from './models/onnx/build-onnx.ts';
export { inspectOnnx } from './models/onnx/inspect-onnx.ts';
export { createOnnxNetwork } from './models/onnx/onnx-network.ts';
export { openOnnx } from './models/onnx/open-onnx.ts';
export { readOnnxWeights } from './models/onnx/read-onnx-weights.ts';
export { readHidden } from './models/read-hidden.ts';
export { createStrongModel, trainOnMeasurements } from './models/strong-model.ts';
export { loadTuned, saveTuned } from './models/tuned-checkpoint.ts';
export type { SentenceEncoder } from './models/universal-sentence-encoder/sentence-encoder.ts';
export { createSentenceEncoder } from './models/universal-sentence-encoder/sentence-encoder.ts';
// Reports.
export { buildViewModel } from './reports/build-view-model.ts';
export { renderHtml } from './reports/render-html.ts';
export { renderMarkdown } from './reports/render-markdown.ts';
export { renderTerminal } from './reports/render-terminal.ts';
// Programs of unknown origin.
export { createSandbox } from './sandbox/create-sandbox.ts';
export type { Sandbox, SandboxLimits } from './sandbox/sandbox.ts';
// What there is.
export { settings } from './settings/registry.ts';
// Solvers.
export { erase } from './solvers/eraser.ts';
export { fitInlp } from './solvers/inlp.ts';
export { fitLda } from './solvers/lda.ts';
export { fitLeace } from './solvers/leace.ts';
export { applyLinearMap } from './solvers/linear-map.ts';
export { decision, fitLogisticRegression, fitMultinomialRegression } from './solvers/logistic-regression.ts';
export { fitMassMean } from './solvers/mass-mean.ts';
export { matrixRows } from './solvers/matrix-rows.ts';
export { computeMoments } from './solvers/moments.ts';
export { fitOracleLeace, oracleErase } from './solvers/oracle-leace.ts';
export { fitPca } from './solvers/pca.ts';
export { pseudoInverse } from './solvers/pseudo-inverse.ts';
export type { RowSource } from './solvers/row-source.ts';
export { fitShrunkCovariance } from './solvers/shrinkage-covariance.ts';
export { fitWhitening } from './solvers/whitening.ts';
// Statistics.
export { auroc, aurocDifference } from './stats/auroc.ts';
export { averagePrecision } from './stats/average-precision.ts';
export { benjaminiHochberg } from './stats/benjamini-hochberg.ts';
export { conformalPValues } from './stats/conformal.ts';
export { performanceGapRecovered } from './stats/pgr.ts';
export { rocCurve } from './stats/roc-curve.ts';
export { tprAtFpr } from './stats/tpr-at-fpr.ts';
export type { WeightedScores } from './stats/weighted-conformal.ts';
export { weightedPValues } from './stats/weighted-conformal.ts';
export { techniques } from './techniques/registry.ts';
