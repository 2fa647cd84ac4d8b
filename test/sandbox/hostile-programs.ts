import type { SandboxFailure } from '../../src/sandbox/sandbox.ts';

/** Programs with a function `f` that should not come to a good end, and how each ends. */
export const hostilePrograms: Readonly<Record<string, { readonly source: string; readonly failure: SandboxFailure }>> =
  {
    'an endless loop': { source: 'function f() { for (;;); }', failure: 'timeout' },
    'an endless loop while it loads': { source: 'for (;;); function f() {}', failure: 'timeout' },
    'a loop that catches its interrupt': {
      source: 'function f() { try { for (;;); } catch { return 1; } finally { return 2; } }',
      failure: 'timeout',
    },
    'loops in a generator and its return': {
      source:
        'function f() { for (const x of (function* () { try { for (;;) yield; } finally { for (;;); } })()) if (x) break; }',
      failure: 'timeout',
    },
    'a regular expression that backtracks forever': {
      source: 'function f() { return /^(a+)+$/.test("a".repeat(50) + "b"); }',
      failure: 'timeout',
    },
    'a comparison that never decides': {
      source: 'function f() { return [..."ab".repeat(1e4)].sort(() => { for (;;); }); }',
      failure: 'timeout',
    },
    'a flood of output': { source: 'function f() { for (;;) console.log("x".repeat(1000)); }', failure: 'timeout' },
    'a clock that it waits for': {
      source: 'function f() { const end = Date.now() + 1; while (Date.now() < end); return 1; }',
      failure: 'timeout',
    },
    'an array that grows': {
      source: 'function f() { const a = []; for (;;) a.push(new Array(1000).fill(a)); }',
      failure: 'memory',
    },
    'an array that grows and an error that is caught': {
      source: 'function f() { const a = []; try { for (;;) a.push(new Array(1000).fill(a)); } catch { return 1; } }',
      failure: 'memory',
    },
    'a huge buffer, caught': {
      source: 'function f() { try { new ArrayBuffer(1e9); } catch {} return 1; }',
      failure: 'memory',
    },
    'a string that doubles': {
      source: 'function f() { let s = "x"; for (;;) { s = s + s; s.indexOf("y"); } }',
      failure: 'memory',
    },
    'closures that hold closures': {
      source:
        'function f() { let g = () => 1; for (;;) { const h = g; const weight = new Array(99).fill(h); g = () => [h, weight]; } }',
      failure: 'memory',
    },
    'recursion without an end': { source: 'const f = () => 1 + f();', failure: 'stack' },
    'recursion through built-in functions': { source: 'const f = () => [1].map(f);', failure: 'stack' },
    'source nested too deeply': { source: `function f() {} ${'['.repeat(100_000)}`, failure: 'stack' },
    'an error thrown from a getter': {
      source: 'function f() { throw { get message() { for (;;); }, get name() { for (;;); } }; }',
      failure: 'threw',
    },
    'an error that is a Proxy': {
      source: 'function f() { throw new Proxy({}, { getPrototypeOf() { for (;;); } }); }',
      failure: 'timeout',
    },
    'the process': { source: 'function f() { return process.env; }', failure: 'threw' },
    require: { source: 'function f() { return require("fs"); }', failure: 'threw' },
    'the process behind a constructor': {
      source: 'function f() { return f.constructor("return this")().constructor.constructor("return process")(); }',
      failure: 'threw',
    },
    'eval of eval': { source: 'function f() { return (0, eval)("eval(\'process.exit(1)\')"); }', failure: 'threw' },
    'a timer': { source: 'function f() { setTimeout(f, 0); return 1; }', failure: 'threw' },
    'a module': { source: 'import fs from "fs"; function f() {}', failure: 'syntax' },
    'a promise': { source: 'async function f() { await new Promise(() => {}); return 1; }', failure: 'not-json' },
    'a polluted world': {
      source: `Object.prototype.polluted = Array.prototype.polluted = Function.prototype.polluted = 1;
      Array.prototype.map = () => 'polluted'; Object.freeze = globalThis.polluted = Math.max = () => 'polluted';
      Object.defineProperty(Object.prototype, 'a', { set() { throw 1; } }); delete globalThis.JSON; assertEqual = 1;
      let polluted = 1; function f() { return Symbol(); }`,
      failure: 'not-json',
    },
  };
