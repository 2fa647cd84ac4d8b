import { readdirSync } from 'node:fs';
import { expected } from '../core/errors.ts';
import { downloadFiles } from './download-files.ts';
import type { HubOptions } from './hub-client.ts';
import { fetchRepository, listing } from './repository.ts';

const dataFile = /\.(parquet|jsonl|json|csv)$/i;

/**
 * The directory of a dataset of the Hugging Face hub in the cache, downloaded as far as it is not there: its Parquet,
 * JSON, JSONL and CSV files. Every file is checked against size and hash; a download that breaks off goes on later.
 * @param id `owner/name`
 * @param wants whether a file's path is wanted. @default every data file
 * @throws UserError when id, revision or token are malformed, the hub refuses or does not know the dataset, it has no
 * wanted data file, or it is not in the cache and `offline` is set; EnvironmentError when the hub cannot be reached.
 */
export function fetchDataset(id: string, options: HubOptions, wants = (_path: string) => true): Promise<string> {
  const isWanted = (path: string) => dataFile.test(path) && wants(path);
  return fetchRepository(id, options, {
    type: 'dataset',
    isThere: (directory) => readdirSync(directory, { recursive: true }).some((path) => isWanted(String(path))),
    async download(client, commit, folder) {
      const entries = await listing(client, commit, true);
      const files = [...entries.values()].filter(({ path }) => isWanted(path));
      if (files.length > 0) return downloadFiles(client, commit, folder, files);
      const wanted = 'one with Parquet, JSON, JSONL or CSV files';
      const got = `${entries.size} others`;
      throw expected('no-data-files', `dataset "${id}"`, wanted, got, 'Choose another dataset or revision.');
    },
  });
}
