import type { Notes } from '../notes.ts';
import { wrap } from './text-width.ts';

/** What the letters of a table stand for. */
export function noteLines(notes: Notes, width: number): string[] {
  return notes.all().flatMap(({ letter, reason }) => wrap(`(${letter}) ${reason}`, width));
}
