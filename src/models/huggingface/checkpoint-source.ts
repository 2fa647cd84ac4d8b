import type { Network, WeightShape } from '../network.ts';
import { type ConfigFile, invalidCheckpoint } from './config-file.ts';

/** What a family builds its network from. */
export interface CheckpointSource extends ConfigFile {
  /** Tensors in the checkpoint's files. */
  readonly names: ReadonlySet<string>;
  /** Whether two tensors have the same shape and values. */
  same(first: string, second: string): Promise<boolean>;
}

export interface FamilyNetwork {
  readonly network: Network;
  /** Tensors in the files that repeat a weight of the network, which therefore are neither read nor saved again. */
  readonly duplicates: readonly string[];
  /** What the names of the blocks' tensors start with; any other tensor there has no place in this family. */
  readonly blocks: string;
}

/** Builds the network of one family. @throws UserError naming a config key that cannot be built. */
export type Family = (source: CheckpointSource) => Promise<FamilyNetwork>;

/** The first prefix under which the files have a tensor: checkpoints of bare models lack the prefix of those with a head. */
export function prefixOf({ file, names }: CheckpointSource, prefixes: readonly string[], tensor: string): string {
  const prefix = prefixes.find((candidate) => names.has(candidate + tensor));
  if (prefix !== undefined) return prefix;
  const wanted = prefixes.map((candidate) => `"${candidate}${tensor}"`).join(' or ');
  throw invalidCheckpoint(`the weights beside ${file}`, `with tensor ${wanted}`, `${names.size} others`);
}

/**
 * The weight of the token logits, (vocabulary × width): `head` where the files have it and it is not tied, else the
 * embedding where they are tied. As in the transformers library, a head that differs from the embedding is not tied.
 */
export async function logitsWeight(
  { names, same }: CheckpointSource,
  { head, embedding, tied }: { readonly head: string; readonly embedding: string; readonly tied: boolean },
): Promise<{ weight?: string; duplicates: readonly string[] }> {
  if (!names.has(head)) return { ...(tied && { weight: embedding }), duplicates: [] };
  if (tied && (await same(head, embedding))) return { weight: embedding, duplicates: [head] };
  return { weight: head, duplicates: [] };
}

/** The weights of a network in the making. */
export class WeightTable {
  readonly weights = new Map<string, WeightShape>();
  readonly linears: string[] = [];

  add(name: string, ...shape: readonly number[]): void {
    this.weights.set(name, { shape });
  }

  /** `<name>.weight` and `<name>.bias`, or other names for these. */
  norm(name: string, width: number, [scale, shift]: readonly [string, string] = ['weight', 'bias']): void {
    this.add(`${name}.${scale}`, width);
    this.add(`${name}.${shift}`, width);
  }

  /** `<name>.weight`, (outputs × inputs), and `<name>.bias`. */
  linear(name: string, inputs: number, outputs: number, options: { readonly bias: boolean }): void {
    this.add(`${name}.weight`, outputs, inputs);
    if (options.bias) this.add(`${name}.bias`, outputs);
    this.linears.push(`${name}.weight`);
  }
}
