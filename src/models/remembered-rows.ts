import type { Input } from '../core/examples.ts';

/** Rows of this many bytes are remembered. */
const rememberedBytes = 256 * 2 ** 20;
/** And of texts so many characters, which long ones reach first. */
const rememberedCharacters = 64 * 2 ** 20;

/**
 * `compute` of texts that were not asked about before, one row per text, and what is remembered of the others: about
 * 256 MiB of rows and 64 Mi characters of their texts, of which those not asked about go first. Calls run one after another, so that none computes what another
 * is about to know.
 *
 * @param columns about how many numbers a row has
 */
export function rememberedRows(
  columns: number,
  compute: (inputs: readonly Input[]) => Promise<Float32Array[]>,
): (inputs: readonly Input[]) => Promise<Float32Array[]> {
  const most = Math.max(1, Math.floor(rememberedBytes / (4 * columns)));
  let known = new Map<string, Float32Array>();
  let characters = 0;
  const ask = async (inputs: readonly Input[]): Promise<Float32Array[]> => {
    const asked = new Map(inputs.map((input) => [input.text, input]));
    const unknown = [...asked.values()].filter(({ text }) => !known.has(text));
    characters += charactersOf(unknown.map(({ text }) => text));
    if (known.size + unknown.length > most || characters > rememberedCharacters) {
      known = new Map([...asked.keys()].flatMap((text) => entryOf(known, text)));
      characters = charactersOf(asked.keys());
    }
    const rows = await compute(unknown);
    for (const [i, { text }] of unknown.entries()) known.set(text, rows[i] as Float32Array);
    return inputs.map(({ text }) => known.get(text) as Float32Array);
  };
  let previous: Promise<unknown> = Promise.resolve();
  return (inputs) => {
    const result = previous.then(() => ask(inputs));
    previous = result.catch(() => undefined);
    return result;
  };
}

function entryOf<T>(map: ReadonlyMap<string, T>, key: string): [string, T][] {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
}

function charactersOf(texts: Iterable<string>): number {
  let sum = 0;
  for (const { length } of texts) sum += length;
  return sum;
}
