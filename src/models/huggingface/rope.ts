/** Angles of rotary position embeddings from a config, as the transformers library computes them. */
import { z } from 'zod';
import type { Graph, Value } from '../../graph/graph.ts';
import { refused } from './config-file.ts';

const kind = refused('default', 'linear', 'llama3');
const positive = z.number().positive().max(1e12);

/** Strict, because every key in here changes the angles. */
const parameters = z
  .strictObject({
    rope_type: kind,
    /** The older name of `rope_type`. */
    type: kind,
    rope_theta: positive.optional(),
    partial_rotary_factor: positive.max(1).optional(),
    factor: positive.optional(),
    low_freq_factor: positive.optional(),
    high_freq_factor: positive.optional(),
    original_max_position_embeddings: positive.optional(),
  })
  .superRefine((value, context) => {
    const name = value.rope_type ?? value.type ?? 'default';
    for (const key of needed[name]) {
      if (value[key] === undefined) context.addIssue({ code: 'custom', message: `needed by ${name}`, path: [key] });
    }
    if (name === 'llama3' && (value.high_freq_factor ?? 0) <= (value.low_freq_factor ?? 0)) {
      context.addIssue({ code: 'custom', message: 'must exceed low_freq_factor', path: ['high_freq_factor'] });
    }
  });

const needed = {
  default: [],
  linear: ['factor'],
  llama3: ['factor', 'low_freq_factor', 'high_freq_factor'],
} as const;

/** Keys of configs: `rope_parameters` since version 5 of the library, the others before. */
export const ropeKeys = {
  rope_parameters: parameters.optional(),
  rope_scaling: parameters.optional(),
  rope_theta: positive.optional(),
  max_position_embeddings: z.int().min(1).max(10_000_000),
} as const;

export interface RopeConfig {
  readonly rope_parameters?: z.infer<typeof parameters> | undefined;
  readonly rope_scaling?: z.infer<typeof parameters> | undefined;
  readonly rope_theta?: number | undefined;
  readonly max_position_embeddings: number;
}

/**
 * Radians per position of each rotated pair, in the 32-bit steps of the library: base^(−2i / dimensions), divided by
 * `factor` for `linear`, and for long wavelengths only, with a smooth passage, for `llama3`.
 */
export function ropeFrequencies(config: RopeConfig, dimensions: number): Float32Array {
  const scaling = config.rope_scaling ?? config.rope_parameters ?? {};
  const base = scaling.rope_theta ?? config.rope_theta ?? 10_000;
  const plain = Float32Array.from(
    { length: dimensions / 2 },
    (_, i) => 1 / Math.fround(base ** Math.fround((2 * i) / dimensions)),
  );
  const { factor = 1 } = scaling;
  const name = scaling.rope_type ?? scaling.type ?? 'default';
  if (name === 'default') return plain;
  if (name === 'linear') return plain.map((frequency) => frequency / factor);
  const [low, high] = [scaling.low_freq_factor ?? 1, scaling.high_freq_factor ?? 1];
  const turns = (scaling.original_max_position_embeddings ?? config.max_position_embeddings) / (2 * Math.PI);
  // Share of the plain frequency: 0 for wavelengths beyond context / low, 1 for those below context / high.
  const share = (frequency: number) => Math.min(1, Math.max(0, (turns * frequency - low) / (high - low)));
  return plain.map((frequency) => frequency * (share(frequency) + (1 - share(frequency)) / factor));
}

/** Cosines and sines at positions 0 to tokens − 1, (tokens × pairs) each. */
export function rotaryTables(graph: Graph, frequencies: Float32Array, tokens: number) {
  const pairs = frequencies.length;
  const table = (wave: (angle: number) => number): Value => {
    const at = (i: number) => wave(Math.fround(Math.floor(i / pairs) * (frequencies[i % pairs] as number)));
    return graph.constant(
      Float32Array.from({ length: tokens * pairs }, (_, i) => at(i)),
      [tokens, pairs],
    );
  };
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}
