import { describe, expect, it } from 'vitest';
import { estimateTraining } from '../../src/models/estimate.ts';

const architecture = { width: 128, layers: 4, heads: 4, maxTokens: 160, vocabulary: 1024, measurements: 3 };
const size = { architecture, examples: 25_000, epochs: 4, batchSize: 64, meanTokens: 30, threads: 2 };

describe('estimateTraining', () => {
  it('is in the range of what training takes', () => {
    const { seconds, bytes } = estimateTraining(size);
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThan(400);
    expect(bytes).toBeGreaterThan(0.4e9);
    expect(bytes).toBeLessThan(4e9);
  });

  it('grows with the work and shrinks with threads', () => {
    const { seconds } = estimateTraining(size);
    expect(estimateTraining({ ...size, epochs: 8 }).seconds).toBeCloseTo(2 * seconds, 6);
    expect(estimateTraining({ ...size, meanTokens: 60 }).seconds).toBeGreaterThan(2 * seconds);
    expect(estimateTraining({ ...size, threads: 1 }).seconds).toBeGreaterThan(1.5 * seconds);
  });
});
