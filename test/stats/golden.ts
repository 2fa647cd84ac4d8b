import { readFileSync } from 'node:fs';

/** Reads test/golden/<name>.golden.json; each is written by the script of the same name in test/golden/scripts. */
export function readGolden<T>(name: string): T & { readonly madeWith: Record<string, string> } {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.golden.json`, import.meta.url), 'utf8'));
}
