import { expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import type { Result } from '../../src/core/records.ts';
import { judgeWeakToStrong } from '../../src/experiments/judge-weak-to-strong.ts';
import type { WeakBench } from '../../src/experiments/weak-to-strong-parties.ts';
import { normalCdf } from '../../src/stats/normal.ts';
import { createResampleCache } from '../../src/stats/resample-cache.ts';

/** Worlds with a known recovered gap: how often does its 95 % interval hold it? 300 worlds tell shares to ± 0.025. */
const place = { setting: 'simulated', model: 'none', split: 'validation' };
const ends = { naive: 'naive-finetuning', ceiling: 'strong-ceiling' };
const rng = createRng(0, 'coverage of recovered gaps');

/** Scores of the two classes `shift` apart, of which half the variance is common to all parties. */
function simulated(seed: number, n: number, shifts: { weak: number; student: number; ceiling: number }): WeakBench {
  const truth = Array.from({ length: n }, () => rng.chance(0.5));
  const common = truth.map(() => Math.SQRT1_2 * rng.normal());
  const scoresOf = (shift: number) =>
    Float64Array.from(
      truth,
      (real, i) => (real ? shift / 2 : -shift / 2) + (common[i] as number) + Math.SQRT1_2 * rng.normal(),
    );
  const technique = (name: string, shift: number) => {
    return {
      technique: name,
      ceiling: name === ends.ceiling,
      control: false,
      calibrated: true,
      scores: scoresOf(shift),
    };
  };
  return {
    seed,
    truth,
    weakLabels: [...scoresOf(shifts.weak)].map((logit) => 1 / (1 + Math.exp(-logit))),
    baseRate: 0.5,
    techniques: [technique(ends.naive, shifts.student), technique(ends.ceiling, shifts.ceiling)],
  };
}

const measures = {
  'pgr-auroc': (shift: number) => normalCdf(shift / Math.SQRT2),
  'pgr-accuracy': (shift: number) => normalCdf(shift / 2),
};

it.each([
  [1, 400, { weak: 0.8, student: 1.4, ceiling: 2.4 }],
  [1, 400, { weak: 1.2, student: 1.2, ceiling: 2 }],
  [3, 300, { weak: 0.8, student: 1.4, ceiling: 2.4 }],
])(
  'PGR, when defined: %i seeds of %i examples, shifts %o',
  (seeds, n, shifts) => {
    const worlds = Array.from({ length: seeds === 1 ? 300 : 200 }, () => {
      const benches = Array.from({ length: seeds }, (_, seed) => simulated(seed, n, shifts));
      return judgeWeakToStrong(benches, place, ends, { resamples: 400, cache: createResampleCache() });
    });
    for (const [metric, of] of Object.entries(measures)) {
      const [weak, student, ceiling] = [shifts.weak, shifts.student, shifts.ceiling].map(of) as [
        number,
        number,
        number,
      ];
      const wanted = (student - weak) / (ceiling - weak);
      const held = worlds.flatMap((results) => holds(results, metric as Result['metric'], seeds, wanted));
      expect(held.length).toBeGreaterThan(150);
      expect(held.filter(Boolean).length / held.length).toBeGreaterThanOrEqual(0.915);
    }
  },
  300_000,
);

/** Whether the naive student's interval holds the wanted value; nothing where it is undefined. */
function holds(results: readonly Result[], metric: Result['metric'], seeds: number, wanted: number): boolean[] {
  const seed = seeds === 1 ? 0 : 'all';
  const found = results.find((r) => r.metric === metric && r.technique === ends.naive && r.seed === seed) as Result;
  const { estimate } = found;
  return isDefined(estimate) ? [estimate.lower <= wanted && wanted <= estimate.upper] : [];
}
