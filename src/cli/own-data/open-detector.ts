import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expected } from '../../core/errors.ts';
import type { Progress } from '../../core/settings.ts';
import type { Detector } from '../../detection/detect/detector.ts';
import { loadDetector } from '../../detection/detect/load-detector.ts';
import { detectorFiles, savedDetector } from '../../detection/detect/saved-detector.ts';
import { builtInModel, type DetectionConfig, resolveDetectorConfig } from '../../detection/detection-config.ts';
import { type FeatureRows, featureRowsById } from '../../detection/features/feature-rows.ts';
import { isPretrained } from '../../experiments/model-config.ts';
import { readDescription } from '../../models/model-directory.ts';
import { openOwnActivations } from '../../own-data/own-activations.ts';
import { findModel } from '../find-model.ts';
import type { PrepareFlags } from './prepare.ts';

interface OpenFlags extends PrepareFlags {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * The detector that a directory holds, with the pretrained model that it was trained on, which must be the same to the byte.
 * @throws UserError (`no-detector`) when there is none, and as loading it and finding its model do.
 */
export async function openDetector(directory: string, config: DetectionConfig, flags: OpenFlags): Promise<Detector> {
  const description = requireDetector(directory);
  const { threads, progress, signal } = flags;
  const modelPath = await modelPathOf(description, flags);
  const features = await featuresOf(config);
  return loadDetector(directory, { modelPath, features, threads, progress, signal });
}

/**
 * The file in a directory that describes its detector.
 * @throws UserError (`no-detector`) when there is none.
 */
export function requireDetector(directory: string): string {
  const description = join(directory, detectorFiles.description);
  if (existsSync(description)) return description;
  const next = 'Make one with "touchstone detect <data> --save <dir>".';
  throw expected('no-detector', directory, 'the directory of a detector', 'none in it', next);
}

async function modelPathOf(description: string, flags: OpenFlags): Promise<string | undefined> {
  const { model } = resolveDetectorConfig((await readDescription(description, savedDetector)).config);
  if (!isPretrained(model) || model.source === builtInModel) return undefined;
  const { model: source = model.source, offline, quiet, signal } = flags;
  return (await findModel({ model: { ...model, source } }, { offline, quiet, signal })).modelPath;
}

/** All activations that a config refers to, since no more of them is known than their ids. */
async function featuresOf({ activations }: DetectionConfig): Promise<FeatureRows | undefined> {
  if (activations === undefined) return undefined;
  const open = await openOwnActivations(activations);
  try {
    return featureRowsById(open.ids, await open.rows(open.ids));
  } finally {
    await open.close();
  }
}
