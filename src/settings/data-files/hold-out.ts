import type { Rng } from '../../core/random.ts';

/**
 * Parts items so that about `share` of them is held out and no group is in both parts; both in random order.
 * @param groupOf the group of an item.
 */
export function holdOut<Item>(
  items: readonly Item[],
  share: number,
  rng: Rng,
  groupOf: (item: Item) => string,
): { readonly kept: Item[]; readonly heldOut: Item[] } {
  const groups = Map.groupBy(rng.shuffle(items), groupOf);
  const wanted = share * items.length;
  const kept: Item[] = [];
  const heldOut: Item[] = [];
  for (const group of groups.values()) {
    // Half a group too many is as near as half a group too few.
    const isNear = heldOut.length + group.length / 2 <= wanted;
    (isNear ? heldOut : kept).push(...group);
  }
  return { kept: rng.shuffle(kept), heldOut: rng.shuffle(heldOut) };
}
