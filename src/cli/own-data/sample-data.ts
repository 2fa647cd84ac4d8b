import type { OwnData } from '../../core/own-data.ts';
import { createRng } from '../../core/random.ts';

/**
 * At most so many of the examples, drawn at random and without regard to what they are, in their order. What is left out is
 * said in the notes.
 */
export function sampleData(data: OwnData, most: number, seed: number): OwnData {
  const { examples } = data;
  if (examples.length <= most) return data;
  const drawn = createRng(seed, 'sample-data').sample([...examples.keys()], most);
  const kept = drawn.sort((a, b) => a - b).map((i) => examples[i] as (typeof examples)[number]);
  const note =
    `Everything here speaks of ${most.toLocaleString('en-US')} examples drawn at random from ` +
    `${examples.length.toLocaleString('en-US')}; --sample looks at more, and takes longer.`;
  return { ...data, examples: kept, notes: [...(data.notes ?? []), note] };
}
