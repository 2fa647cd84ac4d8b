import type { Example } from '../../src/core/examples.ts';
import { createRng } from '../../src/core/random.ts';
import { finetuningConfig, modelConfig, trainingConfig } from '../../src/models/config.ts';
import { tokenizerConfig, trainTokenizer } from '../../src/models/tokenizer-training.ts';
import { samplePrograms } from './sample-programs.ts';

/** Programs whose first measurement says "pops", the second "the print-out is patched". */
export function plantedExamples(count: number, seed: number): Example[] {
  const rng = createRng(seed, 'planted');
  return samplePrograms(count, seed).map((text, i) => {
    const measurements = [text.includes('vault.pop();'), text.includes('vault.print =')];
    return { id: `${seed}-${i}`, text, measurements, trusted: rng.chance(0.5), groundTruth: measurements[0] === true };
  });
}

/** Options of a model small enough for tests. */
export function smallOptions(seed = 0) {
  return {
    measurements: 2,
    tokenizer: trainTokenizer(samplePrograms(500, 99), tokenizerConfig.parse({ vocabulary: 512, minCount: 4 })),
    model: modelConfig.parse({ width: 32, layers: 2, heads: 2, maxTokens: 60 }),
    training: trainingConfig.parse({ epochs: 3, batchSize: 32, learningRate: 3e-3, warmupSteps: 8 }),
    finetuning: finetuningConfig.parse({ epochs: 1 }),
    seed,
    threads: 1,
    device: 'cpu' as const,
  };
}
