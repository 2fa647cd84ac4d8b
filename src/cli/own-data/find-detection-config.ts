import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { expected } from '../../core/errors.ts';
import { type DetectionConfig, resolveDetectionConfig } from '../../detection/detection-config.ts';
import { readConfigFile } from '../config-file.ts';
import { defaultThreads } from '../world.ts';
import { standardColumns } from './standard-columns.ts';

/** What the command line says of a detection; each flag overrides the config. */
export interface DetectionFlags {
  readonly alarm?: number;
  readonly correction?: string;
  readonly weighted?: true;
  readonly techniques?: string[];
  readonly model?: string;
  readonly folds?: string;
  readonly seed?: number;
  readonly threads?: number;
  readonly device?: string;
  readonly maxRejected?: number;
}

/** A config with every path absolute, and where its data are. */
export interface FoundConfig {
  readonly config: DetectionConfig;
  /** Name of the data without its folders and ending: `outcomes` of `runs/outcomes.csv`. */
  readonly stem: string;
}

/**
 * The config of some data: a config file itself, the one beside the data (`outcomes.touchstone.yaml` of `outcomes.csv`), or
 * the standard column names where there is none.
 * @param columns which column of the data is what, where no config says so. @default the standard names
 * @throws UserError (`no-such-data`) when there is nothing of that path, and as reading and resolving the config do.
 */
export async function findDetectionConfig(
  path: string,
  flags: DetectionFlags,
  columns?: Record<string, unknown>,
): Promise<FoundConfig> {
  requireThere(path);
  const { written, base } = await writtenConfig(path, columns);
  const config = resolveDetectionConfig(withFlags(written, flags), { threads: defaultThreads() });
  const found = withPaths(config, base);
  requireThere(found.data);
  return { config: found, stem: stemOf(found.data) };
}

/** `outcomes` of `runs/outcomes.jsonl.gz`. */
function stemOf(path: string): string {
  const name = basename(path);
  return name.replace(/(\.(jsonl?|csv|tsv|parquet))?(\.gz)?$/i, '') || name;
}

interface Written {
  readonly written: unknown;
  /** Directory that the config's paths start from. */
  readonly base: string;
}

async function writtenConfig(path: string, columns?: Record<string, unknown>): Promise<Written> {
  if (isConfig(path)) return { written: await readConfigFile(path), base: dirname(path) };
  const base = dirname(resolve(path));
  const beside = join(base, `${stemOf(resolve(path))}.touchstone.yaml`);
  if (!existsSync(beside)) {
    return { written: { data: resolve(path), columns: columns ?? (await standardColumns(path)) }, base };
  }
  const written = await readConfigFile(beside);
  return { written: isPlain(written) ? { ...written, data: resolve(path) } : written, base };
}

function isConfig(path: string): boolean {
  return /\.ya?ml$|\.touchstone\.json$/i.test(path) && statSync(path).isFile();
}

function withFlags(written: unknown, flags: DetectionFlags): unknown {
  if (!isPlain(written)) return written;
  const { techniques, model, folds, alarm, correction, weighted, seed, threads, device, maxRejected } = flags;
  const plain = { alarm, correction, weighted, seed, threads, device, maxRejected };
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return {
    ...written,
    ...given,
    ...(techniques !== undefined && { techniques: techniques.join() === 'auto' ? 'auto' : techniques }),
    ...(model !== undefined && { model: { source: model } }),
    ...(folds !== undefined && { folds: /^\d+$/.test(folds) ? Number(folds) : folds }),
  };
}

/** Paths of a config are meant from where it lies. */
function withPaths(config: DetectionConfig, base: string): DetectionConfig {
  const { data, activations, results } = config;
  const from = <T extends { readonly path: string }>(place: T): T => ({ ...place, path: resolve(base, place.path) });
  return {
    ...config,
    data: resolve(base, data),
    results: results.map(from),
    ...(activations !== undefined && {
      activations: {
        layers: activations.layers.map(from),
        ...(activations.ids !== undefined && { ids: from(activations.ids) }),
      },
    }),
  };
}

function requireThere(path: string): void {
  if (existsSync(path)) return;
  const wanted = 'a data file (JSONL, JSON, CSV, TSV, Parquet), a directory of them, or a config';
  throw expected('no-such-data', 'the data', wanted, path, 'Nothing of that path is there: check the spelling.');
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
