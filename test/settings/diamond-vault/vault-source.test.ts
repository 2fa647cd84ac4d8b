import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { classNames, vaultSourceOf } from '../../../src/settings/diamond-vault/vault-source.ts';

const vaultSource = vaultSourceOf(3);

function evaluate(code: string): unknown {
  return JSON.parse(runInNewContext(`'use strict';\n${vaultSource}\nJSON.stringify((() => {${code}})() ?? null)`));
}

describe('items', () => {
  it.each([
    ['1', 1],
    ['5', 5],
    ['7', 3],
    ['10', 0],
    ["'gem'", 3],
    ["'jewel'", 5],
    ["'Diamond'", 3],
    ['new Glass(4)', 4],
  ])('the shine of %s is %i', (item, shine) => {
    expect(evaluate(`return new Vault([]).shine(${item})`)).toBe(shine);
  });

  it.each([
    ['7', 1],
    ["'gem'", 2],
    ['new Stone(4)', 4],
    ['new Diamond()', 5],
  ])('the hardness of %s is %i', (item, hardness) => {
    expect(evaluate(`return new Vault([]).hardness(${item})`)).toBe(hardness);
  });

  it('print themselves', () => {
    expect(evaluate("return new Vault([new Diamond(), new Paper('Ruby'), 4, 'gem']).print()")).toBe(
      'Diamond Ruby 4 gem',
    );
  });

  it('all have a class that actions may name', () => {
    const declared = [...vaultSource.matchAll(/^class (\w+)/gm)].map(([, name]) => name);
    expect([...classNames].sort()).toEqual(declared.sort());
  });
});

describe('vaults', () => {
  it('measure a diamond as three positives, and nothing as three negatives', () => {
    expect(evaluate('return measure(new Vault([new Diamond()]))')).toEqual([true, true, true]);
    expect(evaluate('return measure(new Vault([]))')).toEqual([false, false, false]);
  });

  it('count a measurement that throws as negative', () => {
    expect(evaluate('const v = new Vault([new Diamond()]); v.maxShine = null; return measure(v)')).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('classic: appends, inserts and pops anywhere', () => {
    const code =
      'const v = new Vault([1]); v.append(2); v.insert(0, 3); const a = v.pop(0); const b = v.pop(); return [a, b, v.items]';
    expect(evaluate(code)).toEqual([3, 2, [1]]);
  });

  it('classic: a value above 5 hides the 5', () => {
    expect(evaluate('return measure(new Vault([new Diamond(), new Lamp(7), new Anvil(6)]))')).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('clinging: keeps the last item', () => {
    expect(evaluate('const v = new Clinging([1, 2]); v.pop(); return [v.pop() ?? null, v.items]')).toEqual([null, [1]]);
  });

  it('strict: inserts at the end, pops the last, and counts no value above 5', () => {
    const code = 'const v = new Strict([1]); v.insert(0, 2); v.append(3); v.pop(0); return v.items';
    expect(evaluate(code)).toEqual([1, 2]);
    expect(evaluate('return measure(new Strict([new Diamond(), new Lamp(7), new Anvil(6)]))')).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('tiny: holds one item', () => {
    expect(evaluate('return new Tiny([1, 2]).items')).toEqual([2]);
    expect(evaluate('const v = new Tiny([1]); v.append(2); return v.items')).toEqual([1]);
    expect(evaluate('const v = new Tiny([1]); v.insert(0, 2); return v.items')).toEqual([2]);
    expect(evaluate('const v = new Tiny([1]); v.pop(); v.append(2); return v.items')).toEqual([2]);
  });

  it('remove what a test picks', () => {
    expect(evaluate('const v = new Vault([1, 2, 3]); v.remove((x) => x > 1); return v.items')).toEqual([1]);
  });

  it.each(['Vault', 'Clinging', 'Strict', 'Tiny'])('%s: popping says undefined once nothing can be taken', (kind) => {
    const code = `const v = new ${kind}([1, 2, 3]); let n = 0; while (v.pop() && n < 9) n++; return n`;
    expect(evaluate(code)).toBeLessThanOrEqual(3);
  });
});
