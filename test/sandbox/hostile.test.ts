import { afterAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { hostilePrograms } from './hostile-programs.ts';

const limits = { milliseconds: 120, memoryBytes: 11 * 2 ** 20 };

/** A good program that would notice a world that somebody changed. */
const good = (k: number) => ({
  source: `function f(list) {
    if (typeof polluted !== 'undefined' || {}.polluted || [].polluted || f.polluted) return 'polluted';
    const names = Object.getOwnPropertyNames(globalThis).length;
    const o = {}; o.a = ${k};
    return [list.map((x) => x * o.a), Math.max(...list), Math.random(), names, JSON.stringify(o)];
  }`,
  entry: 'f',
  calls: [[[1, 2, 3]], [[k]]],
});

describe('a hostile program', () => {
  const shared = createSandbox({ threads: 2, limits });
  afterAll(() => shared.close());

  it.each(Object.entries(hostilePrograms))('ends: %s', async (_, { source, failure }) => {
    expect(await shared.runCalls({ source, entry: 'f', calls: [[], []] })).toEqual([{ failure }, { failure }]);
  });

  it('leaves what came before it in order', async () => {
    const sandbox = createSandbox({ threads: 1, limits });
    const source = 'function f(n) { while (n > 1); return n; }';
    expect(await sandbox.runCalls({ source, entry: 'f', calls: [[0], [1], [2], [1]] })).toEqual([
      { value: 0 },
      { value: 1 },
      { failure: 'timeout' },
      { failure: 'timeout' },
    ]);
    const checks = ['', 'try { new ArrayBuffer(1e9) } catch {}', ''];
    expect(await sandbox.runChecks({ source, checks })).toEqual(['passed', 'memory', 'memory']);
    await sandbox.close();
  });

  it('may run out of stack and go on, as in any JavaScript', async () => {
    const sandbox = createSandbox({ threads: 1 });
    const source = 'function f() { let n = 0; const g = () => { n++; g(); }; try { g(); } catch { return n > 300; } }';
    expect(await sandbox.runCalls({ source, entry: 'f', calls: [[]] })).toEqual([{ value: true }]);
    await sandbox.close();
  });

  it('that works on inside a built-in function loses its thread, and nobody else’s job', async () => {
    const sandbox = createSandbox({ threads: 2, limits: { milliseconds: 20 } });
    const endless = {
      source: 'function f() { return new Array(2 ** 32 - 1).join("x"); }',
      entry: 'f',
      calls: [[], []],
    };
    const before = sandbox.runCalls(good(1));
    const killed = [sandbox.runCalls(endless), sandbox.runCalls(endless)];
    const after = Array.from({ length: 10 }, () => sandbox.runCalls(good(1)));
    for (const results of await Promise.all(killed)) {
      expect(results).toEqual([{ failure: 'timeout' }, { failure: 'timeout' }]);
    }
    for (const results of await Promise.all(after)) expect(results).toEqual(await before);
    await sandbox.close();
  });

  it('sees nothing of the machine: neither time zone nor clock nor memory of others', async () => {
    const sandbox = createSandbox({ threads: 1 });
    const fill = 'function f() { new Uint8Array(8e6).fill(170); return 1; }';
    await sandbox.runCalls({ source: fill, entry: 'f', calls: [[]] });
    const look = `function f() {
      return [Date.now(), String(new Date(0)), typeof performance, new Uint8Array(8e6).indexOf(170)];
    }`;
    expect(await sandbox.runCalls({ source: look, entry: 'f', calls: [[]] })).toEqual([
      { value: [1_767_225_600_000, 'Thu Jan 01 1970 00:00:00 GMT+0000', 'undefined', -1] },
    ]);
    await sandbox.close();
  });
});

describe('programs beside hostile ones', () => {
  it('do what they do alone, on one thread as on two', async () => {
    const hostile = Object.values(hostilePrograms);
    const run = async (threads: number, withHostile: boolean) => {
      const sandbox = createSandbox({ threads, limits });
      const bad: Promise<unknown>[] = [];
      const results = Array.from({ length: 200 }, (_, k) => {
        const program = hostile[k % hostile.length] as (typeof hostile)[number];
        if (withHostile && k < hostile.length)
          bad.push(sandbox.runCalls({ source: program.source, entry: 'f', calls: [[]] }));
        return sandbox.runCalls(good(k));
      });
      const all = await Promise.all(results);
      const ends = (await Promise.all(bad)) as unknown[];
      await sandbox.close();
      return { all, ends };
    };
    const alone = await run(1, false);
    expect(alone.all[7]).toMatchObject([{ value: { 0: [7, 14, 21], 1: 3 } }, { value: { 0: [49], 1: 7 } }]);
    const one = await run(1, true);
    const two = await run(2, true);
    expect(one.all).toEqual(alone.all);
    expect(two.all).toEqual(alone.all);
    expect(two.ends).toEqual(one.ends);
    expect(one.ends.slice(0, hostile.length)).toEqual(hostile.map(({ failure }) => [{ failure }]));
  });
});
