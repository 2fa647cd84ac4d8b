import type { Input } from '../core/examples.ts';

/** Rows of this many bytes are remembered. */
const rememberedBytes = 256 * 2 ** 20;

/**
 * `compute` of texts that were not asked about before, one row per text, and what is remembered of the others: about
 * 256 MiB of rows, of which those not asked about go first. Calls run one after another, so that none computes what another
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
  const ask = async (inputs: readonly Input[]): Promise<Float32Array[]> => {
    const asked = new Map(inputs.map((input) => [input.text, input]));
    const unknown = [...asked.values()].filter(({ text }) => !known.has(text));
    if (known.size + unknown.length > most) known = new Map([...asked.keys()].flatMap((text) => entryOf(known, text)));
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
