import type { StepKind } from '../core/records.ts';
import type { StepRunner } from './step.ts';
import { runActivations } from './steps/activations.ts';
import { runDataset } from './steps/dataset.ts';
import { runMeasurementPredictor } from './steps/measurement-predictor.ts';
import { runMetrics } from './steps/metrics.ts';
import { runPretraining } from './steps/pretraining.ts';
import { runTechnique } from './steps/technique.ts';
import { runWeakSupervisor } from './steps/weak-supervisor.ts';

/** How each kind of step is done; the config it takes is the spec's own. */
export const runners = {
  dataset: runDataset,
  'weak-supervisor': runWeakSupervisor,
  pretraining: runPretraining,
  'measurement-predictor': runMeasurementPredictor,
  activations: runActivations,
  technique: runTechnique,
  metrics: runMetrics,
} as const satisfies Record<StepKind, StepRunner<never>>;
