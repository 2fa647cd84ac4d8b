import { describe, expect, it } from 'vitest';
import { createSchedule, schedules } from '../../src/graph/schedule.ts';

describe('createSchedule', () => {
  const options = { peak: 2, steps: 101, warmup: 20 };

  it.each(schedules)('warms up from a tenth of the peak: %s', (id) => {
    const rate = createSchedule(id, options);
    expect([rate(0), rate(10), rate(20)].map((value) => value.toFixed(6))).toEqual([
      '0.200000',
      '1.100000',
      '2.000000',
    ]);
  });

  it('then falls as a cosine, as a line, or not at all', () => {
    const at = (step: number) => schedules.map((id) => Number(createSchedule(id, options)(step).toFixed(6)));
    expect(at(60)).toEqual([1.1, 1.1, 2]);
    expect(at(40)).toEqual([Number((0.2 + 0.9 * (1 + Math.SQRT1_2)).toFixed(6)), 1.55, 2]);
    expect(at(100)).toEqual([0.2, 0.2, 2]);
  });
});
