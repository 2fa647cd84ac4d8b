/**
 * Function correctness (methods.md 11.4): JavaScript programs handed in for small problems. The measurements are the shown
 * tests as the submission has them; the ground truth is whether the program gives the right result on every known input,
 * called from outside the sandbox, so that nothing which the program does can fake it.
 */
import type { Dataset, Setting, SettingContext } from '../../core/settings.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { shownStructures } from '../shown-structures.ts';
import { generateDataset } from './generate.ts';
import { type FunctionCorrectnessOptions, functionCorrectnessOptions } from './options.ts';
import { outlookOf, trainingCategories } from './outlook.ts';
import { problemFiles, problemsOf } from './problems-of.ts';

export const functionCorrectness: Setting<FunctionCorrectnessOptions> = {
  id: 'function-correctness',
  title: 'Function correctness',
  source: 'methods.md 11.4; Roger et al. 2023, "Benchmarks for Detecting Measurement Tampering", arXiv 2308.15605',
  structures: ['trusted-subset', 'several-measurements', 'untrusted-examples'],
  options: functionCorrectnessOptions,
  offers: (options) => {
    const shown = shownStructures(functionCorrectness.structures, trainingCategories(options));
    return options.maxTests > 1 ? shown : shown.filter((id) => id !== 'several-measurements');
  },
  files: problemFiles,
  load,
  outlook: outlookOf,
  sampleTexts,
};

async function load(options: FunctionCorrectnessOptions, context: SettingContext): Promise<Dataset> {
  context.signal.throwIfAborted();
  const sandbox = createSandbox({ threads: Math.max(1, context.threads), signal: context.signal });
  try {
    return await generateDataset(await problemsOf(options, context.directory), options, context, sandbox);
  } finally {
    await sandbox.close();
  }
}

/** A small training split over some of the problems, with few mutants, so that it takes a moment. */
async function sampleTexts(options: FunctionCorrectnessOptions, directory?: string): Promise<string[]> {
  const all = await problemsOf(options, directory);
  const few = all.filter((_, i) => i % Math.ceil(all.length / 12) === 0);
  const small = { ...options, trainExamples: 100, validationExamples: 1, heldOutShare: 0, mutants: 12 };
  const sandbox = createSandbox({ threads: 1 });
  const { signal } = new AbortController();
  try {
    const context = { seed: 0, threads: 1, progress: () => {}, signal };
    const { splits } = await generateDataset(few, small, context, sandbox);
    return splits.train.map(({ text }) => text);
  } finally {
    await sandbox.close();
  }
}
