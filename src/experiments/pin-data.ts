import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expected } from '../core/errors.ts';
import type { DataSource, Setting } from '../core/settings.ts';
import { settings } from '../settings/registry.ts';
import { pointsOf } from './config.ts';
import { dataName } from './data-name.ts';
import { digestFiles } from './digest-files.ts';
import { hashOf } from './hashing.ts';
import type { RunConfig } from './run-config.ts';

/** Files that a run reads, with the name they have in its config and its paths. */
export interface WantedData {
  readonly name: string;
  readonly source: DataSource;
}

/** The files that a run's settings read, each once. */
export function wantedData(config: RunConfig): readonly WantedData[] {
  const all = pointsOf(config).flatMap(({ config: point }) =>
    point.settings.flatMap(({ id, options }) => {
      const { files } = settings[id] as Setting;
      return files === undefined ? [] : point.seeds.flatMap((seed) => files(options, seed) ?? []);
    }),
  );
  return [...new Map(all.map((source) => [dataName(source), { name: dataName(source), source }])).values()];
}

/**
 * A config whose data is fixed to the files at `paths`: SHA-256 over names and contents, by name.
 * @throws UserError `data-changed` when the config has another digest already, `no-such-data`.
 */
export async function pinData(config: RunConfig, paths: ReadonlyMap<string, string>): Promise<RunConfig> {
  const data: Record<string, string> = {};
  for (const { name, source } of wantedData(config)) {
    const digest = await digestOf(paths.get(name) as string, source);
    const wanted = config.data?.[name];
    if (wanted !== undefined && wanted !== digest) {
      const next = 'Give the files that the digest is of, or leave data out of the config.';
      throw expected('data-changed', `the files of "${name}"`, `of digest ${wanted}`, digest, next);
    }
    data[name] = digest;
  }
  return Object.keys(data).length === 0 ? config : { ...config, data };
}

async function digestOf(path: string, { wants }: DataSource): Promise<string> {
  if (!existsSync(path)) {
    throw expected('no-such-data', 'the data', 'a file or directory', path, 'Nothing of that path is there.');
  }
  const files = statSync(path).isFile() ? [path] : filesBelow(path).filter((file) => wants?.(file) ?? true);
  return files.length === 0
    ? hashOf([])
    : digestFiles(
        path,
        files.map((file) => (file === path ? file : join(path, file))),
      );
}

function filesBelow(path: string): string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  // Files of a cache are links.
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}
