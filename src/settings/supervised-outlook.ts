import type { SettingOutlook } from '../core/settings.ts';

/** Sizes of a setting whose examples a weak supervisor labels. */
interface SupervisedSizes {
  readonly supervisorExamples: number;
  readonly trainExamples: number;
  /** Examples of each judged split. */
  readonly testExamples: number;
  readonly corpusTexts: number;
}

interface SupervisedCosts {
  readonly judgedSplits: number;
  readonly meanTokens: number;
  /** Processor time per example or text of the corpus. */
  readonly secondsPerText: number;
}

/**
 * What a setting expects whose examples are half of them positive and wait for a weak supervisor. What that will make of
 * them is not known; three of four right is a guess.
 */
export function supervisedOutlook(sizes: SupervisedSizes, costs: SupervisedCosts): SettingOutlook {
  const { supervisorExamples, trainExamples, testExamples, corpusTexts } = sizes;
  const { judgedSplits, meanTokens, secondsPerText } = costs;
  const judged = judgedSplits * testExamples;
  const share = trainExamples / 8;
  return {
    train: { 'real-positive': 3 * share, 'fake-negative': share, 'fake-positive': share, 'all-negative': 3 * share },
    supervisorExamples,
    corpus: corpusTexts,
    ...{ judged, judgedSplits, meanTokens },
    seconds: (supervisorExamples + trainExamples + judged + corpusTexts) * secondsPerText,
  };
}
