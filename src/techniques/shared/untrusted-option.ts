import { z } from 'zod';

/** Which untrusted training examples a detector compares with the normal ones. */
export interface UntrustedOption {
  /**
   * `positives`: those with every measurement positive, among which the judged ones are; `all`: every one, as in
   * methods.md 10.5, whose largest differences may then be those between positives and negatives. @default 'positives'
   */
  readonly untrusted: 'positives' | 'all';
}

/** Schema of {@link UntrustedOption}'s value. */
export const untrustedOption = z
  .enum(['positives', 'all'])
  .default('positives')
  .describe('Untrusted examples to learn from: those with every measurement positive, or all');
