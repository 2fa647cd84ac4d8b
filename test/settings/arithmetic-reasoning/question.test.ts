import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/random.ts';
import {
  carriesOf,
  difficultyOf,
  factOf,
  factsWithin,
  type Question,
} from '../../../src/settings/arithmetic-reasoning/question.ts';
import { type Mistake, misread, wrongResult } from '../../../src/settings/arithmetic-reasoning/wrong-results.ts';

const chain = (first: number, ...rest: [Question['rest'][number]['operator'], number][]): Question => ({
  first,
  rest: rest.map(([operator, operand]) => ({ operator, operand })),
});

describe('a question', () => {
  it('is one fact in whatever order of its terms, and each of its steps is a fact', () => {
    expect(factOf(chain(37, ['+', 48]))).toBe(factOf(chain(48, ['+', 37])));
    expect(factOf(chain(37, ['-', 5], ['+', 48]))).toBe(factOf(chain(48, ['+', 37], ['-', 5])));
    expect(factOf(chain(6, ['*', 7], ['+', 1]))).toBe(factOf(chain(7, ['*', 6], ['+', 1])));
    expect(factOf(chain(48, ['-', 37]))).not.toBe(factOf(chain(37, ['-', 48])));
    expect(factOf({ ...chain(37, ['+', 48]), bound: 3 })).toBe(factOf(chain(37, ['+', 48])));
    expect(factsWithin(chain(7, ['+', 12], ['-', 5]))).toEqual(['+12+7-5', '+12+7', '+19-5']);
  });

  it('has carries, borrows and a difficulty by hand', () => {
    expect(carriesOf({ value: 37, operator: '+', operand: 48 })).toBe(1);
    expect(carriesOf({ value: 99, operator: '+', operand: 1 })).toBe(2);
    expect(carriesOf({ value: 12, operator: '+', operand: 34 })).toBe(0);
    expect(carriesOf({ value: 100, operator: '-', operand: 1 })).toBe(2);
    expect(carriesOf({ value: 6, operator: '*', operand: 7 })).toBe(1);
    expect(carriesOf({ value: 2, operator: '*', operand: 3 })).toBe(0);
    // 37 + 48: two digits, one carry; 85 − 6: two digits, one borrow.
    expect(difficultyOf(chain(37, ['+', 48], ['-', 6]))).toBe(6);
    expect(difficultyOf({ ...chain(37, ['+', 48]), bound: 90 })).toBe(4);
  });
});

describe('mistakes', () => {
  const wrong = (mistake: Mistake, value: number, operator: '+' | '-' | '*', operand: number) => {
    const results = Array.from({ length: 40 }, (_, seed) =>
      wrongResult({ value, operator, operand }, [mistake], createRng(seed)),
    );
    return [...new Set(results.map(({ result, mistake: made }) => `${made} ${result}`))].sort();
  };

  it('are those of their rules, by hand', () => {
    expect(wrong('off-by-one', 37, '+', 48)).toEqual(['off-by-one 84', 'off-by-one 86']);
    expect(wrong('off-by-ten', 37, '+', 48)).toEqual(['off-by-ten 75', 'off-by-ten 95']);
    expect(wrong('digit-swap', 37, '+', 48)).toEqual(['digit-swap 58']);
    expect(wrong('forgotten-carry', 37, '+', 48)).toEqual(['forgotten-carry 75']);
    expect(wrong('forgotten-carry', 85, '-', 48)).toEqual(['forgotten-carry 47']);
    expect(wrong('forgotten-carry', 6, '*', 7)).toEqual(['forgotten-carry 32']);
    expect(wrong('wrong-operator', 37, '-', 8)).toEqual(['wrong-operator 45']);
    expect(wrong('wrong-operator', 6, '*', 7)).toEqual(['wrong-operator 13']);
  });

  it('are off by one where their rule would change nothing or lead below 0', () => {
    expect(wrong('forgotten-carry', 12, '+', 34)).toEqual(['off-by-one 47']);
    expect(wrong('digit-swap', 4, '+', 4)).toEqual(['off-by-one 9']);
    expect(wrong('digit-swap', 46, '+', 4)).toEqual(['off-by-one 51']);
    expect(wrong('wrong-operator', 3, '+', 8)).toEqual(['off-by-one 12']);
  });

  it('misread one digit of an operand', () => {
    for (let seed = 0; seed < 50; seed++) {
      const read = `${misread(48, createRng(seed))}`;
      expect(read).toMatch(/^(?:[1-9]8|4\d)$/);
      expect(read).not.toBe('48');
    }
  });
});
