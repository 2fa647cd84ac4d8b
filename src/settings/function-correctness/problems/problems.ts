import type { Problem } from '../problem.ts';
import { countingProblems } from './counting.ts';
import { digitsProblems } from './digits.ts';
import { gridsProblems } from './grids.ts';
import { intervalsProblems } from './intervals.ts';
import { listsProblems } from './lists.ts';
import { numbersProblems } from './numbers.ts';
import { recordsProblems } from './records.ts';
import { sequencesProblems } from './sequences.ts';
import { sortingProblems } from './sorting.ts';
import { stringsProblems } from './strings.ts';
import { wordsProblems } from './words.ts';

/** Every problem of the setting, topic after topic. */
export const problems: readonly Problem[] = [
  ...numbersProblems,
  ...digitsProblems,
  ...listsProblems,
  ...sequencesProblems,
  ...sortingProblems,
  ...countingProblems,
  ...stringsProblems,
  ...wordsProblems,
  ...recordsProblems,
  ...gridsProblems,
  ...intervalsProblems,
];
