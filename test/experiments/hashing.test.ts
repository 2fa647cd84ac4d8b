import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { canonicalJson, codeVersion, hashOf } from '../../src/experiments/hashing.ts';
import { inTemporaryDirectory } from './tiny.ts';

describe('hashOf', () => {
  it('does not depend on the order of keys', () => {
    expect(hashOf({ a: 1, b: { c: 2, d: [3, { e: 4, f: 5 }] } })).toBe(
      hashOf({ b: { d: [3, { f: 5, e: 4 }], c: 2 }, a: 1 }),
    );
  });

  it('depends on values, on the order of lists and on the kind of value', () => {
    const hashes = [{ a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { a: null }, {}].map(hashOf);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('writes canonical JSON', () => {
    expect(canonicalJson({ b: undefined, a: { z: 1, y: 2 } })).toBe('{"a":{"y":2,"z":1}}');
  });
});

describe('codeVersion', () => {
  it('follows imports and workers, but not types and what is skipped', () =>
    inTemporaryDirectory(async (root) => {
      const write = (name: string, text: string) => writeFile(join(root, name), text);
      const url = (name: string) => pathToFileURL(join(root, name));
      await write(
        'entry.ts',
        "import { a } from './a.ts';\nimport type { T } from './types.ts';\nnew URL(built ? './worker.js' : './worker.ts', import.meta.url);",
      );
      await write('a.ts', "export { b } from './b.ts';");
      await write('b.ts', 'export const b = 1;');
      await write('types.ts', 'export type T = 1;');
      await write('worker.ts', '1;');
      const version = () => codeVersion([url('entry.ts')], []);
      const before = version();
      await write('types.ts', 'export type T = 2;');
      expect(version()).toBe(before);
      await write('b.ts', 'export const b = 2;');
      const changed = version();
      expect(changed).not.toBe(before);
      await write('worker.ts', '2;');
      expect(version()).not.toBe(changed);
      const skipping = codeVersion([url('entry.ts')], [url('a.ts')]);
      await write('b.ts', 'export const b = 3;');
      expect(codeVersion([url('entry.ts')], [url('a.ts')])).toBe(skipping);
    }));
});
