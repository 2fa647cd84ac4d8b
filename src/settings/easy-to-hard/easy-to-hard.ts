/**
 * Easy to hard: statements of worked arithmetic, measured by a checker that looks only at the last digit of the result.
 * Easy training examples are those on which the checker is right, and are trusted; of the hard ones it lets pass what is
 * wrong further to the left. So supervision is right where examples are easy and wrong in a systematic way where they
 * are hard (the simulated weak errors of methods.md 3.7, the AE→BH shift of 8.6).
 */
import { countBySplit } from '../../core/count-categories.ts';
import type { Example } from '../../core/examples.ts';
import { createRng } from '../../core/random.ts';
import type { Dataset, Setting, SettingContext, SettingOutlook } from '../../core/settings.ts';
import { apportion } from '../apportion.ts';
import { createStatements, type Statement, type Wanted } from '../arithmetic-reasoning/statements.ts';
import { mistakes } from '../arithmetic-reasoning/wrong-results.ts';
import { shownStructures } from '../shown-structures.ts';
import { type EasyToHardOptions, easyToHardOptions, formsWithDigits } from './options.ts';

export const easyToHard: Setting<EasyToHardOptions> = {
  id: 'easy-to-hard',
  title: 'Easy to hard',
  source: 'methods.md 3.7 and 8.6; Burns et al. 2023, arXiv 2312.09390; Mallen et al. 2023, arXiv 2312.01037',
  structures: ['trusted-subset', 'untrusted-examples', 'contrast-pairs', 'paraphrases', 'difficulty-order'],
  options: easyToHardOptions,
  offers: (options) =>
    shownStructures(easyToHard.structures, trainingCategories(options)).filter(
      (id) => id !== 'paraphrases' || options.wordings > 1,
    ),
  bringsCorpus: true,
  load,
  outlook,
  sampleTexts: async (options) => trainingOf(statementsOf(0, options), few(options), 0).map(({ text }) => text),
};

async function load(options: EasyToHardOptions, { seed, signal }: SettingContext): Promise<Dataset> {
  signal.throwIfAborted();
  const source = statementsOf(seed, options);
  const judged = (split: string, hard: boolean) =>
    source
      .statements(untrusted(options.testExamples, judgedShares(options)), { hard, label: split })
      .map((statement, i) => exampleOf(statement, { trusted: false, split, index: i }));
  const splits = {
    train: trainingOf(source, options, seed),
    hard: judged('hard', true),
    easy: judged('easy', false),
  };
  return {
    setting: easyToHard.id,
    seed,
    measurementNames: ['last-digit'],
    splits,
    corpus: source.corpus(),
    notes: {
      counts: countBySplit(splits),
      dropped: {},
      relabelled: {},
      heldOut: { hard: 'expressions', easy: 'expressions' },
    },
  };
}

type Source = ReturnType<typeof statementsOf>;

function statementsOf(seed: number, options: EasyToHardOptions) {
  return createStatements(seed, easyToHard.id, {
    ...options,
    mistakes,
    forms: formsWithDigits(options),
  });
}

function trainingOf(source: Source, options: EasyToHardOptions, seed: number): Example[] {
  const { easyExamples, hardExamples } = options;
  const easy = Array.from({ length: easyExamples }, (_, i) => ({ right: i % 2 === 0, lastDigitRight: false }));
  const statements = [
    ...source.statements(easy, { hard: false, label: 'train-easy' }),
    ...source.statements(untrusted(hardExamples, options), { hard: true, label: 'train-hard' }),
  ].map((statement, i) => ({ statement, trusted: i < easyExamples }));
  return createRng(seed, easyToHard.id, 'order')
    .shuffle(statements)
    .map(({ statement, trusted }, index) => exampleOf(statement, { trusted, split: 'train', index }));
}

/** Shares of untrusted examples whose last digit is right. */
interface Shares {
  readonly fakePositiveShare: number;
  readonly realPositiveShare: number;
}

function judgedShares(options: EasyToHardOptions): Shares {
  return {
    fakePositiveShare: options.validationFakePositiveShare,
    realPositiveShare: options.validationRealPositiveShare,
  };
}

/** Pairs agree in their last digits where the checker lets pass, right or wrong, so that they tell no more than it does. */
function untrusted(count: number, shares: Shares): Wanted[] {
  const counts = countUntrusted(count, shares);
  return [...counts].flatMap(([category, own]) =>
    Array.from({ length: own }, () => ({
      right: category === 'real-positive',
      lastDigitRight: category !== 'all-negative',
    })),
  );
}

function countUntrusted(count: number, { fakePositiveShare, realPositiveShare }: Shares) {
  const rest = 1 - fakePositiveShare - realPositiveShare;
  return apportion(count, [
    ['fake-positive', fakePositiveShare],
    ['real-positive', realPositiveShare],
    ['all-negative', Math.max(0, rest)],
  ] as const);
}

interface Place {
  readonly trusted: boolean;
  readonly split: string;
  readonly index: number;
}

function exampleOf({ text, pairs, difficulty, right, fault, lastDigitRight }: Statement, place: Place): Example {
  const { trusted, split, index } = place;
  const id = `${split}-${String(index).padStart(5, '0')}`;
  const measurements = [lastDigitRight];
  return { id, text, pairs, measurements, trusted, groundTruth: right, difficulty, kind: fault ?? 'right' };
}

/** Mean tokens of a text with two digits and three terms, and processor time per statement or line of the corpus. */
const meanTokens = { lines: 18, reversed: 18, plain: 14 };
const secondsPerText = 2e-5;

function outlook(options: EasyToHardOptions): SettingOutlook {
  const { easyExamples, hardExamples, testExamples, corpusTexts, layout } = options;
  return {
    train: trainingCategories(options),
    corpus: corpusTexts,
    judged: 2 * testExamples,
    judgedSplits: 2,
    meanTokens: meanTokens[layout],
    seconds: (easyExamples + hardExamples + 2 * testExamples + corpusTexts) * secondsPerText,
  };
}

function trainingCategories(options: EasyToHardOptions): SettingOutlook['train'] {
  const { easyExamples, hardExamples } = options;
  const positive = Math.ceil(easyExamples / 2);
  return {
    'trusted-positive': positive,
    'trusted-negative': easyExamples - positive,
    ...Object.fromEntries(countUntrusted(hardExamples, options)),
  };
}

function few(options: EasyToHardOptions): EasyToHardOptions {
  const share = options.easyExamples / (options.easyExamples + options.hardExamples);
  const easyExamples = Math.round(100 * share);
  return { ...options, easyExamples, hardExamples: 100 - easyExamples };
}
