import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expected, UserError } from '../core/errors.ts';
import type { DataSource } from '../core/settings.ts';
import { pinData, wantedData } from '../experiments/pin-data.ts';
import type { RunConfig } from '../experiments/run-config.ts';
import { isHubId } from '../hub/repository.ts';
import { type HubFlags, hubAccess } from './hub-access.ts';

/** A config that says which data files it reads, and where they are, by name; downloaded if need be. */
export interface FoundData {
  readonly config: RunConfig;
  readonly dataPaths: ReadonlyMap<string, string>;
}

/**
 * Finds the files that a config's settings read. A config whose settings read none stays as it is.
 * @throws UserError when a source is neither a path nor on the hub; EnvironmentError when the hub cannot be reached.
 */
export async function findData(config: RunConfig, flags: HubFlags): Promise<FoundData> {
  const dataPaths = new Map<string, string>();
  for (const { name, source } of wantedData(config)) dataPaths.set(name, await findFiles(source, flags));
  return { config: await pinData(config, dataPaths), dataPaths };
}

/** The path of a source: what exists under it, else the dataset of that id on the hub, in the Python library's cache. */
export async function findFiles({ source, revision, wants }: DataSource, flags: HubFlags): Promise<string> {
  if (existsSync(source)) return resolve(source);
  if (!/\//.test(source) || !isHubId(source) || /\.(jsonl?|parquet|csv)$/i.test(source)) {
    const wanted = 'a file, a directory, or the id of a dataset on the Hugging Face hub such as owner/name';
    throw expected('unknown-data', 'the data', wanted, source, 'Nothing of that path is there: check the spelling.');
  }
  const { fetchDataset } = await import('../hub/fetch-dataset.ts');
  return fetchDataset(source, hubAccess(source, revision, flags), wants).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `${error.message} Nor is there a file or directory of that name here.`);
  });
}
