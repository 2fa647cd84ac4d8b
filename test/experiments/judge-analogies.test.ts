import { expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import type { Result } from '../../src/core/records.ts';
import { judgeAnalogies } from '../../src/experiments/judge-analogies.ts';
import { judgeGroundTruth } from '../../src/experiments/judge-weak-to-strong.ts';
import { plantedWeakWorld } from './planted-weak-world.ts';

const place = { setting: 'planted', model: 'none', split: 'target' };
const ends = { target: 'target', baseline: 'zero-shot', tuned: 'target-tuned' };
const few = { resamples: 200 };
const usual = { 'zero-shot': 0.4, 'few-shot': 1.2, shifted: 1, random: 0, 'target-tuned': 3 };
const kinds = {
  shifted: { calibrated: false },
  random: { control: true, calibrated: false },
  'target-tuned': { ceiling: true },
};
const benches = [0, 1].map((seed) => plantedWeakWorld({ seed, techniques: usual, kinds }));
const results = judgeAnalogies(benches, place, ends, few);

function numberOf(from: readonly Result[], technique: string, metric: Result['metric'], seed: Result['seed']): number {
  const found = from.filter((r) => r.technique === technique && r.metric === metric && r.seed === seed);
  const { estimate } = found[0] as Result;
  if (found.length !== 1 || !isDefined(estimate)) throw new Error(`no single number: ${JSON.stringify(found)}`);
  return estimate.value;
}

it.each([0, 1, 'all'] as const)(
  'seed %s: elicitation is (GA − baseline)/TTC of its ground-truth accuracies',
  (seed) => {
    const accuracies = judgeGroundTruth(benches, place, few);
    const of = (technique: string) => numberOf(accuracies, technique, 'ground-truth-accuracy', seed);
    for (const technique of ['few-shot', 'shifted']) {
      const wanted = (of(technique) - of('zero-shot')) / of('target-tuned');
      expect(numberOf(results, technique, 'differential-elicitation', seed)).toBeCloseTo(wanted, 12);
    }
    const elicited = results.filter((r) => r.metric === 'differential-elicitation' && r.seed === seed);
    expect(elicited.map(({ technique, floor, top }) => [technique, floor, top])).toEqual([
      ['few-shot', 'zero-shot', 'target-tuned'],
      ['shifted', 'zero-shot', 'target-tuned'],
    ]);
  },
);

it('calibration is told of log-odds alone, on every split', () => {
  const source = judgeAnalogies(benches, { ...place, split: 'source' }, ends, few);
  for (const from of [results, source]) {
    for (const metric of ['rms-calibration-error', 'rms-calibration-error-published'] as const) {
      const of = from.filter((r) => r.metric === metric && r.seed === 'all');
      expect(of.map(({ technique }) => technique)).toEqual(['zero-shot', 'few-shot', 'target-tuned']);
      expect(of.every(({ estimate }) => isDefined(estimate))).toBe(true);
    }
  }
  expect(source.some(({ metric }) => metric === 'differential-elicitation')).toBe(false);
});

it('says which end was not run', () => {
  const { 'target-tuned': _, ...untuned } = usual;
  const [result] = judgeAnalogies([plantedWeakWorld({ seed: 0, techniques: untuned, kinds })], place, ends, few);
  expect(result).toMatchObject({ technique: 'few-shot', estimate: { undefined: 'target-tuned was not run' } });
});
