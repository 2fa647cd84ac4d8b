import { InvalidArgumentError } from 'commander';

/** Parser of a command-line argument that is a whole number from 0. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(text);
}
