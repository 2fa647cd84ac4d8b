/**
 * Arithmetic reasoning, a weak-to-strong setting (methods.md 3.1): statements of sums, products, chains and comparisons with
 * their working, half of them wrong by a near miss. A weak supervisor learns from few examples whether a statement is
 * right; the strong model has read right workings first, so that it knows more arithmetic than its supervisor.
 */
import { countBySplit } from '../../core/count-categories.ts';
import type { Example } from '../../core/examples.ts';
import type { Dataset, Setting, SettingContext } from '../../core/settings.ts';
import { supervisedOutlook } from '../supervised-outlook.ts';
import { type ArithmeticReasoningOptions, arithmeticReasoningOptions } from './options.ts';
import { createStatements, type Statement, type Wanted } from './statements.ts';

/** Mean tokens of a text with two digits and three terms, and processor time per statement or line of the corpus. */
const meanTokens = { lines: 16, reversed: 16, plain: 12 };
const secondsPerText = 2e-5;

export const arithmeticReasoning: Setting<ArithmeticReasoningOptions> = {
  id: 'arithmetic-reasoning',
  title: 'Arithmetic reasoning',
  source: 'methods.md 3.1; Burns et al. 2023, "Weak-to-Strong Generalization", arXiv 2312.09390',
  structures: ['untrusted-examples', 'contrast-pairs', 'paraphrases', 'difficulty-order'],
  options: arithmeticReasoningOptions,
  offers: ({ wordings }) => arithmeticReasoning.structures.filter((id) => id !== 'paraphrases' || wordings > 1),
  wantsSupervisor: true,
  bringsCorpus: true,
  load,
  outlook: (options) =>
    supervisedOutlook(options, { judgedSplits: 2, meanTokens: meanTokens[options.layout], secondsPerText }),
  sampleTexts: async (options) =>
    statementsOf(0, options)
      .statements(halfRight(100), { hard: false, label: 'train' })
      .map(({ text }) => text),
};

async function load(options: ArithmeticReasoningOptions, { seed, signal }: SettingContext): Promise<Dataset> {
  signal.throwIfAborted();
  const source = statementsOf(seed, options);
  const examples = (split: string, count: number, hard = false) =>
    source.statements(halfRight(count), { hard, label: split }).map((statement, i) => exampleOf(statement, split, i));
  const supervisorExamples = examples('supervisor', options.supervisorExamples);
  const splits = {
    train: examples('train', options.trainExamples),
    test: examples('test', options.testExamples),
    hard: examples('hard', options.testExamples, true),
  };
  return {
    setting: arithmeticReasoning.id,
    seed,
    measurementNames: [],
    splits,
    supervisorExamples,
    corpus: source.corpus(),
    notes: {
      counts: countBySplit(splits),
      dropped: {},
      relabelled: {},
      heldOut: { test: 'expressions', hard: 'expressions' },
    },
  };
}

function statementsOf(seed: number, options: ArithmeticReasoningOptions) {
  return createStatements(seed, arithmeticReasoning.id, options);
}

function halfRight(count: number): Wanted[] {
  return Array.from({ length: count }, (_, i) => ({ right: i % 2 === 0 }));
}

function exampleOf({ text, pairs, difficulty, right, fault }: Statement, split: string, index: number): Example {
  const id = `${split}-${String(index).padStart(5, '0')}`;
  return { id, text, pairs, measurements: [], trusted: false, groundTruth: right, difficulty, kind: fault ?? 'right' };
}
