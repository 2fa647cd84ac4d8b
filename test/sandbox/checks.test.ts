import { afterAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';

const sandbox = createSandbox({ threads: 1 });
afterAll(() => sandbox.close());

const outcomes = (checks: readonly string[], source = '') => sandbox.runChecks({ source, checks });

describe('assertEqual', () => {
  it.each([
    '1, 1',
    'NaN, NaN',
    '0, -0',
    '"a", "a"',
    'null, null',
    '[1, [2, NaN]], [1, [2, NaN]]',
    '{ a: 1, b: [2] }, { b: [2], a: 1 }',
    '{ length: [1] }, { length: [1] }',
    'undefined, undefined',
  ])('takes as equal: %s', async (pair) => {
    expect(await outcomes([`assertEqual(${pair});`])).toEqual(['passed']);
  });

  it.each([
    '1, 2',
    '1, "1"',
    'null, undefined',
    '0, false',
    '[1, 2], [2, 1]',
    '[1], [1, 2]',
    '[], {}',
    '{ a: 1 }, { a: 1, b: undefined }',
    '{ a: undefined }, { b: undefined }',
    '[0], { 0: 0 }',
    '{ a: {} }, { a: null }',
    '[, 1], [undefined, 1]',
  ])('takes as different: %s', async (pair) => {
    expect(await outcomes([`assertEqual(${pair});`])).toEqual(['threw']);
  });
});

describe('checks', () => {
  it('run in order in the program’s own context, each with its own names', async () => {
    const checks = ['const x = ++n; assert(x === 1);', 'const x = ++n; assertEqual(x, 2);', 'assert(false) // no end'];
    expect(await outcomes(checks, 'let n = 0;')).toEqual(['passed', 'passed', 'threw']);
  });

  it('believe a program that changed what they rest on', async () => {
    expect(await outcomes(['assertEqual(1, 2);'], 'globalThis.assertEqual = () => {};')).toEqual(['passed']);
    expect(await outcomes(['assertEqual(1, 2);'], 'function assertEqual() {}')).toEqual(['passed']);
    expect(await outcomes(['assertEqual(1, 2);'], 'const assertEqual = () => {};')).toEqual(['passed']);
    expect(await outcomes(['assertEqual([1], [2]);'], 'Array.prototype.every = () => true;')).toEqual(['passed']);
  });

  it('are named by what ended them', async () => {
    expect(await outcomes(['throw null', 'x = (', 'eval("(")', 'throw new SyntaxError()', 'missing()', ''])).toEqual([
      'threw',
      'syntax',
      'threw',
      'threw',
      'threw',
      'passed',
    ]);
    expect(await outcomes(['', ''], 'let a = ;')).toEqual(['syntax', 'syntax']);
    expect(await outcomes(['', ''], 'throw new SyntaxError("no")')).toEqual(['threw', 'threw']);
    expect(await outcomes(['', ''], 'new Proxy({}, {}).x.y')).toEqual(['threw', 'threw']);
    expect(await outcomes([], 'throw 1')).toEqual([]);
  });

  it('may print as much as they like, to nobody', async () => {
    expect(await outcomes(['console.log("x"); console.error({}); console.table([]);'])).toEqual(['passed']);
  });
});
