import { InvalidArgumentError } from 'commander';

/** Parser of a command-line argument that is a whole number from 0. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(text);
}

/** Parser of a command-line argument that is a rate between 0 and 1, both excluded. */
export function rate(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Expected a rate between 0 and 1, e.g. 0.01.');
}

/** Parser of a command-line argument that is a share from 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a share from 0 to 1, e.g. 0.05.');
}
