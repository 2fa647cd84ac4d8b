import type { Example } from '../../../src/core/examples.ts';
import { createRng } from '../../../src/core/random.ts';
import { textOf } from '../fake-model.ts';

/** How an example comes by its weak label, and whether it has contrast pairs. */
interface WorldParts {
  readonly n?: number;
  readonly seed?: number;
  /** Weak label of an example. @default 0.85 for a real outcome, else 0.15 */
  readonly label?: (real: boolean) => number;
  readonly trusted?: number;
}

/** Features: outcome ±1 + noise, a nuisance of large variance that leans on the outcome's noise, four of noise. */
export function labelledExamples({ n = 400, seed = 0, label, trusted = 0.3 }: WorldParts = {}): readonly Example[] {
  const rng = createRng(seed, 'supervised-probes');
  const labelOf = label ?? ((real: boolean) => (real ? 0.85 : 0.15));
  return Array.from({ length: n }, (_, i) => {
    const groundTruth = rng.chance(0.5);
    const noise = rng.normal();
    const features = [(groundTruth ? 1 : -1) + noise, 3 * noise + 0.5 * rng.normal()];
    const others = Array.from({ length: 4 }, () => rng.normal());
    const [negative, positive] = groundTruth ? [-1, 1] : [1, -1];
    const sides = [negative, positive].map((side) => textOf([0.5 * rng.normal(), side + rng.normal(), 0, 0, 0]));
    return {
      id: `example-${i}`,
      text: textOf([...features, ...others]),
      measurements: [groundTruth],
      weakLabels: [labelOf(groundTruth)],
      trusted: rng.chance(trusted),
      groundTruth,
      pairs: [{ prompt: '1 ', negative: sides[0] as string, positive: sides[1] as string }],
    };
  });
}

export const worldWidth = 6;
