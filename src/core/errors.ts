/**
 * Faults, by who can mend them. A message reads
 * `Expected <thing> to be <…>, got <value>. <Next step>.`; `code` is stable and may be matched on.
 */
export class TouchstoneError extends Error {
  override readonly name: string = 'TouchstoneError';
  /** Stable, kebab-case, for programs. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The user's input is wrong: shown without a stack, exit code 2. */
export class UserError extends TouchstoneError {
  override readonly name = 'UserError';
}

/** The machine could not do it (disk full, file unreadable, native crash): shown without a stack, exit code 1. */
export class EnvironmentError extends TouchstoneError {
  override readonly name = 'EnvironmentError';
}

/** `Expected <thing> to be <wanted>, got <value>. <nextStep>` as a {@link UserError}. */
export function expected(code: string, thing: string, wanted: string, got: unknown, nextStep: string): UserError {
  return new UserError(code, `Expected ${thing} to be ${wanted}, got ${describe(got)}. ${nextStep}`);
}

/** A value as it should stand in a message: strings quoted, long things cut at 120 characters. */
export function describe(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

function stringify(value: unknown): string {
  if (value instanceof Error) return value.message;
  if (typeof value === 'object' && value !== null) {
    const plain = (_: string, part: unknown) => (typeof part === 'bigint' ? Number(part) : part);
    return JSON.stringify(value, plain) ?? String(value);
  }
  return String(value);
}
