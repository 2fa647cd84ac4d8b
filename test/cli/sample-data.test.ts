import { describe, expect, it } from 'vitest';
import { sampleData } from '../../src/cli/own-data/sample-data.ts';
import type { OwnData } from '../../src/core/own-data.ts';

const examples = Array.from({ length: 2_000 }, (_, i) => ({
  ...{ id: `row-${i}`, text: `text ${i}`, measurements: [true] },
  trusted: i % 4 === 0,
}));
const data: OwnData = {
  name: 'rows.csv',
  measurementNames: ['test'],
  examples,
  rows: 2_000,
  rejected: [],
  fingerprint: '',
};

describe('a sample of data', () => {
  it('is drawn alike from every kind, in order, by seed, and told', () => {
    const sampled = sampleData(data, 800, 0);
    const places = sampled.examples.map(({ id }) => Number(id.slice(4)));
    expect(places).toHaveLength(800);
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    // Hypergeometric: mean 200, standard deviation 9.5.
    expect(Math.abs(sampled.examples.filter(({ trusted }) => trusted).length - 200)).toBeLessThan(40);
    expect(sampleData(data, 800, 0)).toEqual(sampled);
    expect(sampleData(data, 800, 1).examples).not.toEqual(sampled.examples);
    expect(sampled.notes?.join()).toContain('800 examples drawn at random from 2,000');
  });

  it('is the data themselves where they are few', () => {
    expect(sampleData(data, 2_000, 0)).toBe(data);
  });
});
