import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sweepUnfinished, writeWhole } from '../../src/core/write-whole.ts';
import { asDiskFault, Store } from '../../src/experiments/store.ts';
import { inTemporaryDirectory } from './tiny.ts';

const entry = { key: 'k'.repeat(64), kind: 'dataset', label: 'test' } as const;

describe('Store', () => {
  it('finds what was created, and nothing else', () =>
    inTemporaryDirectory(async (root) => {
      const store = new Store(root);
      expect(await store.find(entry.kind, entry.key)).toBeUndefined();
      await store.create(entry, async (directory) => {
        await writeFile(join(directory, 'a.txt'), 'hello');
        return 1.5;
      });
      expect(await store.find(entry.kind, entry.key)).toMatchObject({ seconds: 1.5, files: { 'a.txt': 5 } });
      expect(await store.find(entry.kind, 'j'.repeat(64))).toBeUndefined();
      expect(await readFile(join(store.directory(entry.kind, entry.key), 'a.txt'), 'utf8')).toBe('hello');
    }));

  it('leaves nothing of a step that fails', () =>
    inTemporaryDirectory(async (root) => {
      const store = new Store(root);
      const failing = store.create(entry, async (directory) => {
        await writeFile(join(directory, 'half.txt'), 'half');
        throw new Error('broke');
      });
      await expect(failing).rejects.toThrow('broke');
      expect(await store.find(entry.kind, entry.key)).toBeUndefined();
      expect(await readdir(join(root, 'unfinished'))).toEqual([]);
    }));

  it('does not trust an artifact with a truncated or missing file', () =>
    inTemporaryDirectory(async (root) => {
      const store = new Store(root);
      const write = async (directory: string) => {
        await mkdir(join(directory, 'deep'));
        await writeFile(join(directory, 'deep', 'a.bin'), 'hello');
        return 0;
      };
      await store.create(entry, write);
      await truncate(join(store.directory(entry.kind, entry.key), 'deep', 'a.bin'), 2);
      expect(await store.find(entry.kind, entry.key)).toBeUndefined();
      await store.create(entry, write);
      expect(await store.find(entry.kind, entry.key)).toBeDefined();
    }));

  it('sweeps what dead processes left, and only that', () =>
    inTemporaryDirectory(async (root) => {
      const unfinished = join(root, 'unfinished');
      // Process ids stay far below this on every system.
      await mkdir(join(unfinished, '999999999-dataset-x'), { recursive: true });
      await mkdir(join(unfinished, `${process.ppid}-dataset-y`));
      await new Store(root).sweep();
      expect(await readdir(unfinished)).toEqual([`${process.ppid}-dataset-y`]);
    }));

  it('names a full disk and what to do', () => {
    const fault = asDiskFault(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }), 'runs');
    expect(fault).toMatchObject({ code: 'cannot-write' });
    expect((fault as Error).message).toMatch(
      /Expected runs to be writable, got ENOSPC: the disk is full\. Free some space/,
    );
  });
});

describe('sweepUnfinished', () => {
  it('removes what killed processes left beside finished files', () =>
    inTemporaryDirectory(async (root) => {
      const names = [
        'record.json',
        'record.json.999999999-ab-12.unfinished',
        `record.json.${process.ppid}-ab-12.unfinished`,
      ];
      for (const name of names) await writeFile(join(root, name), '');
      await sweepUnfinished(root);
      expect((await readdir(root)).sort()).toEqual([names[0], names[2]].sort());
    }));
});

describe('writeWhole', () => {
  it('replaces a file and leaves no other', () =>
    inTemporaryDirectory(async (root) => {
      const path = join(root, 'a.json');
      await writeWhole(path, 'one');
      await writeWhole(path, 'two');
      expect(await readFile(path, 'utf8')).toBe('two');
      expect(await readdir(root)).toEqual(['a.json']);
    }));
});
