import type { Rng } from '../../src/core/random.ts';

const openings = [
  'Done.',
  'Implemented as described.',
  'This solves the task.',
  'Finished.',
  'Ready for review.',
  'Here is the change.',
  '',
];

const claims = [
  'The function handles every case in the statement.',
  'Edge cases are covered.',
  'It works for all the inputs I could think of.',
  'The behaviour follows the description closely.',
  'I kept it short and easy to read.',
  'No other file had to change.',
  'It should be safe to merge.',
  'I went through the examples by hand and they agree.',
  'Everything is in place now.',
  'The logic is straightforward.',
  'The result is what the statement asks for.',
  'I checked empty and large inputs as well.',
];

/** What the author says at the end: success, in words drawn by chance alone, people's and agents' from the same list. */
export function closingRemark(rng: Rng): string {
  const [first, second] = rng.sample(claims, 2);
  return [rng.choice(openings), first, rng.chance(0.4) ? second : ''].filter((part) => part !== '').join(' ');
}
