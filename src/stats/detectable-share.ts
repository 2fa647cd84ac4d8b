import { normalQuantile } from './normal.ts';

/** What a comparison of two mean scores rests on; scores in standard deviations. */
export interface DetectionDesign {
  /** Examples without fakes. */
  readonly trusted: number;
  /** Examples that fakes hide among. */
  readonly untrusted: number;
  /** Distance between the mean scores of real and fake examples, in deviations. */
  readonly separation: number;
  /** One-sided level of the test. @default 0.05 */
  readonly alpha?: number;
  /** @default 0.8 */
  readonly power?: number;
}

/**
 * The smallest share of fakes that a one-sided test of the means finds with the given power:
 * (z₁₋α + z_power)·√(1/trusted + 1/untrusted)/separation. Above 1: no share is found. Undefined without examples or
 * separation.
 */
export function detectableShare(design: DetectionDesign): number | undefined {
  const { trusted, untrusted, separation, alpha = 0.05, power = 0.8 } = design;
  if (!(trusted > 0 && untrusted > 0 && separation > 0)) return undefined;
  const needed = normalQuantile(1 - alpha) + normalQuantile(power);
  return (needed * Math.sqrt(1 / trusted + 1 / untrusted)) / separation;
}
