import { builtInModel, type DetectionConfig } from '../../detection/detection-config.ts';
import { isPretrained } from '../../experiments/model-config.ts';
import { requireDevice } from '../../graph/devices.ts';
import { findModel } from '../find-model.ts';
import { type DetectionFlags, findDetectionConfig } from './find-detection-config.ts';
import { type OutDirectory, openOutDirectory } from './out-directory.ts';
import { createStatus, type Status } from './status.ts';

export interface PrepareFlags extends DetectionFlags {
  readonly offline?: true;
  readonly out?: string;
  readonly quiet?: true;
}

/** What both commands need before they start: a config whose model and data are there, and a place to write to. */
export interface Prepared {
  readonly config: DetectionConfig;
  readonly modelPath?: string | undefined;
  readonly out: OutDirectory;
  readonly status: Status;
}

/** @throws UserError and EnvironmentError as finding config, device, model and output directory do. */
export async function prepare(path: string, flags: PrepareFlags, signal: AbortSignal): Promise<Prepared> {
  const { config: resolved, stem } = await findDetectionConfig(path, flags);
  await requireDevice(resolved.device);
  const { config, modelPath } = await withModel(resolved, flags, signal);
  const out = await openOutDirectory(flags.out, stem, config.data);
  return { config, modelPath, out, status: createStatus({ quiet: flags.quiet === true }) };
}

function withModel(config: DetectionConfig, { offline, quiet }: PrepareFlags, signal: AbortSignal) {
  const builtIn = isPretrained(config.model) && config.model.source === builtInModel;
  return builtIn ? { config, modelPath: undefined } : findModel(config, { offline, quiet, signal });
}
