import { basename, join } from 'node:path';
import type { OwnData } from '../../core/own-data.ts';
import type { DetectionConfig } from '../../detection/detection-config.ts';
import { type FeatureRows, featureRowsById } from '../../detection/features/feature-rows.ts';
import { asDiskFault } from '../../experiments/store.ts';
import { loadOwnData } from '../../own-data/load-own-data.ts';
import { openOwnActivations } from '../../own-data/own-activations.ts';
import type { OutDirectory } from './out-directory.ts';
import type { Status } from './status.ts';

/** Where rows that could not be read are kept. */
export const rejectFile = 'rejected.jsonl';

export interface LoadedData {
  readonly data: OwnData;
  /** Activations that the config refers to. */
  readonly features?: FeatureRows;
}

/**
 * Everything that a config says of the data, read; unreadable rows go to `rejected.jsonl`.
 * @throws EnvironmentError (`cannot-write`) when that cannot be written, UserError as reading the data does.
 */
export async function loadData(
  config: DetectionConfig,
  { out, status, signal }: { readonly out: OutDirectory; readonly status: Status; readonly signal: AbortSignal },
): Promise<LoadedData> {
  const data = await status.during(`reading ${basename(config.data)}`, async (progress) => {
    const options = {
      rejectFile: join(out.path, rejectFile),
      signal,
      progress: (rows: number) => progress(rows, 0, 'rows'),
    };
    return loadOwnData(config, options).catch((error: unknown) => {
      throw asDiskFault(error, options.rejectFile);
    });
  });
  const features = await featuresOf(config, data);
  return { data, ...(features && { features }) };
}

async function featuresOf({ activations }: DetectionConfig, { examples }: OwnData): Promise<FeatureRows | undefined> {
  if (activations === undefined) return undefined;
  const ids = examples.map(({ id }) => id);
  const open = await openOwnActivations(activations);
  try {
    return featureRowsById(ids, await open.rows(ids));
  } finally {
    await open.close();
  }
}
