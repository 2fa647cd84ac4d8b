import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** JSON with sorted keys and without `undefined`, so that equal data has equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** SHA-256 of the canonical JSON, as 64 hex digits. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/**
 * The code that matters to a step: SHA-256 over the entry files and every file of ours that they import, directly or
 * not, without those in `skipped`. A worker or other file that the code names by its relative path counts as an import.
 */
export function codeVersion(entries: readonly URL[], skipped: readonly URL[]): string {
  const hash = createHash('sha256');
  for (const [path, text] of [...closureOf(entries, skipped)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(path).update('\0').update(text).update('\0');
  }
  return hash.digest('hex');
}

/** Any quoted relative path of a source file, however it is used: import, export, worker, one of two by condition. */
const importPattern = /['"](\.{1,2}\/[^'"\s]+\.[jt]s)['"]/g;

/** Relative path from the source root → text, over the import closure. Type-only imports do not run and do not count. */
function closureOf(entries: readonly URL[], skipped: readonly URL[]): Map<string, string> {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const found = new Map<string, string>();
  const skip = new Set(skipped.map((url) => fileURLToPath(url)));
  const pending = entries.map((url) => fileURLToPath(url));
  while (pending.length > 0) {
    const path = pending.pop() as string;
    const name = path.slice(root.length);
    if (found.has(name) || skip.has(path) || !existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    found.set(name, text);
    const running = text.replace(/import type [^;]*;/g, '');
    for (const [, target] of running.matchAll(importPattern)) {
      pending.push(fileURLToPath(new URL(target as string, pathToFileURL(path))));
    }
  }
  return found;
}
