import { describe, expect, it } from 'vitest';
import type { OwnExample } from '../../src/core/own-data.ts';
import { observedCategoryOf } from '../../src/core/own-data.ts';
import { createRng } from '../../src/core/random.ts';
import type { Dataset } from '../../src/core/settings.ts';
import { detect } from '../../src/detection/detect/detect.ts';
import { resolveDetectorConfig } from '../../src/detection/detection-config.ts';
import { type FeatureRows, featureRowsById } from '../../src/detection/features/feature-rows.ts';
import { exportedWorld, withoutTruth } from './exported-world.ts';

const seeds = 50;
/** Choosing fits three techniques, words among them. */
const seedsOfChoice = 20;
const alarms = [0.01, 0.05, 0.1];
const buckets = 48;

/** Counts of words by a hash of theirs: a model that costs nothing. */
function hashedWords(examples: readonly OwnExample[]): FeatureRows {
  const data = new Float32Array(examples.length * buckets);
  examples.forEach(({ text }, row) => {
    for (const word of text.match(/\w+|[^\s\w]/g) ?? []) {
      let hash = 7;
      for (let i = 0; i < word.length; i++) hash = (Math.imul(hash, 31) + word.charCodeAt(i)) >>> 0;
      (data[row * buckets + (hash % buckets)] as number) += 1;
    }
  });
  const ids = examples.map(({ id }) => id);
  return featureRowsById(ids, [{ rows: examples.length, columns: buckets, data: data.map(Math.log1p) }]);
}

/**
 * A file of a user's: 600 trusted positives of which 240 are said to be untrusted (so that real positives are there which
 * are just like trusted ones), 100 other trusted examples and 700 untrusted ones.
 */
function drawn(pool: readonly OwnExample[], seed: number) {
  const rng = createRng(seed, 'drawn');
  const positives = pool.filter((example) => observedCategoryOf(example) === 'trusted-positive');
  const [chosen, others] = [rng.sample(positives, 600), pool.filter((example) => !positives.includes(example))];
  const disguised = chosen.slice(0, 240).map((example) => ({ ...example, trusted: false }));
  const rest = (trusted: boolean, count: number) =>
    rng.sample(
      others.filter((example) => example.trusted === trusted),
      count,
    );
  const examples = rng.shuffle([...chosen.slice(240), ...disguised, ...rest(true, 100), ...rest(false, 700)]);
  return { examples, disguised: new Set(disguised.map(({ id }) => id)) };
}

function probe(id: string) {
  return [{ id, options: { layer: 'last', l2: [0.01] } }];
}

describe.each([
  ['diamond-vault', { trainExamples: 6000, validationExamples: 10, trustedShare: 0.4, trustedPositiveShare: 0.8 }],
  [
    'function-correctness',
    { trainExamples: 5000, validationExamples: 10, trustedShare: 0.4, trustedPositiveShare: 0.8 },
  ],
] as const)('false alarms on %s', (id, options) => {
  let exported: Promise<Dataset> | undefined;
  it.each([
    ['the evidence-probe', seeds, probe('evidence-probe')],
    ['the dirtiness-probe', seeds, probe('dirtiness-probe')],
    ['what is chosen by measuring', seedsOfChoice, 'auto'],
  ])(
    'are as rare as asked for, by %s, over %i seeds',
    async (_, seeds, techniques) => {
      exported ??= exportedWorld(id, options);
      const dataset = await exported;
      const pool = withoutTruth(dataset.splits.train);
      const features = hashedWords(pool);
      const config = resolveDetectorConfig({ techniques, alarm: 0.01 });
      const rates = alarms.map(() => [] as number[]);
      for (let seed = 0; seed < seeds; seed++) {
        const { examples, disguised } = drawn(pool, seed);
        const data = { measurementNames: dataset.measurementNames, examples };
        const { rows } = await detect({ data, features, config: { ...config, seed } });
        const judged = rows.filter((row) => disguised.has(row.id));
        alarms.forEach((alarm, k) => {
          rates[k]?.push(judged.filter(({ pValue }) => (pValue as number) <= alarm).length / judged.length);
        });
      }
      for (const [k, alarm] of alarms.entries()) {
        const of = rates[k] as number[];
        const mean = of.reduce((sum, rate) => sum + rate, 0) / seeds;
        const variance = of.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (seeds - 1);
        expect(mean, `${alarm}`).toBeLessThanOrEqual(alarm + 3 * Math.sqrt(variance / seeds));
        // Not by never raising an alarm: a third of the rate at least.
        expect(mean, `${alarm}`).toBeGreaterThan(alarm / 3);
      }
    },
    600_000,
  );
});
