import type { Notes } from '../notes.ts';
import { plain } from './text.ts';

/** What the letters of a table stand for, as a list; empty where there are none. */
export function noteLines(notes: Notes): string {
  return notes
    .all()
    .map(({ letter, reason }) => `- (${letter}) ${plain(reason)}`)
    .join('\n');
}
