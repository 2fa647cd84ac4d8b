import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/random.ts';
import { difficultyQuantiles } from '../../../src/settings/quirky-arithmetic/difficulty-quantiles.ts';
import {
  difficultyOf,
  drawTask,
  equationOf,
  exactResult,
  factOf,
  type OperationId,
  quirkyResult,
} from '../../../src/settings/quirky-arithmetic/operations.ts';

const task = (operation: OperationId, a: number, b = 0) => ({ operation, a, b });

describe('operations', () => {
  it('have exact results by hand', () => {
    expect(exactResult(task('addition', 37, 85), 100)).toBe(122);
    expect(exactResult(task('subtraction', 37, 85), 100)).toBe(-48);
    expect(exactResult(task('multiplication', 12, 12), 100)).toBe(144);
    expect(exactResult(task('modular-addition', 37, 85), 100)).toBe(22);
    expect(exactResult(task('squaring', 15), 100)).toBe(225);
    expect(equationOf(task('modular-addition', 37, 85), 22, 100).join(' ')).toBe('( 37 + 85 ) mod 100 = 22');
  });

  it.each([
    [0, 1],
    [7, 8],
    [9, 10],
    [85, 95],
    [122, 222],
    [950, 1050],
    [-48, -38],
  ])('have Bob add ten to the power of the digits less one: %i becomes %i', (exact, quirky) => {
    expect(quirkyResult(exact)).toBe(quirky);
  });

  it('are one fact in both orders of operands where that does not matter', () => {
    expect(factOf(task('addition', 3, 8))).toBe(factOf(task('addition', 8, 3)));
    expect(factOf(task('subtraction', 3, 8))).not.toBe(factOf(task('subtraction', 8, 3)));
    expect(factOf(task('addition', 3, 8))).not.toBe(factOf(task('multiplication', 3, 8)));
  });

  it('draw operands of int(10^(U·D)): half of them have half of the digits, and one operand has a digit more', () => {
    const rng = createRng(0, 'operands');
    const drawn = Array.from({ length: 4_000 }, () => drawTask('addition', 4, rng));
    const operands = drawn.flatMap(({ a, b }) => [a, b]);
    expect(Math.min(...operands)).toBe(1);
    expect(Math.max(...operands)).toBeLessThan(10_000);
    expect(operands.filter((operand) => operand < 100).length / operands.length).toBeCloseTo(0.5, 1);
    const squares = Array.from({ length: 4_000 }, () => drawTask('squaring', 4, rng).a);
    expect(Math.max(...squares)).toBeGreaterThan(10_000);
    expect(squares.filter((operand) => operand < 10).length / squares.length).toBeCloseTo(0.2, 1);
  });

  it('are as difficult as the smaller operand, or the only one', () => {
    expect(difficultyOf(task('multiplication', 12, 5))).toBe(5);
    expect(difficultyOf(task('squaring', 12))).toBe(12);
  });

  it('have quantiles (rank + 0.5)/n, ties sharing the mean', () => {
    expect(difficultyQuantiles([30, 10, 20, 40])).toEqual([0.625, 0.125, 0.375, 0.875]);
    expect(difficultyQuantiles([1, 1, 5, 1])).toEqual([0.375, 0.375, 0.875, 0.375]);
    expect(difficultyQuantiles([])).toEqual([]);
  });
});
