import type { AnomalyOptions } from './anomaly-options.ts';

/** What is subtracted from a layer's anomaly scores, and what they are divided by. */
export interface ScoreScale {
  readonly centre: number;
  readonly spread: number;
}

/** Minus the layers' aggregated anomaly scores, (n). @param layers At least one layer's scores, each (n). */
export function likelyReal(layers: readonly Float64Array[], aggregate: AnomalyOptions['aggregate']): Float64Array {
  return Float64Array.from(layers[0] as Float64Array, (_, i) => {
    const anomalies = layers.map((scores) => scores[i] as number);
    if (aggregate === 'max') return -Math.max(...anomalies);
    return -anomalies.reduce((sum, anomaly) => sum + anomaly, 0) / anomalies.length;
  });
}

/** Share of the mean up to which a deviation is rounding: distances to no more normal examples than units are all equal. */
const rounding = 1e-6;

/**
 * `scores` of normal examples have mean 0 and deviation 1 on this scale; scores that are all the same, but for rounding, are
 * only centred.
 */
export function standardScale(scores: Float64Array): ScoreScale {
  const centre = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - centre) ** 2, 0) / scores.length;
  const deviation = Math.sqrt(variance);
  return { centre, spread: deviation > rounding * Math.abs(centre) ? deviation : 1 };
}

/** The scale that leaves scores as they are. */
export const rawScale: ScoreScale = { centre: 0, spread: 1 };

export function onScale(scores: Float64Array, { centre, spread }: ScoreScale): Float64Array {
  return scores.map((score) => (score - centre) / spread);
}
