/**
 * JavaScript that a context runs before any program: what programs find in their world beside the language itself.
 * `assert` and `assertEqual` are ordinary code of that world: a program may replace them, or what they rest on.
 */
export const worldSource = `
(() => {
  'use strict';
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

  const silence = {};
  for (const name of 'assert clear count debug dir error group groupEnd info log table time timeEnd trace warn'.split(' ')) {
    silence[name] = () => {};
  }
  define('console', silence);

  const isObject = (value) => typeof value === 'object' && value !== null;

  const equal = (a, b) => {
    if (!isObject(a) || !isObject(b)) return a === b || (a !== a && b !== b);
    if (Array.isArray(a) !== Array.isArray(b)) return false;
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length || (Array.isArray(a) && a.length !== b.length)) return false;
    return keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
  };

  class AssertionError extends Error {}
  AssertionError.prototype.name = 'AssertionError';

  define('assert', (condition, message = 'assertion failed') => {
    if (!condition) throw new AssertionError(message);
  });
  define('assertEqual', (actual, expected, message = 'values differ') => {
    if (!equal(actual, expected)) throw new AssertionError(message);
  });
})();
`;
