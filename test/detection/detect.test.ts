import { describe, expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import { createRng } from '../../src/core/random.ts';
import { detect } from '../../src/detection/detect/detect.ts';
import { resolveDetectorConfig } from '../../src/detection/detection-config.ts';
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

  it('chooses by structure and says why', () => {
    expect(record.techniques.map(({ id }) => id)).toEqual(['evidence-probe', 'mahalanobis']);
    expect(record.choice).toContain('measurements disagree');
    expect(record.model).toBe('activations of your own');
  });

  it('scores every example once, in order', () => {
    expect(rows.map(({ id }) => id)).toEqual(world.data.examples.map(({ id }) => id));
    for (const row of rows) {
      expect(Number.isFinite(row.score)).toBe(true);
      expect(Object.keys(row.further)).toEqual(['mahalanobis']);
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
  it('can hold the share of false alarms among alarms', async () => {
    const corrected = resolveDetectorConfig({ correction: 'benjamini-hochberg', alarm: 0.2 });
    const plain = await detect({ ...world, config: resolveDetectorConfig({ alarm: 0.2 }) });
    const { rows, record } = await detect({ ...world, config: corrected });
    const flagged = rows.filter((row) => row.flagged);
    expect(flagged.length).toBeGreaterThan(10);
    expect(flagged.length).toBeLessThan(plain.record.alarm.flagged);
    expect(record.notes.join(' ')).toContain('Benjamini–Hochberg');
  });

  it('says when no alarm can be raised', async () => {
    const few = plantedWorld({ trusted: 60, untrusted: 200, seed: 3 });
    const { record } = await detect({ ...few, config: resolveDetectorConfig({ alarm: 0.01 }) });
    expect(record.alarm.smallestPValue).toBeGreaterThan(0.01);
    expect(record.alarm.flagged).toBe(0);
    expect(record.notes.join(' ')).toContain('No alarm can be raised at a rate of 0.01');
    expect(record.notes[0]).toContain('2 folds');
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
