import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Paths below the root that match, with forward slashes. */
export function filesMatching(...patterns: readonly string[]): string[] {
  return globSync([...patterns], { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' })
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The files of ours that each source imports, whether for types or to run. */
export function importsOf(path: string): { target: string; typeOnly: boolean }[] {
  const pattern = /(import|export)\s+(type\s)?[^'";]*?from\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)/g;
  return [...textOf(path).matchAll(pattern)].map(([, , type, from, dynamic]) => ({
    target: relative(root, join(root, dirname(path), (from ?? dynamic) as string)).replaceAll('\\', '/'),
    typeOnly: type !== undefined,
  }));
}
