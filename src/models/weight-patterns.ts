import { expected } from '../core/errors.ts';

/**
 * The names that some pattern matches, in their own order. `*` stands for any characters and such a pattern must match
 * the whole name; one without `*` matches whole dot-separated parts in a row (`q_proj` matches `layers.0.q_proj.weight`).
 * @throws UserError (`no-such-weight`) naming a pattern that matches nothing.
 */
export function matchingNames(names: readonly string[], patterns: readonly string[], thing: string): string[] {
  const tests = patterns.map(testOf);
  const idle = patterns.find((_, i) => !names.some((name) => tests[i]?.(name)));
  if (idle === undefined) return names.filter((name) => tests.some((test) => test(name)));
  const some = names.length > 4 ? [...names.slice(0, 4), '…'] : names;
  throw expected(
    'no-such-weight',
    `pattern of ${thing}`,
    'one that matches a name',
    idle,
    `Names are ${some.join(', ')}.`,
  );
}

function testOf(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => `.${name}.`.includes(`.${pattern}.`);
  const escaped = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${escaped.join('.*')}$`);
  return (name) => expression.test(name);
}
