/** Damage to the bytes of a file, for tests of what reads it. */
import type { Rng } from '../src/core/random.ts';

export function flipped(bytes: Uint8Array, rng: Rng): Uint8Array {
  const copy = bytes.slice();
  for (let k = rng.integer(1, 4); k > 0; k--) copy[rng.integer(0, copy.length - 1)] = rng.integer(0, 255);
  return copy;
}

export function truncated(bytes: Uint8Array, rng: Rng): Uint8Array {
  return bytes.slice(0, rng.integer(0, bytes.length - 1));
}

/** A stretch of the file copied over, or into, another place. */
export function spliced(bytes: Uint8Array, rng: Rng): Uint8Array {
  const from = rng.integer(0, bytes.length - 1);
  const stretch = bytes.slice(from, from + rng.integer(1, 64));
  const at = rng.integer(0, bytes.length);
  const rest = rng.chance(0.5) ? at : at + stretch.length;
  return Uint8Array.from([...bytes.slice(0, at), ...stretch, ...bytes.slice(rest)]);
}
