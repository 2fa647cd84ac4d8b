/** What the directory of a saved detector holds. */
import { z } from 'zod';
import { observedCategories } from '../../core/own-data.ts';

export const detectorFiles = {
  /** Plain data; written last, so that a directory without it is no detector. */
  description: 'detector.json',
  /** All 64-bit floats, little-endian, one array after another. */
  arrays: 'arrays.f64',
  predictor: 'predictor',
} as const;

const scale = z.strictObject({ mean: z.number(), deviation: z.number().positive() });

/** What stands in a detector's directory, where others may add which columns of the data it was trained on. */
export function isDetectorFile(name: string): boolean {
  return /^(detector\.json|arrays\.f64|predictor|technique-\d+-[a-z0-9-]+|columns\.json)$/.test(name);
}

/** A model that a technique made stands in a directory of this name. */
export function modelDirectory(technique: number, model: string): string {
  return `technique-${technique + 1}-${model}`;
}

/** Names of arrays: what trusted positives scored and weigh, what weights are made of, and what techniques keep. */
export const arrayNames = {
  scores: 'calibration-scores',
  weights: 'calibration-weights',
  shift: 'shift',
  ofTechnique: (technique: number, name: string) => `technique-${technique + 1}-${name}`,
} as const;

export const savedDetector = z.strictObject({
  format: z.literal('touchstone-detector'),
  version: z.literal(1),
  /** Resolved anew when it is read. */
  config: z.record(z.string(), z.unknown()),
  data: z.strictObject({
    name: z.string(),
    fingerprint: z.string(),
    rows: z.int().min(0),
    rejected: z.int().min(0),
    measurementNames: z.array(z.string()).min(1),
    counts: z.record(z.enum(observedCategories), z.int().min(0)),
  }),
  model: z.string(),
  /** Whether it scores activations of the user's own instead of texts. */
  ownFeatures: z.boolean(),
  techniques: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        options: z.unknown(),
        scale,
        values: z.record(z.string(), z.unknown()),
        arrays: z.array(z.string()),
        models: z.array(z.string().regex(/^[a-z0-9-]+$/)),
      }),
    )
    .min(1),
  shiftBias: z.number().optional(),
  /** SHA-256 of each file but the description itself, by its path in the directory. */
  files: z.record(z.string().regex(/^[a-z0-9-]+([./][a-z0-9-]+)*$/), z.string()),
  /** Start and length of each array, in numbers. */
  arrays: z.record(z.string(), z.tuple([z.int().min(0), z.int().min(0)])),
});
export type SavedDetector = z.output<typeof savedDetector>;
