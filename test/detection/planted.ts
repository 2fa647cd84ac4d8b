import type { OwnExample } from '../../src/core/own-data.ts';
import { createRng } from '../../src/core/random.ts';
import { type FeatureRows, featureRowsById } from '../../src/detection/features/feature-rows.ts';

export interface PlantedOptions {
  readonly trusted: number;
  readonly untrusted: number;
  readonly seed: number;
  /** How far tampering, failed or not, moves its feature. @default 2.5 */
  readonly tampering?: number;
  /** How far the topic of untrusted examples is from that of trusted ones. @default 0 */
  readonly topic?: number;
  /** Share of trusted examples that the file calls untrusted: real positives that are trusted-like. @default 0 */
  readonly disguised?: number;
}

export interface PlantedWorld {
  readonly data: { readonly measurementNames: readonly string[]; readonly examples: readonly OwnExample[] };
  readonly features: FeatureRows;
}

const width = 8;

/**
 * Two measurements of an outcome. Feature 0 tells the outcome, feature 1 tampering, feature 2 the topic, the others
 * nothing. Trusted examples are half positive; untrusted ones are real positives (40 %), fake ones (20 %), inconsistent by
 * failed tampering (20 %), or all negative (20 %).
 */
export function plantedWorld(options: PlantedOptions): PlantedWorld {
  const { trusted, untrusted, seed, tampering = 2.5, topic = 0, disguised = 0 } = options;
  const rng = createRng(seed, 'planted');
  const examples: OwnExample[] = [];
  const rows: number[][] = [];
  const add = (isTrusted: boolean, real: boolean, measurements: boolean[], tampered: boolean, shift: number) => {
    const i = examples.length;
    const shownTrusted = isTrusted && !rng.chance(disguised);
    examples.push({ id: `e${i}`, text: `text ${i}`, measurements, trusted: shownTrusted, groundTruth: real });
    const row = Array.from({ length: width }, () => rng.normal());
    (row[0] as number) += real || (measurements.every(Boolean) && !isTrusted) ? 1.5 : -1.5;
    if (tampered) (row[1] as number) += tampering;
    (row[2] as number) += shift;
    rows.push(row);
  };
  for (let i = 0; i < trusted; i++) {
    const real = rng.chance(0.5);
    add(true, real, [real, real], false, 0);
  }
  for (let i = 0; i < untrusted; i++) {
    const u = rng.uniform();
    if (u < 0.4) add(false, true, [true, true], false, topic);
    else if (u < 0.6) add(false, false, [true, true], true, topic);
    else if (u < 0.8) add(false, false, rng.shuffle([true, false]), true, topic);
    else add(false, false, [false, false], false, topic);
  }
  const data = Float32Array.from(rows.flat());
  const layer = { rows: rows.length, columns: width, data };
  return {
    data: { measurementNames: ['a', 'b'], examples },
    features: featureRowsById(
      examples.map(({ id }) => id),
      [layer],
    ),
  };
}
