import { TouchstoneError, UserError } from '../core/errors.ts';

/** The error for a file, or a place in one, that is not what its name says. Errors of ours stay as they are. */
export function unreadable(where: string, kind: string, cause: unknown): TouchstoneError {
  if (cause instanceof TouchstoneError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Expected ${where} to be readable as ${kind}, got: ${reason}. Mend or download it again.`;
  return new UserError('unreadable-data', message, { cause });
}
