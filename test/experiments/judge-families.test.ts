import { describe, expect, it } from 'vitest';
import { type DefinedEstimate, isDefined } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import type { Result, TechniqueSummary } from '../../src/core/records.ts';
import { adjustFamilies } from '../../src/experiments/adjust-families.ts';
import type { Judged } from '../../src/experiments/judge.ts';
import { type FamilyBench, judgeFamilies } from '../../src/experiments/judge-families.ts';
import { auroc } from '../../src/stats/auroc.ts';

const place = { setting: 'planted', model: 'm', split: 'validation' };

interface Planted {
  readonly name: string;
  readonly separation: number;
  readonly structures: TechniqueSummary['structures'];
  readonly part?: Partial<Judged>;
}

function family(prefix: string, count: number, separation: number, structural: boolean): Planted[] {
  const structures = structural
    ? (['untrusted-examples', 'trusted-subset'] as const)
    : (['untrusted-examples'] as const);
  return Array.from({ length: count }, (_, i) => ({ name: `${prefix}-${i}`, separation, structures }));
}

function bench(seed: number, planted: readonly Planted[], n = 120): FamilyBench {
  const rng = createRng(seed, 'families-test');
  const truth = Array.from({ length: n }, (_, i) => i % 2 === 0);
  const techniques = planted.map(({ name, separation, part }) => ({
    technique: name,
    ...{ ceiling: false, control: false, calibrated: true },
    scores: Float64Array.from(truth, (real) => rng.normal() + (real ? separation : 0)),
    ...part,
  }));
  return { seed, truth, groups: truth.map(() => undefined), techniques };
}

function judged(benches: readonly FamilyBench[], planted: readonly Planted[], resamples = 1000): Result {
  const structures = new Map(planted.map(({ name, structures: own }) => [name, own]));
  return judgeFamilies(benches, place, { structures, by: 'real-vs-fake-auroc', resamples });
}

function defined({ estimate }: Pick<Result, 'estimate'>): DefinedEstimate {
  if (!isDefined(estimate)) throw new Error(estimate.undefined);
  return estimate;
}

describe('the best of each family', () => {
  it('finds a planted advantage and names what was chosen', () => {
    const planted = [...family('structural', 1, 2, true), ...family('general', 1, 0.5, false)];
    const result = judged(
      [0, 1, 2].map((seed) => bench(seed, planted, 400)),
      planted,
    );
    expect(result).toMatchObject({ metric: 'structure-advantage', seed: 'all', technique: 'structural-0' });
    expect(result).toMatchObject({ floor: 'general-0', top: 'structural-0' });
    const { value, lower, upper, method, n } = defined(result);
    // Φ(2/√2) − Φ(0.5/√2)
    expect(value).toBeCloseTo(0.921 - 0.638, 1);
    expect([lower > 0.2, upper < 0.36, n]).toEqual([true, true, 1200]);
    expect(method).toBe('cross-fitted-bootstrap-seeds-examples, by real-vs-fake-auroc');
    expect(result.pValue).toBeLessThan(0.01);
  });

  it('has the opposite sign for families the other way round', () => {
    const planted = [...family('structural', 3, 0.5, true), ...family('general', 3, 2, false)];
    expect(defined(judged([bench(0, planted, 400)], planted)).upper).toBeLessThan(0);
  });

  it('lists the choices where the halves disagree', () => {
    const planted = [...family('structural', 12, 0, true), ...family('general', 1, 0, false)];
    const results = Array.from({ length: 6 }, (_, seed) => judged([bench(seed, planted)], planted, 20));
    const differing = results.filter(({ top }) => top?.includes(', '));
    expect(differing.length).toBeGreaterThan(2);
    expect(new Set(differing.map(({ technique }) => technique))).toEqual(new Set(['best-of-structure']));
    expect(new Set(results.map(({ floor }) => floor))).toEqual(new Set(['general-0']));
  });

  it('leaves ceilings and controls out', () => {
    const ceiling: Planted = {
      name: 'ceiling',
      separation: 9,
      structures: ['trusted-subset'],
      part: { ceiling: true },
    };
    const control: Planted = { name: 'control', separation: 9, structures: [], part: { control: true } };
    const planted = [...family('structural', 1, 1, true), ...family('general', 1, 1, false), ceiling, control];
    const result = judged([bench(0, planted)], planted, 50);
    expect([result.top, result.floor]).toEqual(['structural-0', 'general-0']);
  });

  it('is undefined with the reason where a family is empty or a class is absent', () => {
    const general = family('general', 2, 1, false);
    const structural = family('structural', 2, 1, true);
    const reason = 'no technique that exploits structure was run';
    expect(judged([bench(0, general)], general).estimate).toEqual({ undefined: reason });
    expect(judged([bench(0, structural)], structural).estimate).toEqual({ undefined: 'no general technique was run' });
    const both = [...structural, ...general];
    const single = { ...bench(0, both), truth: Array.from({ length: 120 }, () => true) };
    const result = judged([single], both);
    expect(result.estimate).toEqual({ undefined: 'a half of the judged examples has one class only' });
    expect(result.floor).toBeUndefined();
  });

  it('gives perfect separation an interval and no p-value', () => {
    const planted = [...family('structural', 2, 60, true), ...family('general', 2, 60, false)];
    const result = judged([bench(0, planted)], planted, 50);
    expect(defined(result)).toMatchObject({ value: 0, method: expect.stringContaining('rule-of-three') });
    expect(defined(result).upper).toBeGreaterThan(0);
    expect(result.pValue).toBeUndefined();
  });

  it('keeps groups whole: a score that knows the group it was fitted to earns nothing on the other half', () => {
    const planted = [...family('structural', 2, 0, true), ...family('general', 1, 0, false)];
    const plain = bench(0, planted, 400);
    const groups = plain.truth.map((_, i) => (i < 200 ? 'a' : 'b'));
    // Each structural technique is right on one group and at chance on the other.
    const right = (group: string) =>
      Float64Array.from(plain.truth, (real, i) => (groups[i] === group ? Number(real) : ((i * 7919) % 101) / 101));
    const techniques = plain.techniques.map((own) =>
      own.technique === 'structural-0'
        ? { ...own, scores: right('a') }
        : own.technique === 'structural-1'
          ? { ...own, scores: right('b') }
          : own,
    );
    const grouped = defined(judged([{ ...plain, groups, techniques }], planted, 100));
    expect(grouped.value).toBeLessThan(0.1);
    expect(defined(judged([{ ...plain, techniques }], planted, 100)).value).toBeGreaterThan(0.15);
  });
});

describe('many members of pure noise', () => {
  const planted = [...family('structural', 10, 0, true), ...family('general', 1, 0, false)];
  const repeats = 300;
  const runs = Array.from({ length: repeats }, (_, seed) => {
    const own = bench(seed + 1000, planted, 100);
    const aurocOf = ({ scores }: Judged) => defined({ estimate: auroc(scores, own.truth) }).value;
    const [structural, general] = [own.techniques.slice(0, 10), own.techniques.slice(10)];
    const naive = Math.max(...structural.map(aurocOf)) - Math.max(...general.map(aurocOf));
    return { naive, estimate: defined(judged([own], planted, 200)) };
  });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('look good when the best is judged by what chose it, and not here', () => {
    expect(mean(runs.map(({ naive }) => naive))).toBeGreaterThan(0.06);
    expect(Math.abs(mean(runs.map(({ estimate }) => estimate.value)))).toBeLessThan(0.012);
  });

  it('leave 0 in the interval about as often as it promises', () => {
    const covered = runs.filter(({ estimate }) => estimate.lower <= 0 && estimate.upper >= 0).length;
    expect(covered / repeats).toBeGreaterThan(0.91);
  });
});

it('corrects over the settings that were compared, and nothing else', () => {
  const estimate = { value: 0.1, lower: 0.01, upper: 0.2, level: 0.95, n: 9, method: 'm' };
  const base = { ...place, technique: 't', ceiling: false, seed: 'all' as const };
  const of = (pValue: number): Result => ({ ...base, metric: 'structure-advantage', estimate, pValue });
  const empty: Result = { ...base, metric: 'structure-advantage', estimate: { undefined: 'no family' } };
  const other: Result = { ...base, metric: 'difference-to-baseline', estimate, pValue: 0.01, adjustedPValue: 0.5 };
  const adjusted = adjustFamilies([of(0.01), other, of(0.03), empty]);
  expect(adjusted.map(({ adjustedPValue }) => adjustedPValue)).toEqual([0.02, 0.5, 0.03, undefined]);
});
