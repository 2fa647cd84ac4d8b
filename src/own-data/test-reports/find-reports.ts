import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, normalize, parse, resolve, sep } from 'node:path';
import { expected } from '../../core/errors.ts';

/** A report's file, with the example that its path names, if it names one. */
export interface ReportFile {
  readonly path: string;
  readonly id: string | undefined;
}

/**
 * Files that a path with `{id}` (the same text wherever it stands, without slashes) and `*` (any text without slashes)
 * leads to, in order of their paths.
 * @throws UserError (`no-reports`) when there are none.
 */
export async function findReports(pattern: string, baseDirectory: string): Promise<readonly ReportFile[]> {
  if (!/\{id\}|\*/.test(pattern)) return [{ path: resolve(baseDirectory, pattern), id: undefined }];
  const { root } = parse(pattern);
  const segments = normalize(pattern.slice(root.length)).split(sep);
  let found: readonly ReportFile[] = [{ path: resolve(baseDirectory, root), id: undefined }];
  for (const [depth, segment] of segments.entries()) {
    const last = depth === segments.length - 1;
    found = (await Promise.all(found.map((place) => follow(place, segment, last)))).flat();
  }
  if (found.length > 0) return [...found].sort((a, b) => (a.path < b.path ? -1 : 1));
  const next = 'Check results.path; {id} stands for an example id, * for any name.';
  throw expected('no-reports', `the test reports at ${pattern}`, 'at least one file', 'none', next);
}

async function follow(place: ReportFile, segment: string, last: boolean): Promise<readonly ReportFile[]> {
  const known = place.id === undefined ? segment : segment.replaceAll('{id}', place.id);
  if (!/\{id\}|\*/.test(known)) return last ? existing(place, known) : [{ ...place, path: join(place.path, known) }];
  const wanted = patternOf(known);
  const entries = await readdir(place.path, { withFileTypes: true }).catch((): Dirent[] => []);
  return entries.flatMap((entry) => {
    const match = wanted.exec(entry.name);
    if (!match || (last ? entry.isDirectory() : entry.isFile())) return [];
    return [{ path: join(place.path, entry.name), id: match.groups?.id ?? place.id }];
  });
}

/** A name below a place that was guessed may not be there, e.g. where a run wrote no report. */
async function existing(place: ReportFile, name: string): Promise<readonly ReportFile[]> {
  const entries = await readdir(place.path).catch((): string[] => []);
  return entries.includes(name) ? [{ ...place, path: join(place.path, name) }] : [];
}

function patternOf(segment: string): RegExp {
  let seen = false;
  const source = segment.replace(/\{id\}|\*|[\\^$.|?+()[\]{}]/g, (token) => {
    if (token === '*') return '[^/]*';
    if (token !== '{id}') return `\\${token}`;
    const group = seen ? '\\k<id>' : '(?<id>.+)';
    seen = true;
    return group;
  });
  return new RegExp(`^${source}$`, 'su');
}
