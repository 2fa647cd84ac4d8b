import { hash } from 'node:crypto';

/** Which ids have been seen, and where first; 16 bytes for a slot of a table that is at most half full. */
export interface SeenIds {
  /** The number given with the first row of this id; undefined, and the number noted, when it is the first. */
  firstOf(id: string, number: number): number | undefined;
}

/** Ids are told apart by 64 bits of SHA-1: of ten million, two different ones are taken for one with a chance of 3 in a million. */
export function createSeenIds(): SeenIds {
  let table = createTable(1024);
  return {
    firstOf(id, number) {
      const digest = hash('sha1', id, 'buffer');
      const key: Key = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
      const slot = slotOf(table, key);
      const first = table.numbers[slot] as number;
      if (first > 0) return first;
      put(table, slot, key, number);
      if (table.count * 2 > table.numbers.length) table = grown(table);
      return undefined;
    },
  };
}

type Key = readonly [number, number];

interface Table {
  readonly keys: Uint32Array;
  /** 0: free. */
  readonly numbers: Float64Array;
  count: number;
}

function createTable(size: number): Table {
  return { keys: new Uint32Array(2 * size), numbers: new Float64Array(size), count: 0 };
}

/** The slot of a key, or the free one where it belongs. */
function slotOf({ keys, numbers }: Table, [a, b]: Key): number {
  const mask = numbers.length - 1;
  let slot = a & mask;
  while (numbers[slot] !== 0 && (keys[2 * slot] !== a || keys[2 * slot + 1] !== b)) slot = (slot + 1) & mask;
  return slot;
}

function put(table: Table, slot: number, [a, b]: Key, number: number): void {
  table.keys[2 * slot] = a;
  table.keys[2 * slot + 1] = b;
  table.numbers[slot] = number;
  table.count++;
}

function grown(table: Table): Table {
  const larger = createTable(2 * table.numbers.length);
  for (const [slot, number] of table.numbers.entries()) {
    if (number === 0) continue;
    const key: Key = [table.keys[2 * slot] as number, table.keys[2 * slot + 1] as number];
    put(larger, slotOf(larger, key), key, number);
  }
  return larger;
}
