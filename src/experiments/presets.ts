/** Techniques in the order of a table, with what their finetuning takes at these sizes of training data. */
function allTechniques(epochs: { trusted: number; evidence: number; exclusion: number; groundTruth: number }) {
  return [
    { id: 'untrusted-finetuning' },
    { id: 'trusted-finetuning', options: { epochs: epochs.trusted } },
    { id: 'trusted-probe' },
    { id: 'evidence-probe' },
    { id: 'evidence-finetuning', options: { epochs: epochs.evidence } },
    { id: 'exclusion-finetuning', options: { epochs: epochs.exclusion } },
    { id: 'measurement-gap' },
    { id: 'random-probe' },
    { id: 'ground-truth-probe' },
    { id: 'ground-truth-finetuning', options: { epochs: epochs.groundTruth } },
  ];
}

const standard = {
  settings: [{ id: 'diamond-vault', options: { trainExamples: 70_000, validationExamples: 3_000 } }],
  techniques: allTechniques({ trusted: 4, evidence: 1, exclusion: 1, groundTruth: 2 }),
  training: { epochs: 5 },
};

/**
 * Where a config starts from. Sizes were settled by measuring the effect against the time on two cores
 * (docs/performance.md); `full` is `default` on three seeds.
 */
export const presets = {
  quick: {
    settings: [{ id: 'diamond-vault', options: { trainExamples: 14_000, validationExamples: 1_500 } }],
    techniques: allTechniques({ trusted: 6, evidence: 2, exclusion: 1, groundTruth: 3 }),
    training: { epochs: 3 },
  },
  default: standard,
  full: { ...standard, seeds: [0, 1, 2] },
} as const;

export type PresetId = keyof typeof presets;
