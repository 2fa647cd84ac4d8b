import type { SettingContext } from '../../core/settings.ts';

/** A context in which a dataset is read to look at it: seed 0, nobody watching. */
export function quietContext(directory: string | undefined): SettingContext {
  const context = { seed: 0, threads: 1, progress: () => {}, signal: new AbortController().signal };
  return { ...context, ...(directory !== undefined && { directory }) };
}
