/**
 * JavaScript that a context runs before any program, and whose value is `{ prepare, step, failureOf }` for the host
 * alone. It rests only on what it took out of the world beforehand, never on a method looked up later, so that no program
 * can change what it does. An outcome is `=` and the value as JSON, or the name of a failure.
 *
 * A value is JSON when it is null, a boolean, a finite number, a string, an array of `Array.prototype` itself without
 * holes, or an object of `Object.prototype` or null, all of whose enumerable string keys hold data: read from property
 * descriptors, so no getter and no `toJSON` runs. At most 100 levels deep, without cycles. Proxies are asked like objects.
 */
export const driverSource = `
(() => {
  'use strict';
  const { getOwnPropertyDescriptor, getPrototypeOf, keys } = Object;
  const { isArray } = Array;
  const { isFinite } = Number;
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const globalEval = eval;
  const objectPrototype = Object.prototype;
  const arrayPrototype = Array.prototype;
  const syntaxError = SyntaxError.prototype;
  const internalError = InternalError.prototype;
  const NOT_JSON = { __proto__: null };
  const TOO_LARGE = { __proto__: null };
  const DEEPEST = 100;

  let job;
  let entry;
  let room;

  const emit = (text) => {
    room -= text.length;
    if (room < 0) throw TOO_LARGE;
    return text;
  };

  const quote = (text) => {
    // Before and after: quoting a huge string would cost memory, and quoting lengthens.
    if (text.length > room) throw TOO_LARGE;
    return emit(stringify(text));
  };

  const ownData = (object, key) => {
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined) throw NOT_JSON;
    const data = getOwnPropertyDescriptor(descriptor, 'value');
    if (data === undefined) throw NOT_JSON;
    return data.value;
  };

  const writeArray = (array, path) => {
    if (getPrototypeOf(array) !== arrayPrototype) throw NOT_JSON;
    const length = ownData(array, 'length');
    let text = emit('[');
    for (let i = 0; i < length; i++) text += (i > 0 ? emit(',') : '') + write(ownData(array, i), path);
    return text + emit(']');
  };

  const writeObject = (object, path) => {
    const prototype = getPrototypeOf(object);
    if (prototype !== objectPrototype && prototype !== null) throw NOT_JSON;
    const names = keys(object);
    let text = emit('{');
    for (let i = 0; i < names.length; i++) {
      text += (i > 0 ? emit(',') : '') + quote(names[i]) + emit(':') + write(ownData(object, names[i]), path);
    }
    return text + emit('}');
  };

  const write = (value, above) => {
    if (value === null) return emit('null');
    if (typeof value === 'string') return quote(value);
    if (typeof value === 'boolean') return emit(value ? 'true' : 'false');
    if (typeof value === 'number' && isFinite(value)) return emit('' + value);
    if (typeof value !== 'object') throw NOT_JSON;
    const depth = above === null ? 1 : above.depth + 1;
    if (depth > DEEPEST) throw NOT_JSON;
    for (let up = above; up !== null; up = up.above) if (up.value === value) throw NOT_JSON;
    const path = { __proto__: null, value, above, depth };
    return isArray(value) ? writeArray(value, path) : writeObject(value, path);
  };

  const outcomeOf = (value) => {
    room = job.valueCharacters;
    try {
      return '=' + write(value, null);
    } catch (error) {
      return error === TOO_LARGE ? 'too-large' : 'not-json';
    }
  };

  const failureOf = (error) => {
    try {
      const prototype = getPrototypeOf(error);
      if (prototype !== syntaxError && prototype !== internalError) return 'threw';
      // The parser reports an overflow of its own stack as a syntax error.
      const message = ownData(error, 'message');
      if (message === 'stack overflow') return 'stack';
      if (prototype === syntaxError) return 'syntax';
      return message === 'out of memory' ? 'memory' : 'threw';
    } catch {
      return 'threw';
    }
  };

  const check = (source) => {
    globalEval(source);
    return '=';
  };

  const call = (input) => {
    if (entry === undefined) entry = globalEval(job.entry);
    return outcomeOf(apply(entry, undefined, parse(input)));
  };

  return {
    // Everything crosses the wall before the program runs, so that a program that took all memory finds nothing to break.
    prepare: (text) => {
      job = parse(text);
    },
    step: (i) => {
      try {
        return job.kind === 'checks' ? check(job.steps[i]) : call(job.steps[i]);
      } catch (error) {
        return failureOf(error);
      }
    },
    failureOf,
  };
})();
`;
