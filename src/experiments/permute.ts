import type { Example } from '../core/examples.ts';
import { createRng } from '../core/random.ts';
import type { Dataset } from '../core/settings.ts';
import { mapSplits } from './map-splits.ts';

type Permute = (examples: readonly Example[], seed: number, split: string) => Example[];

/** The hidden outcomes, shuffled over the whole split: a score that moves at all has seen them. */
const permuteGroundTruth: Permute = (examples, seed, split) => {
  const outcomes = createRng(seed, 'permute-ground-truth', split).shuffle(examples.map((e) => e.groundTruth));
  return examples.map((example, i) => ({ ...example, groundTruth: outcomes[i] as boolean }));
};

/** Measurements, with the weak labels behind them and what a judge said of them, shuffled within trusted and within untrusted examples, so that each group's shares stay. */
const permuteMeasurements: Permute = (examples, seed, split) => {
  const rng = createRng(seed, 'permute-measurements', split);
  const donorsOf = (trusted: boolean) => rng.shuffle(examples.filter((example) => example.trusted === trusted));
  const donors = { trusted: donorsOf(true), untrusted: donorsOf(false) };
  return examples.map((example) => {
    const donor = donors[example.trusted ? 'trusted' : 'untrusted'].pop() as Example;
    const { measurements, weakLabels, tamperEvidence } = donor;
    return { ...example, measurements, ...(weakLabels && { weakLabels }), ...(tamperEvidence && { tamperEvidence }) };
  });
};

/** Fresh names in the old order: an id that says something can no longer help. */
const renameIds: Permute = (examples, _seed, split) =>
  examples.map((example, i) => ({ ...example, id: `renamed-${split}-${i}` }));

const permutations = {
  'ground-truth': permuteGroundTruth,
  measurements: permuteMeasurements,
  ids: renameIds,
} as const;

export type PermutationId = keyof typeof permutations;

/** The dataset with one thing permuted in every split and everything else as it was. */
export function permuteDataset(dataset: Dataset, what: PermutationId, seed: number): Dataset {
  return mapSplits(dataset, (examples, split) => permutations[what](examples, seed, split));
}
