import { type Category, categoryOf } from '../core/examples.ts';

/** The category of an untrusted example before any supervisor has labelled it. */
export function unlabelledCategory(groundTruth: boolean): Category {
  return categoryOf({ id: '', text: '', measurements: [], trusted: false, groundTruth });
}
