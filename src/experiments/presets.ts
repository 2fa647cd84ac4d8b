/** Techniques in the order of the table: baselines, techniques, control, ceilings. */
const allTechniques = [
  'untrusted-finetuning',
  'trusted-finetuning',
  'trusted-probe',
  'evidence-probe',
  'evidence-finetuning',
  'exclusion-finetuning',
  'measurement-gap',
  'random-probe',
  'ground-truth-probe',
  'ground-truth-finetuning',
] as const;

/**
 * Where a config starts from. Sizes were settled by measuring the effect against the time on two cores; the numbers
 * stand in docs/performance.md.
 */
export const presets = {
  quick: {
    settings: [{ id: 'diamond-vault', options: { trainExamples: 5000, validationExamples: 1500 } }],
    techniques: allTechniques.map((id) => ({ id })),
    training: { epochs: 4 },
  },
  default: {
    settings: [{ id: 'diamond-vault', options: { trainExamples: 12000, validationExamples: 3000 } }],
    techniques: allTechniques.map((id) => ({ id })),
    training: { epochs: 5 },
  },
  full: {
    settings: [{ id: 'diamond-vault', options: { trainExamples: 25000, validationExamples: 4000 } }],
    techniques: allTechniques.map((id) => ({ id })),
    training: { epochs: 8 },
    seeds: [0, 1, 2],
  },
} as const;

export type PresetId = keyof typeof presets;
