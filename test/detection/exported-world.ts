import type { OwnExample } from '../../src/core/own-data.ts';
import type { Dataset, Setting } from '../../src/core/settings.ts';
import { settings } from '../../src/settings/registry.ts';

/** A setting's dataset, as `touchstone generate` writes it. */
export function exportedWorld(id: keyof typeof settings, options: unknown, seed = 0): Promise<Dataset> {
  const setting = settings[id] as Setting;
  const context = { seed, threads: 2, progress: () => {}, signal: new AbortController().signal };
  return setting.load(setting.options.parse(options), context);
}

/** What a user would have of an exported example: no ground truth. */
export function withoutTruth(examples: readonly OwnExample[]): OwnExample[] {
  return examples.map(({ id, text, measurements, trusted, group }) => {
    return { id, text, measurements, trusted, ...(group !== undefined && { group }) };
  });
}
