import { describe, expect, it } from 'vitest';
import { trainingConfig } from '../../src/models/config.ts';
import { estimateReading, estimateTraining } from '../../src/models/estimate.ts';
import { createDecoder } from '../../src/models/transformer.ts';

const decoder = (width: number, layers: number) =>
  createDecoder({ width, layers, heads: 4, maxTokens: 160, vocabulary: 1024 });
const sizeOf = (training: object = {}, network = decoder(128, 4)) => ({
  ...{ network, heads: 5, training: trainingConfig.parse(training) },
  ...{ examples: 25_000, epochs: 4, meanTokens: 30, threads: 2 },
});

describe('estimateTraining', () => {
  it('is in the range of what training takes', () => {
    const { seconds, bytes } = estimateTraining(sizeOf());
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThan(400);
    expect(bytes).toBeGreaterThan(0.4e9);
    expect(bytes).toBeLessThan(4e9);
  });

  it('grows with the work and shrinks with threads', () => {
    const size = sizeOf();
    const { seconds } = estimateTraining(size);
    expect(estimateTraining({ ...size, epochs: 8 }).seconds / seconds).toBeCloseTo(2, 1);
    expect(estimateTraining({ ...size, meanTokens: 60 }).seconds).toBeGreaterThan(1.5 * seconds);
    expect(estimateTraining({ ...size, threads: 1 }).seconds).toBeGreaterThan(1.3 * seconds);
  });

  // Seconds per step and bytes measured on the machine that the constants come from: 16 texts of 128 tokens, 2 threads.
  it.each([
    ['full', 1.015, 0.91e9],
    ['lora', 0.64, 0.71e9],
    ['heads', 0.29, 0.29e9],
  ] as const)('is within a factor of 1.5 of what was measured at width 384: %s', (trainable, step, bytes) => {
    const training = { trainable, batchSize: 16 };
    const size = { ...sizeOf(training, decoder(384, 6)), meanTokens: 128 / 1.08, examples: 16, epochs: 1 };
    const estimate = estimateTraining({ ...size, examples: 16_000 });
    expect(estimate.seconds / 1000 / step).toBeGreaterThan(1 / 1.5);
    expect(estimate.seconds / 1000 / step).toBeLessThan(1.5);
    // One step has one length, and so one compiled graph.
    expect(estimateTraining(size).bytes / bytes).toBeGreaterThan(1 / 1.5);
    expect(estimateTraining(size).bytes / bytes).toBeLessThan(1.5);
  });

  it('needs less memory in parts, for adapters and for heads, and reading less time', () => {
    const size = (training: object) => ({
      ...sizeOf({ batchSize: 16, ...training }, decoder(384, 6)),
      examples: 16,
      epochs: 1,
      meanTokens: 118,
    });
    const full = estimateTraining(size({}));
    expect(estimateTraining(size({ accumulate: 4 })).bytes).toBeLessThan(full.bytes);
    const lora = estimateTraining(size({ trainable: 'lora' }));
    expect(lora.bytes).toBeLessThan(full.bytes);
    expect(estimateTraining(size({ trainable: 'heads' })).bytes).toBeLessThan(lora.bytes);
    const many = { ...size({}), examples: 10_000 };
    expect(3 * estimateReading(many).seconds).toBeLessThan(1.3 * estimateTraining(many).seconds);
  });
});
