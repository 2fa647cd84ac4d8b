import { describe, expect, it } from 'vitest';
import type { ObservedCategory } from '../../src/core/own-data.ts';
import { createRng } from '../../src/core/random.ts';
import { chooseTechniques, haveWords } from '../../src/detection/detect/choose-techniques.ts';
import { detect } from '../../src/detection/detect/detect.ts';
import { settleChoice } from '../../src/detection/detect/settle-choice.ts';
import { resolveDetectorConfig } from '../../src/detection/detection-config.ts';
import { featureRowsById } from '../../src/detection/features/feature-rows.ts';
import { plantedWorld } from './planted.ts';

const categories: readonly ObservedCategory[] = Array.from({ length: 400 }, (_, i) =>
  i % 4 === 0
    ? 'untrusted-inconsistent'
    : i % 4 === 1
      ? 'untrusted-positive'
      : i % 8 < 4
        ? 'trusted-positive'
        : 'trusted-negative',
);
const counts = {
  'untrusted-inconsistent': 100,
  'trusted-inconsistent': 0,
  'trusted-positive': 100,
  'trusted-negative': 100,
} as Record<ObservedCategory, number>;
const contested = chooseTechniques('auto', { measurements: 2, counts, words: true });

/** Scores that tell trusted from inconsistent examples by so many deviations; of others they say nothing. */
function scoresOf(apart: number, seed: number): Float64Array {
  const rng = createRng(seed, 'scores');
  return Float64Array.from(categories, (category) => rng.normal() + (category.startsWith('trusted') ? apart : 0));
}

const names = ({ techniques }: typeof contested) => techniques.map(({ name }) => name);
const settled = (probe: Float64Array, words: Float64Array, choice = contested) =>
  settleChoice(choice, { categories }, [probe, words, scoresOf(0, 9)]);

describe('which technique sets the alarm', () => {
  it('is the words where they answer the question better beyond noise', () => {
    const { choice, order } = settled(scoresOf(0.5, 1), scoresOf(2, 2));
    expect(order).toEqual([1, 0, 2]);
    expect(names(choice)).toEqual(['surface-baseline', 'evidence-probe', 'mahalanobis']);
    expect(choice.reason).toMatch(/AUROC of 0\.9\d \(0\.\d\d to 0\.9\d\), the evidence probe .* with 0\.6\d \(/);
    expect(choice.reason).toContain('The words are better beyond chance');
  });

  it.each([
    ['better', 2, 0.5],
    ['as good', 1, 1],
    ['hardly worse', 1, 1.05],
  ])('is the probe where it is %s', (_, probe, words) => {
    const { choice, order } = settled(scoresOf(probe, 1), scoresOf(words, 2));
    expect(order).toEqual([0, 1, 2]);
    expect(names(choice)).toEqual(['evidence-probe', 'surface-baseline', 'mahalanobis']);
    expect(choice.reason).toContain('The words are not better beyond chance');
  });

  it('does not depend on the untrusted positives that are judged', () => {
    const [probe, words] = [scoresOf(0.5, 1), scoresOf(2, 2)];
    const turned = words.map((score, i) => (categories[i] === 'untrusted-positive' ? -99 * score : score));
    expect(settled(probe, turned)).toEqual(settled(probe, words));
  });

  it('is what the config names first, without any measuring', () => {
    const named = chooseTechniques([{ id: 'mahalanobis', options: {} }], { measurements: 2, counts, words: true });
    expect(settled(scoresOf(0, 1), scoresOf(2, 2), named)).toEqual({ choice: named, order: [0] });
  });

  it('has words to choose from only where texts have some', () => {
    expect(names(chooseTechniques('auto', { measurements: 2, counts, words: false }))).not.toContain(
      'surface-baseline',
    );
    expect(names(chooseTechniques('auto', { measurements: 1, counts, words: true }))).toEqual(['mahalanobis']);
    expect(haveWords(['', 'one', '東京', '12:30'].map((text) => ({ text })))).toBe(true);
    expect(haveWords(['', '12:30', 'one'].map((text) => ({ text })))).toBe(false);
  });
});

it('words that tell tampering lead where features say nothing, and the alarm compares by their scores', async () => {
  const { data } = plantedWorld({ trusted: 240, untrusted: 700, seed: 2 });
  const rng = createRng(3);
  const examples = data.examples.map((example) => {
    const tampered = !example.trusted && !example.groundTruth && example.measurements.includes(true);
    const deed = tampered === rng.chance(0.95) ? 'patched' : 'kept';
    return { ...example, text: `${rng.choice(['we', 'they'])} ${deed} ${rng.choice(['it', 'all'])} ${example.id}` };
  });
  const ids = examples.map(({ id }) => id);
  const noise = {
    rows: ids.length,
    columns: 4,
    data: Float32Array.from({ length: 4 * ids.length }, () => rng.normal()),
  };
  const world = { data: { ...data, examples }, features: featureRowsById(ids, [noise]) };
  const { record, rows, detector } = await detect({ ...world, config: resolveDetectorConfig({ alarm: 0.1 }) });
  expect(record.techniques.map(({ id }) => id)).toEqual(['surface-baseline', 'evidence-probe', 'mahalanobis']);
  const named = {
    techniques: [...detector.fitted.techniques].map(({ name: as, technique: { id }, options }) => ({
      as,
      id,
      options,
    })),
  };
  const same = await detect({ ...world, config: resolveDetectorConfig({ ...named, alarm: 0.1 }) });
  expect(same.rows).toEqual(rows);
  expect(same.detector.fitted.calibration).toEqual(detector.fitted.calibration);
  expect(await same.detector.score(examples)).toEqual(await detector.score(examples));
});
