import { afterAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import type { Json } from '../../src/sandbox/sandbox.ts';

const sandbox = createSandbox({ threads: 1, limits: { milliseconds: 2_000 } });
afterAll(() => sandbox.close());

/** What `f` returns, whatever else the program does before. */
async function returned(source: string, ...call: readonly Json[]) {
  return (await sandbox.runCalls({ source, entry: 'f', calls: [call] }))[0];
}

describe('values that leave the sandbox', () => {
  it('are those that went in', async () => {
    const values: Json[] = [
      null,
      true,
      0,
      -1.5e-300,
      1.7976931348623157e308,
      1e21,
      '',
      'é\u2028\ud800"\\\n💎',
      [],
      [[], [null]],
      {},
      { b: 1, a: { '': [] }, 'two words': 'x' },
      JSON.parse('{"__proto__": 1, "constructor": 2, "toJSON": 3}') as Json,
    ];
    const results = await sandbox.runCalls({
      source: 'const f = (a) => a;',
      entry: 'f',
      calls: values.map((value) => [value]),
    });
    expect(results).toEqual(values.map((value) => ({ value })));
    expect(Object.keys((results.at(-1) as { value: object }).value)).toEqual(['__proto__', 'constructor', 'toJSON']);
  });

  it.each([
    'undefined',
    'NaN',
    '-Infinity',
    '1n',
    'Symbol()',
    '() => 1',
    '[undefined]',
    '[, 1]',
    '({ a: undefined })',
    '({ a: [NaN] })',
    'new Map()',
    'new Date()',
    'new (class A { x = 1 })()',
    'new (class A extends Array {})()',
    'Object("boxed")',
    'new Uint8Array(2)',
    'Promise.resolve(1)',
    '(async () => 1)()',
    '(function* () { yield 1; })()',
    '({ get a() { return 1; } })',
    'Object.defineProperty([1], 0, { get: () => 1 })',
    '(() => { const a = {}; a.a = [a]; return a; })()',
    '(() => { let a = 1; for (let i = 0; i < 101; i++) a = [a]; return a; })()',
    'new Proxy([], { get() {}, getOwnPropertyDescriptor() { throw 1; } })',
    'new Proxy({}, { ownKeys() { throw 1; } })',
  ])('are not-json: %s', async (expression) => {
    expect(await returned(`function f() { return ${expression}; }`)).toEqual({ failure: 'not-json' });
  });

  it('may be shared without being cyclic, and leave out what JSON leaves out', async () => {
    const source = 'function f() { const a = [1]; const o = { a, b: a, [Symbol("s")]: 1 }; a.extra = 2; return o; }';
    expect(await returned(source)).toEqual({ value: { a: [1], b: [1] } });
    expect(await returned('function f() { return Object.create(null, { x: { value: 1 } }); }')).toEqual({ value: {} });
    expect(await returned('function f() { return -0; }')).toEqual({ value: 0 });
  });

  it('end at their limit, however they grow', async () => {
    for (const expression of [
      '"x".repeat(65535)',
      '"\\u0001".repeat(20000)',
      'new Array(70000).fill(0)',
      '(() => { let a = [1, 2]; for (let i = 0; i < 90; i++) a = [a, a]; return a; })()',
      '({ ["k".repeat(70000)]: 1 })',
      '"x".repeat(5e6)',
    ]) {
      expect(await returned(`function f() { return ${expression}; }`), expression).toEqual({ failure: 'too-large' });
    }
    expect(await returned('function f() { return "x".repeat(65534); }')).toEqual({ value: 'x'.repeat(65_534) });
  });

  it('cannot be faked by changing the world', async () => {
    const sabotage = `
      JSON.stringify = () => '"fake"';
      JSON.parse = () => ['fake'];
      Object.prototype.toJSON = Array.prototype.toJSON = String.prototype.toJSON = Number.prototype.toJSON = () => 'fake';
      Object.keys = Object.getOwnPropertyDescriptor = Object.getPrototypeOf = Reflect.apply = () => 'fake';
      Array.isArray = () => false;
      Number.isFinite = () => false;
      Number.prototype.toString = String.prototype.toString = Object.prototype.valueOf = () => 'fake';
      const fake = { __proto__: null, get: () => 'fake', set() {} };
      const { defineProperty } = Object;
      for (const name of ['value', 'kind', 'steps', 'entry', 'get', 'above', 'depth', 'length', 'message', 'prototype']) {
        defineProperty(Object.prototype, name, fake);
      }
      for (let i = 0; i < 5; i++) defineProperty(Array.prototype, i, fake);
      Array.prototype[Symbol.iterator] = function* () { yield 'fake'; };
      Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => 'fake';
      globalThis.eval = () => 'fake';
      const f = (a) => ({ a, n: 2, s: 's', l: [true] });`;
    expect(await returned(sabotage, { x: [1, 'y'] })).toEqual({
      value: { a: { x: [1, 'y'] }, n: 2, s: 's', l: [true] },
    });
  });

  it('are the program’s own where it answers through a Proxy or a field named toJSON', async () => {
    expect(await returned('function f() { return new Proxy([1, 2], {}); }')).toEqual({ value: [1, 2] });
    expect(await returned('function f() { return { toJSON: "mine" }; }')).toEqual({ value: { toJSON: 'mine' } });
    const endless = 'function f() { return new Proxy({}, { ownKeys() { for (;;); } }); }';
    expect(await returned(endless)).toEqual({ failure: 'timeout' });
  });
});

describe('arguments', () => {
  it('are fresh for each call, while the program keeps its state', async () => {
    const source = 'let n = 0; function f(list) { list.push(++n); return list; }';
    const call = [[7]];
    expect(await sandbox.runCalls({ source, entry: 'f', calls: [call, call] })).toEqual([
      { value: [7, 1] },
      { value: [7, 2] },
    ]);
    expect(call).toEqual([[7]]);
  });

  it('reach a function however the program declares it', async () => {
    for (const source of ['function f(a) { return a; }', 'const f = (a) => a;', 'var f = (a) => a;', 'f = (a) => a;']) {
      expect(await returned(source, 3), source).toEqual({ value: 3 });
    }
    expect(await returned('const g = 1;')).toEqual({ failure: 'threw' });
    expect(await returned('const f = 1;')).toEqual({ failure: 'threw' });
    await expect(sandbox.runCalls({ source: '', entry: 'f()', calls: [] })).rejects.toThrow('the name of a function');
  });
});
