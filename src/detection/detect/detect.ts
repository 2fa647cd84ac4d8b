import type { DetectionRecord, DetectionRow } from '../../core/detection.ts';
import type { Progress } from '../../core/settings.ts';
import { type DetectorConfig, detectorPart } from '../detection-config.ts';
import type { FeatureRows } from '../features/feature-rows.ts';
import { chooseTechniques, haveWords } from './choose-techniques.ts';
import { crossFitDetectors } from './cross-fit-detectors.ts';
import { detectionFolds } from './detection-folds.ts';
import { type DetectionData, detectionView } from './detection-view.ts';
import { createDetector, type Detector, withAlarms } from './detector.ts';
import { openModelSource, pinnedConfig } from './open-model-source.ts';
import { recordDetection } from './record-detection.ts';

export interface DetectOptions {
  readonly data: DetectionData;
  /** As `resolveDetectionConfig` or `resolveDetectorConfig` gave it. */
  readonly config: DetectorConfig;
  /** Activations of the user's own for every example, in the place of a model that reads texts. */
  readonly features?: FeatureRows | undefined;
  /** Where the files of a pretrained model are. @default the `source` of the config's model */
  readonly modelPath?: string | undefined;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface Detection {
  readonly record: DetectionRecord;
  /** One per example, in their order. */
  readonly rows: readonly DetectionRow[];
  /** Of the first fold, unless groups leave it too few trusted positives: trained on the others, calibrated on this one. */
  readonly detector: Detector;
}

/**
 * Scores every example by detectors that were not trained on it, and raises an alarm for untrusted positives that are
 * less like real ones than the chosen rate of trusted positives are. With K folds K detectors are trained: seconds on
 * frozen features, K times the training of a model that is trained on the texts. Ground truth stops at the firewall and
 * only judges, in the end. The same data, config and thread count give the same numbers.
 *
 * Each fold's p-values rest on that fold's trusted positives, which its detector never saw: split conformal prediction,
 * cross-fitted (Vovk 2015). Scores are in deviations from the mean of the fold's positives.
 *
 * @throws UserError (`too-few-examples`, `too-few-groups`, `too-few-negatives`, `duplicate-ids`, `wrong-measurements`), as
 *   techniques do that lack what they need, and as opening the pretrained network does; (`model-changed`) when its files are
 *   not those of the config's digest.
 */
export async function detect(options: DetectOptions): Promise<Detection> {
  const { data, features, modelPath, progress = () => {} } = options;
  const signal = options.signal ?? new AbortController().signal;
  const view = detectionView(data);
  const config = await pinnedConfig(options.config, options);
  const folds = detectionFolds(view, config);
  const measurements = view.measurementNames.length;
  const structure = { measurements, counts: view.summary.counts, words: haveWords(view.inputs) };
  const candidates = chooseTechniques(config.techniques, structure);
  const watch = { progress, signal };
  const known = view.inputs;
  const source = await openModelSource({ config, measurements, features, modelPath, known, ...watch });
  const crossFitted = await crossFitDetectors({ view, folds, choice: candidates, source, config, ...watch });
  const rows = withAlarms(crossFitted.rows, config);
  const description = { config: detectorPart(config), data: view.summary, model: source.name };
  const told = { view, folds, modelNotes: source.notes, examples: data.examples };
  const record = recordDetection({ ...crossFitted, ...description, ...told, rows });
  return { record, rows, detector: createDetector(description, crossFitted.detector, source) };
}
