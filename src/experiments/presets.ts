/**
 * Techniques in the order of a table, with what their finetuning takes at these sizes of training data. Those that cost
 * minutes and further anomaly detectors are in `benchmarks/`; controls join every run.
 */
function usualTechniques(epochs: { trusted: number; evidence: number; exclusion: number; groundTruth: number }) {
  return [
    { id: 'untrusted-finetuning' },
    { id: 'trusted-finetuning', options: { epochs: epochs.trusted } },
    { id: 'trusted-probe' },
    { id: 'evidence-probe' },
    { id: 'evidence-finetuning', options: { epochs: epochs.evidence } },
    { id: 'exclusion-finetuning', options: { epochs: epochs.exclusion } },
    { id: 'pace' },
    { id: 'dirtiness-probe' },
    { id: 'measurement-gap' },
    { id: 'mahalanobis' },
    { id: 'quantum-entropy' },
    { id: 'local-outlier-factor' },
    { id: 'isolation-forest' },
    { id: 'ground-truth-probe' },
    { id: 'ground-truth-finetuning', options: { epochs: epochs.groundTruth } },
  ];
}

const standard = {
  settings: [{ id: 'diamond-vault', options: { trainExamples: 70_000, validationExamples: 3_000 } }],
  techniques: usualTechniques({ trusted: 4, evidence: 1, exclusion: 1, groundTruth: 2 }),
  training: { epochs: 5 },
};

/**
 * Where a config starts from. Sizes were settled by measuring the effect against the time on two cores
 * (docs/performance.md); `full` is `default` on three seeds.
 */
export const presets = {
  quick: {
    settings: [{ id: 'diamond-vault', options: { trainExamples: 14_000, validationExamples: 1_500 } }],
    techniques: usualTechniques({ trusted: 6, evidence: 2, exclusion: 1, groundTruth: 3 }),
    training: { epochs: 3 },
  },
  default: standard,
  full: { ...standard, seeds: [0, 1, 2] },
} as const;

export type PresetId = keyof typeof presets;

/** What finetuning a pretrained model takes: rates for adapters are too high for all weights, and for heads alone too low. */
function pretrainedRates(trainable: unknown) {
  if (trainable === 'heads') return { training: 5e-3, finetuning: 3e-3 };
  return trainable === 'full' || trainable === 'pattern'
    ? { training: 5e-5, finetuning: 3e-5 }
    : { training: 5e-4, finetuning: 3e-4 };
}

const pretrainedSizes = {
  quick: { train: 1_000, validation: 400, epochs: { trusted: 6, evidence: 1, exclusion: 1, groundTruth: 2 } },
  default: { train: 4_000, validation: 1_000, epochs: { trusted: 4, evidence: 1, exclusion: 1, groundTruth: 2 } },
} as const;

/**
 * Where a config with a pretrained model starts from: sizes that two cores can do with tens of millions of weights, and
 * adapters unless `trainable` says otherwise.
 */
export function pretrainedPreset(id: PresetId, trainable: unknown = 'lora') {
  const { train, validation, epochs } = pretrainedSizes[id === 'quick' ? 'quick' : 'default'];
  const rates = pretrainedRates(trainable);
  const techniques = usualTechniques(epochs).map(({ id: technique, options }) => {
    if (options === undefined) return { id: technique };
    const learningRate = technique === 'trusted-finetuning' ? rates.training : rates.finetuning;
    return { id: technique, options: { ...options, learningRate } };
  });
  return {
    settings: [{ id: 'diamond-vault', options: { trainExamples: train, validationExamples: validation } }],
    techniques,
    training: { trainable, epochs: 2, batchSize: 16, learningRate: rates.training, warmupSteps: 16 },
    finetuning: { epochs: 2, learningRate: rates.finetuning },
    ...(id === 'full' && { seeds: presets.full.seeds }),
  };
}
