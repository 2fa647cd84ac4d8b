import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/random.ts';
import { execute } from '../../../src/settings/diamond-vault/execute.ts';
import { modify, rewriteIntegers, splitDiamond } from '../../../src/settings/diamond-vault/modifiers.ts';
import type { Program } from '../../../src/settings/diamond-vault/program.ts';
import { poolsOf, sampleDraft } from '../../../src/settings/diamond-vault/program.ts';
import { allActions, programOf } from './support.ts';

describe('modify', () => {
  it('leaves two in five statements alone, and draws each modifier with its share', () => {
    const rng = createRng(0, 'modify');
    const texts = Array.from({ length: 40_000 }, () => modify('v.pop()', rng));
    const share = (test: (text: string) => boolean) => texts.filter(test).length / texts.length;
    // Splits and sums find nothing to change in v.pop(), so a statement stays as it is with 0.4 / (1 − 0.6 · 0.5).
    expect(share((text) => text === 'v.pop()')).toBeCloseTo(0.4 / 0.7, 1);
    // The first modifier that shows, one of comment, try and guard in proportion 5 : 10 : 35.
    const first = 1 - 0.4 / 0.7;
    expect(share((text) => text === '// v.pop()')).toBeCloseTo(first * 0.1, 2);
    expect(share((text) => text.includes('try {'))).toBeGreaterThan(0.08);
    expect(share((text) => text.includes('if ('))).toBeGreaterThan(0.28);
  });

  it('uses eleven conditions', () => {
    const rng = createRng(0, 'conditions');
    const texts = Array.from({ length: 5_000 }, () => modify('return', rng));
    const single = texts.filter((text) => text.lastIndexOf('if (') === 0 && !text.includes('+'));
    const conditions = single.flatMap((text) => text.match(/^if \((.*)\) return$/)?.[1] ?? []);
    expect(new Set(conditions).size).toBe(11);
  });

  it('puts a comment before everything and adds nothing to it', () => {
    const rng = createRng(0, 'comments');
    const texts = Array.from({ length: 20_000 }, () => modify('v.pop()', rng)).filter((text) => text.includes('//'));
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.every((text) => text.lastIndexOf('//') === 0)).toBe(true);
  });

  it('keeps a commented-out statement from running', () => {
    expect(execute(programOf('Vault', [], ['// v.pop()'])).diamondPresent).toBe(true);
  });

  it('keeps the rest of the turn when a try holds the exception', () => {
    const robber = (first: string) => execute(programOf('Vault', [], [first, 'v.pop()'])).diamondPresent;
    expect(robber('v.nothing()')).toBe(true);
    expect(robber('try { v.nothing() } catch {}')).toBe(false);
  });
});

describe('splits and sums', () => {
  it('write what they say', () => {
    const rng = createRng(0, 'write');
    expect(splitDiamond("v.append('Diamond')", rng)).toMatch(/^v\.append\('D\w*' \+ '\w*d'\)$/);
    expect(rewriteIntegers('v.append(new Stone(5))', rng)).toMatch(/^v\.append\(new Stone\([1-4] \+ [1-4]\)\)$/);
    expect(rewriteIntegers('v.insert(0, 1)', rng)).toBe('v.insert(0, 1)');
  });

  it('change no measurement and no outcome, of any action', () => {
    const pools = poolsOf(allActions);
    const rng = createRng(0, 'neutral');
    for (let i = 0; i < 2_000; i++) {
      const draft = sampleDraft(pools, rng);
      const statements = (actions: typeof draft.protector) => actions.map((action) => action.write(rng));
      const plain = programOf(draft.kind, statements(draft.protector), statements(draft.robber));
      const rewritten = programOf(draft.kind, plain.protector.map(rewrite), plain.robber.map(rewrite));
      expect(shown(rewritten)).toEqual(shown(plain));
    }
    function rewrite(statement: string): string {
      return rewriteIntegers(splitDiamond(rewriteIntegers(statement, rng), rng), rng);
    }
  });
});

function shown(program: Program) {
  const { measurements, diamondPresent } = execute(program);
  return [measurements, diamondPresent];
}
