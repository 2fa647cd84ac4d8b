/** The library: what a program that uses touchstone needs, by name. */

export { createWorld } from './cli/world.ts';
export { EnvironmentError, TouchstoneError, UserError } from './core/errors.ts';
export type { DefinedEstimate, Estimate, MetricId, UndefinedEstimate } from './core/estimates.ts';
export { isDefined } from './core/estimates.ts';
// The words.
export type { Category, Example, Input, SupervisedExample } from './core/examples.ts';
export { aggregateMeasurement, categoryOf, isInconsistent } from './core/examples.ts';
export type { FinetuneOptions, HeadId, Matrix, StrongModel, TrainingTargets } from './core/models.ts';
export { createRng } from './core/random.ts';
export type { JudgedExample, Result, RunRecord, ScoreRow } from './core/records.ts';
export type { Dataset, Setting, SettingContext } from './core/settings.ts';
export type { StructureId } from './core/structures.ts';
export type { FittedTechnique, Technique, TechniqueContext, TrainingView } from './core/techniques.ts';
export { createTrainingView, inputsOf } from './core/training-view.ts';
// Experiments.
export type { AuditReport } from './experiments/audit.ts';
export { auditTechnique } from './experiments/audit.ts';
export type { RunConfig } from './experiments/config.ts';
export { resolveConfig } from './experiments/config.ts';
export type { FinishedRun, RunOptions } from './experiments/run.ts';
export { runExperiment } from './experiments/run.ts';
// Reports.
export { buildViewModel } from './reports/build-view-model.ts';
export { renderHtml } from './reports/render-html.ts';
export { renderMarkdown } from './reports/render-markdown.ts';
export { renderTerminal } from './reports/render-terminal.ts';
// What there is.
export { settings } from './settings/registry.ts';
export { fitLogisticRegression } from './solvers/logistic-regression.ts';
// Statistics.
export { auroc, aurocDifference } from './stats/auroc.ts';
export { averagePrecision } from './stats/average-precision.ts';
export { performanceGapRecovered } from './stats/pgr.ts';
export { rocCurve } from './stats/roc-curve.ts';
export { tprAtFpr } from './stats/tpr-at-fpr.ts';
export { techniques } from './techniques/registry.ts';
