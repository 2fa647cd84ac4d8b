import type { Answer, ShareEstimate } from '../core/inspection.ts';

const words: Record<Answer, string> = { yes: 'Yes', no: 'No', 'cannot-tell': 'Cannot tell' };

/** An answer as a person says it. */
export function answerWord(answer: Answer): string {
  return words[answer];
}

/** What the data say of an assumption, in a sentence. */
export function assumptionWord({ refuted }: ShareEstimate): string {
  if (refuted === 'yes') return 'The data speak against this.';
  return refuted === 'no' ? 'The data do not speak against this.' : 'The data cannot tell whether it holds.';
}
