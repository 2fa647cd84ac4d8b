import { z } from 'zod';
import { type StudentOptions, studentOptions } from './student-options.ts';

/** What every student of weak labels can be asked for. */
export interface WeakOptions extends StudentOptions {
  /** Takes each batch's lean to one class out of its weak labels, see `balanceLabels`. @default false */
  readonly balance: boolean;
}

/** Schema of {@link WeakOptions}. */
export const weakOptions = studentOptions.extend({
  balance: z.boolean().default(false).describe('Take the lean to one class out of each batch’s weak labels'),
});
