import { TouchstoneError } from '../../core/errors.ts';

/** Where a setting's files are; whoever calls `load`, `outlook` or `sampleTexts` of a setting with `files` has found them. */
export function requireDirectory(directory: string | undefined): string {
  if (directory !== undefined) return directory;
  throw new TouchstoneError('no-directory', 'Expected the files of the setting to have been found, got no directory.');
}
