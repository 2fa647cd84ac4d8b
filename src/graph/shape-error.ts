import { TouchstoneError } from '../core/errors.ts';
import { formatShape } from './shapes.ts';

/** A graph was built wrongly: shapes, types or names do not fit. Thrown while building, never while running. */
export class ShapeError extends TouchstoneError {
  override readonly name = 'ShapeError';
  /** The operator that refused, e.g. `matmul`. */
  readonly operator: string;
  /** `path/file.ts:line:column` of the first stack frame outside the engine, or undefined when there is none. */
  readonly location: string | undefined;

  constructor(operator: string, message: string, location: string | undefined) {
    super('shape-mismatch', message);
    this.operator = operator;
    this.location = location;
  }
}

/** `Expected <operator>'s <thing> to be <wanted>, got <shapes> at <file:line:column>. <Next step>.` as a {@link ShapeError}. */
export function shapeError(
  operator: string,
  thing: string,
  wanted: string,
  shapes: readonly (readonly number[])[],
  nextStep = 'Check the shapes of the values passed there',
): ShapeError {
  const location = userLocation();
  const got = shapes.length > 0 ? shapes.map(formatShape).join(' and ') : 'none';
  const at = location ? ` at ${location.replace(/^.*[/\\]/, '')}` : '';
  return new ShapeError(
    operator,
    `Expected ${operator}'s ${thing} to be ${wanted}, got ${got}${at}. ${nextStep}.`,
    location,
  );
}

const engineFolder = decodeURIComponent(new URL('.', import.meta.url).pathname);

function userLocation(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  for (const line of stack.split('\n').slice(1)) {
    const location = /\(?(?:file:\/\/)?([^\s(][^(]*:\d+:\d+)\)?$/.exec(line.replace(/^\s*at (async )?/, ''))?.[1];
    if (location && !location.includes(engineFolder) && !location.startsWith('node:')) return location;
  }
  return undefined;
}
