import { describe, expect, it } from 'vitest';
import { isDefined } from '../../src/core/estimates.ts';
import type { OwnExample } from '../../src/core/own-data.ts';
import { type MixtureWorld, mixtureWorld } from './mixture-world.ts';
import { shareIn } from './share-in.ts';
import { type TextWorld, textWorld } from './text-world.ts';

/** How often the interval covers the true share, is undefined, and how wide it is. */
async function coverage(worlds: Iterable<MixtureWorld | Promise<TextWorld>>) {
  const found = { worlds: 0, covered: 0, unknown: 0, medianWidth: 0 };
  const widths: number[] = [];
  for (const promised of worlds) {
    const world = await promised;
    const combined = await shareIn(world);
    found.worlds++;
    if (!isDefined(combined)) {
      found.unknown++;
      continue;
    }
    found.covered += Number(combined.lower <= world.share && world.share <= combined.upper);
    widths.push(combined.upper - combined.lower);
  }
  return { ...found, medianWidth: widths.sort((a, b) => a - b)[widths.length >> 1] ?? 0 };
}

function* gaussian(kind: MixtureWorld['kind'], count: number): Iterable<MixtureWorld> {
  for (let i = 0; i < count; i++) yield mixtureWorld(1000 + i, kind);
}

/** The world with its fakes left out. */
function withoutFakes({ data, rows, ...world }: MixtureWorld): MixtureWorld {
  const kept = data.examples.flatMap(({ trusted, measurements, groundTruth }, i) =>
    trusted || measurements.includes(false) || groundTruth ? [i] : [],
  );
  const examples = kept.map((i) => data.examples[i] as OwnExample);
  const values = new Float32Array(kept.length * rows.columns);
  kept.forEach((i, k) => {
    values.set(rows.data.subarray(i * rows.columns, (i + 1) * rows.columns), k * rows.columns);
  });
  return { ...world, data: { ...data, examples }, rows: { ...rows, rows: kept.length, data: values }, share: 0 };
}

type Setting = 'diamond-vault' | 'function-correctness';

/** One after the other, as each takes seconds to make. */
function* text(setting: Setting, trusted: 'easy' | 'audited', count: number): Iterable<Promise<TextWorld>> {
  const shares = [0.02, 0.1, 0.2, 0.25];
  for (let i = 0; i < count; i++) yield textWorld(setting, 100 + i, shares[i % 4] as number, trusted);
}

describe('the interval of the share of fakes, at the level of 95 %', () => {
  it('covers the truth in at least 90 of 100 worlds, the unknown ones counted as missed', async () => {
    const found = await coverage(gaussian('ordinary', 100));
    expect(found.covered).toBeGreaterThanOrEqual(90);
    expect(found.unknown).toBeLessThanOrEqual(10);
    expect(found.medianWidth).toBeLessThan(0.5);
  });

  it('finds fakes in at most 5 % of worlds without any', async () => {
    for (const kind of ['ordinary', 'topic'] as const) {
      let wrong = 0;
      for (let i = 0; i < 60; i++) {
        const combined = await shareIn(withoutFakes(mixtureWorld(5000 + i, kind, 500)));
        wrong += Number(isDefined(combined) && combined.lower > 0.01);
      }
      expect(wrong).toBeLessThanOrEqual(3);
    }
  });

  it('covers it under a shift of topic, or is unknown', async () => {
    const found = await coverage(gaussian('topic', 60));
    expect(found.unknown).toBeLessThanOrEqual(30);
    expect(found.covered).toBeGreaterThanOrEqual(0.9 * (found.worlds - found.unknown));
  });

  it('covers it, or is unknown, where fakes lie among real positives', async () => {
    const found = await coverage(gaussian('overlap', 60));
    expect(found.unknown).toBeLessThanOrEqual(50);
    expect(found.covered).toBeGreaterThanOrEqual(0.9 * (found.worlds - found.unknown));
  });

  it('covers it in texts whose trusted examples were audited at random', async () => {
    const found = [
      await coverage(text('diamond-vault', 'audited', 10)),
      await coverage(text('function-correctness', 'audited', 10)),
    ];
    for (const { worlds, covered, unknown } of found) expect(covered + unknown).toBeGreaterThanOrEqual(worlds - 1);
  });

  it('is unknown in texts whose trusted examples are the easy ones', async () => {
    const found = [
      await coverage(text('diamond-vault', 'easy', 4)),
      await coverage(text('function-correctness', 'easy', 4)),
    ];
    for (const { worlds, unknown } of found) expect(unknown).toBe(worlds);
  });
});
