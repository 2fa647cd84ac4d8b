import type { Category } from '../../core/examples.ts';
import type { SettingOutlook } from '../../core/settings.ts';
import { splitProblems } from './held-out.ts';
import type { FunctionCorrectnessOptions } from './options.ts';
import { planSplits, type SplitPlan } from './plan.ts';
import { problems } from './problems/problems.ts';
import { problemsOf } from './problems-of.ts';

/** Processor time of one example, all its tries together, and of one mutant of a problem. */
const secondsPerExample = 2.6e-3;
const secondsPerMutant = 2.5e-3;
/** Mean tokens of a training text's program and of one of its tests under the default tokenizer. */
const meanTokens = { compact: 52, full: 80, test: 12 };

/** What the dataset of these options will hold and cost. */
export async function outlookOf(options: FunctionCorrectnessOptions, directory?: string): Promise<SettingOutlook> {
  const found = await problemsOf(options, directory);
  // Which problems are held out does not matter here, only how many.
  const plans = planSplits(options, splitProblems(found, 0, options.heldOutShare));
  const [train, ...judged] = plans as [SplitPlan, ...SplitPlan[]];
  const examples = options.trainExamples + judged.length * options.validationExamples;
  const tests = (options.minTests + options.maxTests) / 2;
  return {
    train: categoriesOf(train),
    judged: judged.length * options.validationExamples,
    judgedSplits: judged.length,
    meanTokens: Math.round(meanTokens[options.text] + tests * meanTokens.test),
    seconds: examples * secondsPerExample + found.length * options.mutants * secondsPerMutant,
  };
}

/** Training examples by category, whatever the problems. */
export function trainingCategories(options: FunctionCorrectnessOptions): SettingOutlook['train'] {
  const [train] = planSplits(options, splitProblems(problems, 0, options.heldOutShare)) as [SplitPlan];
  return categoriesOf(train);
}

function categoriesOf({ cells }: SplitPlan): Partial<Record<Category, number>> {
  const counts: Partial<Record<Category, number>> = {};
  for (const { category, count } of cells) counts[category] = (counts[category] ?? 0) + count;
  return counts;
}
