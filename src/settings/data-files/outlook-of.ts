import { type Category, categoryOf } from '../../core/examples.ts';
import type { Dataset, SettingOutlook } from '../../core/settings.ts';

/** Characters per token of prose under the default tokenizer, about. */
const charactersPerToken = 4;
/** Reading the files, once more than here. */
const secondsPerRow = 1e-4;

/** What a dataset that has been read once promises for the next time. */
export function outlookOf({ splits, supervisorExamples }: Dataset): SettingOutlook {
  const { train, ...judgedSplits } = splits;
  const judged = Object.values(judgedSplits).reduce((sum, examples) => sum + examples.length, 0);
  const characters = train.reduce((sum, { text }) => sum + text.length, 0);
  const counts: Partial<Record<Category, number>> = {};
  for (const example of train) {
    // A weak supervisor that is always right stands for the one that will label them.
    const labelled = supervisorExamples ? { ...example, measurements: [example.groundTruth] } : example;
    const category = categoryOf(labelled);
    counts[category] = (counts[category] ?? 0) + 1;
  }
  return {
    train: counts,
    ...(supervisorExamples && { supervisorExamples: supervisorExamples.length }),
    judged,
    judgedSplits: Object.keys(judgedSplits).length,
    meanTokens: Math.max(1, Math.round(characters / Math.max(1, train.length) / charactersPerToken)),
    seconds: secondsPerRow * (train.length + judged + (supervisorExamples?.length ?? 0)),
  };
}
