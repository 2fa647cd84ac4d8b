const words: Readonly<Record<string, boolean | null>> = {
  ...Object.fromEntries(
    ['true', '1', '1.0', 'yes', 'y', 't', 'pass', 'passed', 'success', 'ok'].map((word) => [word, true]),
  ),
  ...Object.fromEntries(
    ['false', '0', '0.0', 'no', 'n', 'f', 'fail', 'failed', 'failure'].map((word) => [word, false]),
  ),
  ...Object.fromEntries(['', 'null', 'none', 'nan', 'na', 'n/a', 'skip', 'skipped'].map((word) => [word, null])),
};

/**
 * A truth value as files have it: booleans, 0 and 1, words such as `passed`.
 * @returns null where it is absent (null, empty, NaN, `skipped`), undefined where it is none.
 */
export function readTruth(value: unknown): boolean | null | undefined {
  if (value === undefined || value === null || Number.isNaN(value)) return null;
  if (!['boolean', 'number', 'bigint', 'string'].includes(typeof value)) return undefined;
  const word = String(value).trim().toLowerCase();
  return Object.hasOwn(words, word) ? words[word] : undefined;
}
