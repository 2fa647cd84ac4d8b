import { createRng } from '../../src/core/random.ts';
import type { Judged } from '../../src/experiments/judge.ts';
import type { WeakBench } from '../../src/experiments/weak-to-strong-parties.ts';

export interface PlantedWorld {
  readonly seed: number;
  readonly n?: number;
  /** How far the weak labels' logits of the two classes are apart, in standard deviations. */
  readonly weak?: number;
  /** The same of each technique's scores. */
  readonly techniques: Readonly<Record<string, number>>;
  /** What differs from a calibrated technique. */
  readonly kinds?: Readonly<Record<string, Partial<Judged>>>;
}

/** Normal scores of known separation: a balanced truth, weak labels and techniques, each with noise of its own. */
export function plantedWeakWorld({ seed, n = 400, weak = 1, techniques, kinds = {} }: PlantedWorld): WeakBench {
  const truth = Array.from({ length: n }, (_, i) => (i + seed) % 2 === 0);
  const scoresOf = (name: string, shift: number) => {
    const rng = createRng(seed, 'weak world', name, n);
    return Float64Array.from(truth, (positive) => rng.normal() + (positive ? shift / 2 : -shift / 2));
  };
  return {
    seed,
    truth,
    weakLabels: [...scoresOf('weak', weak)].map((logit) => 1 / (1 + Math.exp(-logit))),
    baseRate: 0.5,
    techniques: Object.entries(techniques).map(([technique, shift]) => {
      const usual = { technique, ceiling: technique === 'strong-ceiling', control: false, calibrated: true };
      return { ...usual, scores: scoresOf(technique, shift), ...kinds[technique] };
    }),
  };
}
