import { describe, expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import { detect } from '../../src/detection/detect/detect.ts';
import { alarmsOf } from '../../src/detection/detect/p-values.ts';
import { resolveDetectorConfig } from '../../src/detection/detection-config.ts';
import { featureRowsById } from '../../src/detection/features/feature-rows.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { plantedWorld } from './planted.ts';

const features = plantedWorld({ trusted: 240, untrusted: 900, seed: 1 });
const world = {
  ...features,
  data: { ...features.data, examples: features.data.examples.slice(0, 740) },
};
const config = resolveDetectorConfig({});

function numberOf(estimate: Parameters<typeof isDefined>[0]): number {
  return isDefined(estimate) ? estimate.value : Number.NaN;
}

describe('detect on given features', async () => {
  const { record, rows, detector } = await detect({ ...world, config });

  it('chooses by structure and by what answers the question of evidence, and says why', () => {
    expect(record.techniques.map(({ id }) => id)).toEqual(['evidence-probe', 'surface-baseline', 'mahalanobis']);
    expect(record.choice).toContain('measurements disagree');
    expect(record.choice).toContain('The words are not better beyond chance');
    expect(record.model).toBe('activations of your own');
  });

  it('scores every example once, in order', () => {
    expect(rows.map(({ id }) => id)).toEqual(world.data.examples.map(({ id }) => id));
    for (const row of rows) {
      expect(Number.isFinite(row.score)).toBe(true);
      expect(Object.keys(row.further)).toEqual(['surface-baseline', 'mahalanobis']);
      expect(row.pValue === null).toBe(row.category !== 'untrusted-positive');
      expect(row.rank === null).toBe(row.pValue === null);
      expect(row.flagged).toBe(row.pValue !== null && row.pValue <= 0.05);
    }
    const ranks = rows.flatMap(({ rank }) => (rank === null ? [] : [rank])).sort((a, b) => a - b);
    expect(ranks).toEqual(ranks.map((_, i) => i + 1));
    expect(record.data.counts['untrusted-positive']).toBe(ranks.length);
  });

  it('finds the planted fakes at the chosen rate', () => {
    const [area, alarms, detected] = record.judged ?? [];
    expect(numberOf((area as NonNullable<typeof area>).estimate)).toBeGreaterThan(0.9);
    const falseAlarms = (alarms as NonNullable<typeof alarms>).estimate;
    expect(isDefined(falseAlarms) && falseAlarms.lower).toBeLessThan(0.05);
    expect(numberOf((detected as NonNullable<typeof detected>).estimate)).toBeGreaterThan(0.5);
    expect(record.exchangeability.answer).not.toBe('no');
  });

  it('sums up what the alarm rests on', () => {
    const trusted = record.data.counts['trusted-positive'];
    expect(record.alarm).toMatchObject({ rate: 0.05, calibrationExamples: trusted, weighted: false });
    expect(record.alarm.smallestPValue).toBeLessThan(1 / 20);
    expect(record.alarm.flagged).toBe(rows.filter(({ flagged }) => flagged).length);
    expect(record.notes[0]).toContain('5 folds');
  });

  it('gives a detector that scores other examples as well', async () => {
    const fresh = features.data.examples.slice(world.data.examples.length);
    const scored = (await detector.score(fresh, { alarm: 0.2 })).filter(({ pValue }) => pValue !== null);
    const truths = new Map(fresh.map(({ id, groundTruth }) => [id, groundTruth === true]));
    const area = auroc(
      scored.map(({ score }) => score),
      scored.map(({ id }) => truths.get(id) as boolean),
    );
    expect(numberOf(area)).toBeGreaterThan(0.9);
    expect(scored.every(({ flagged, pValue }) => flagged === (pValue as number) <= 0.2)).toBe(true);
    const realOnes = scored.filter(({ id }) => truths.get(id));
    expect(realOnes.filter(({ flagged }) => flagged).length / realOnes.length).toBeLessThan(0.35);
  });

  it('never sees ground truth', async () => {
    const truths = createRng(5).shuffle(world.data.examples.map(({ groundTruth }) => groundTruth));
    const permuted = world.data.examples.map((example, i) => ({ ...example, groundTruth: truths[i] as boolean }));
    const hidden = world.data.examples.map(({ groundTruth: _, ...example }) => example);
    for (const examples of [permuted, hidden]) {
      const other = await detect({ ...world, data: { ...world.data, examples }, config });
      expect(other.rows).toEqual(rows);
      expect({ ...other.record, judged: undefined }).toEqual({ ...record, judged: undefined });
    }
    expect(
      (await detect({ ...world, data: { ...world.data, examples: hidden }, config })).record.judged,
    ).toBeUndefined();
  });
});

describe('detect', () => {
  it('compares with trusted positives that nothing was learned from', async () => {
    // More features than examples, all of them noise: what was learned from is known by heart, and trusted from then on.
    const rng = createRng(6);
    const kinds = ['trusted', 'real', 'failed', 'none'] as const;
    const examples = Array.from({ length: 480 }, (_, i) => {
      const kind = kinds[i % 4] as (typeof kinds)[number];
      const measurements = { trusted: [true, true], real: [true, true], failed: [true, false], none: [false, false] }[
        kind
      ];
      return {
        id: `${i}`,
        text: `text ${i}`,
        trusted: kind === 'trusted' || (kind === 'none' && i % 8 > 3),
        measurements,
      };
    });
    const columns = 400;
    const data = Float32Array.from({ length: examples.length * columns }, () => rng.normal());
    const ids = examples.map(({ id }) => id);
    const { rows } = await detect({
      data: { measurementNames: ['a', 'b'], examples },
      features: featureRowsById(ids, [{ rows: ids.length, columns, data }]),
      config: resolveDetectorConfig({
        techniques: [{ id: 'dirtiness-probe', options: { layer: 'last', l2: [1e-3] } }],
        alarm: 0.1,
      }),
    });
    const judged = rows.filter(({ category }) => category === 'untrusted-positive');
    const alarms = judged.filter(({ flagged }) => flagged).length / judged.length;
    expect(alarms).toBeLessThan(0.25);
  });

  it('can hold the share of false alarms among alarms', async () => {
    const corrected = resolveDetectorConfig({ correction: 'benjamini-hochberg', alarm: 0.2 });
    const plain = await detect({ ...world, config: resolveDetectorConfig({ alarm: 0.2 }) });
    const { rows, record } = await detect({ ...world, config: corrected });
    const flagged = rows.filter((row) => row.flagged);
    expect(flagged.length).toBeGreaterThan(10);
    expect(flagged.length).toBeLessThan(plain.record.alarm.flagged);
    expect(record.notes.join(' ')).toContain('Benjamini–Hochberg');
  });

  it('raises an alarm where an adjusted p-value equals the rate', () => {
    const options = { alarm: 0.1, correction: 'benjamini-hochberg' } as const;
    expect(alarmsOf([0.1, 0.1, 0.1], options)).toEqual([true, true, true]);
    expect(alarmsOf([0.1, 0.1, 0.11], options)).toEqual([false, false, false]);
  });

  it('says where groups leave a fold too few trusted positives for an alarm', async () => {
    const { examples } = world.data;
    const large = (example: (typeof examples)[number], i: number) =>
      example.trusted && example.measurements.every(Boolean) ? i % 15 === 0 : i % 2 === 0;
    const grouped = examples.map((example, i) => ({ ...example, group: large(example, i) ? 'large' : 'small' }));
    const { record, rows, detector } = await detect({
      ...world,
      data: { ...world.data, examples: grouped },
      config: resolveDetectorConfig({ folds: 2 }),
    });
    const silent = rows.filter(({ pValue }, i) => pValue !== null && grouped[i]?.group === 'large');
    expect(record.notes.join(' ')).toContain('1 of 2 folds have too few trusted positives for an alarm');
    expect(silent.length).toBeGreaterThan(50);
    expect(silent.some(({ flagged }) => flagged)).toBe(false);
    expect(rows.some(({ flagged }) => flagged)).toBe(true);
    expect(detector.fitted.calibration.scores.length).toBeGreaterThan(50);
  });

  it('says when no alarm can be raised', async () => {
    const few = plantedWorld({ trusted: 60, untrusted: 200, seed: 3 });
    const { record } = await detect({ ...few, config: resolveDetectorConfig({ alarm: 0.01 }) });
    expect(record.alarm.smallestPValue).toBeGreaterThan(0.01);
    expect(record.alarm.flagged).toBe(0);
    expect(record.notes.join(' ')).toContain('No alarm can be raised at a rate of 0.01');
    expect(record.notes[0]).toContain('2 folds');
    // A weighted p-value is not bound by the number of trusted positives.
    const enough = plantedWorld({ trusted: 120, untrusted: 300, seed: 3 });
    const weighted = await detect({ ...enough, config: resolveDetectorConfig({ alarm: 0.01, weighted: true }) });
    expect(weighted.record.alarm.smallestPValue).toBeGreaterThan(0.01);
    expect(weighted.record.notes.join(' ')).not.toContain('No alarm can be raised');
  });

  it('takes the distance where measurements cannot disagree', async () => {
    const examples = world.data.examples.map((example) => ({
      ...example,
      measurements: [example.measurements[0] ?? null],
    }));
    const single = { measurementNames: ['a'], examples };
    const { record } = await detect({ ...world, data: single, config });
    expect(record.techniques.map(({ id }) => id)).toEqual(['mahalanobis']);
    expect(record.choice).toContain('there is one measurement');
  });

  it('says what to collect where there is nothing to compare or to judge', async () => {
    const { examples } = world.data;
    const of = (keep: (typeof examples)[number][]) =>
      detect({ ...world, data: { ...world.data, examples: keep }, config });
    await expect(of(examples.filter(({ trusted }) => !trusted))).rejects.toThrow(/at least 2 trusted.*Collect/);
    await expect(of(examples.filter(({ trusted }) => trusted))).rejects.toThrow(/at least 1 untrusted/);
    await expect(of([...examples, ...examples.slice(0, 1)])).rejects.toThrow('"e0" twice');
  });

  it('sees that trusted examples are of another kind, and corrects for it', async () => {
    const options = { untrusted: 1500, seed: 4, topic: 1.2, tampering: 2 };
    const shifted = plantedWorld({ trusted: 800, ...options });
    const techniques = ['dirtiness-probe'];
    const plain = await detect({ ...shifted, config: resolveDetectorConfig({ techniques, alarm: 0.1 }) });
    const weighted = await detect({
      ...shifted,
      config: resolveDetectorConfig({ techniques, alarm: 0.1, weighted: true }),
    });
    expect(plain.record.exchangeability.answer).toBe('no');
    const alarms = ({ record }: typeof plain) => numberOf(record.judged?.[1]?.estimate ?? { undefined: '' });
    expect(alarms(plain)).toBeGreaterThan(0.2);
    expect(alarms(weighted)).toBeLessThan(0.15);
    expect(weighted.record.notes.join(' ')).toMatch(/count as \d+ equal ones/);
  });

  it('refuses weights that nothing can be learned from', async () => {
    const examples = world.data.examples.filter(({ trusted, measurements }) => !trusted || measurements.every(Boolean));
    const asked = detect({
      ...world,
      data: { ...world.data, examples },
      config: resolveDetectorConfig({ weighted: true }),
    });
    await expect(asked).rejects.toThrow('20 untrusted ones with every measurement negative');
  });

  it('scores examples with absent measurements, and those with none', async () => {
    const examples = world.data.examples.map((example, i) => {
      if (i % 10 > 1) return example;
      return { ...example, measurements: [i % 10 === 0 ? null : (example.measurements[0] ?? null), null] };
    });
    const { record, rows } = await detect({ ...world, data: { ...world.data, examples }, config });
    expect(record.data.counts.unmeasured).toBe(74);
    expect(rows.every(({ score }) => Number.isFinite(score))).toBe(true);
    expect(rows.filter(({ category }) => category === 'unmeasured').every(({ pValue }) => pValue === null)).toBe(true);
  });

  it('stops when told to', async () => {
    await expect(detect({ ...world, config, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});
