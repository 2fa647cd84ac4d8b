import type { Category } from '../../core/examples.ts';
import type { SettingOutlook } from '../../core/settings.ts';
import { splitHardTemplates } from './held-out.ts';
import type { DiamondVaultOptions } from './options.ts';
import { categoryOfOutcome, type Outcome } from './outcome.ts';
import { planSplits, type SplitPlan } from './plan.ts';

/** Programs to run until an example of an outcome comes up, about; the scarcest outcome of a part decides its time. */
const programsPerExample: Readonly<Record<string, number>> = {
  'fake-positive': 40,
  'real-positive': 8,
  'all-negative': 5,
  'inconsistent-100': 18,
  'inconsistent-010': 20,
  'inconsistent-001': 14,
  'inconsistent-110': 18,
  'inconsistent-101': 18,
  'inconsistent-011': 20,
};
/** Of an outcome that is not listed: worlds of another number of measurements. */
const usualPrograms = 25;
/** Processor time of one program, by bench/diamond-vault.ts. */
const secondsPerProgram = 1e-4;
/** Mean tokens of the training texts under the default tokenizer. */
const meanTokens = { compact: 21, full: 250 };

/** What the dataset of these options will hold and cost. */
export function outlookOf(options: DiamondVaultOptions): SettingOutlook {
  // Which templates are held out does not matter here, only how many.
  const [train, ...judged] = planSplits(options, splitHardTemplates(0, options.heldOutShare)) as [
    SplitPlan,
    ...SplitPlan[],
  ];
  const programs = [train, ...judged].flatMap(({ parts }) => parts.map(({ quotas }) => programsFor(quotas)));
  return {
    train: categoriesOf(train),
    judged: judged.length * options.validationExamples,
    judgedSplits: judged.length,
    meanTokens: meanTokens[options.text],
    seconds: secondsPerProgram * programs.reduce((sum, count) => sum + count, 0),
  };
}

function programsFor(quotas: ReadonlyMap<Outcome, number>): number {
  return Math.max(...[...quotas].map(([outcome, count]) => count * (programsPerExample[outcome] ?? usualPrograms)));
}

function categoriesOf({ parts }: SplitPlan): Partial<Record<Category, number>> {
  const counts: Partial<Record<Category, number>> = {};
  for (const { stream, quotas } of parts) {
    for (const [outcome, count] of quotas) {
      const category = categoryOfOutcome(outcome, stream.trusted);
      counts[category] = (counts[category] ?? 0) + count;
    }
  }
  return counts;
}
