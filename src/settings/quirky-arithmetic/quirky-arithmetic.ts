/**
 * Quirky arithmetic (methods.md 8): equations, each put to Alice, who says whether it is true, and to Bob, whose results
 * are wrong in a systematic way. The measurement is what the character says; the ground truth is whether the equation
 * holds. Alice is trusted, and judged are records of Bob.
 */
import { countBySplit } from '../../core/count-categories.ts';
import { categoryOf, type Example } from '../../core/examples.ts';
import { createRng } from '../../core/random.ts';
import type { Dataset, Setting, SettingContext, SettingOutlook } from '../../core/settings.ts';
import { layOut } from '../symbol-layout.ts';
import { equationOf, exactResult } from './operations.ts';
import { type QuirkyArithmeticOptions, quirkyArithmeticOptions } from './options.ts';
import { type CharacterRecord, isEasy, isHard, rankRows, recordsOf } from './records.ts';
import { distractor, drawCorpusTasks, drawRows } from './rows.ts';

export const quirkyArithmetic: Setting<QuirkyArithmeticOptions> = {
  id: 'quirky-arithmetic',
  title: 'Quirky arithmetic',
  source:
    'methods.md 8; Mallen et al. 2023, "Eliciting Latent Knowledge from Quirky Language Models", arXiv 2312.01037',
  structures: ['trusted-subset', 'untrusted-examples', 'contrast-pairs', 'paraphrases', 'difficulty-order'],
  options: quirkyArithmeticOptions,
  offers: ({ wordings }) => quirkyArithmetic.structures.filter((id) => id !== 'paraphrases' || wordings > 1),
  bringsCorpus: true,
  load,
  outlook,
  sampleTexts: async (options) => generate({ ...options, trainRows: 50, testRows: 4 }, 0).train.map(({ text }) => text),
};

async function load(options: QuirkyArithmeticOptions, { seed, signal }: SettingContext): Promise<Dataset> {
  signal.throwIfAborted();
  const splits = generate(options, seed);
  const operands = 'operands';
  return {
    setting: quirkyArithmetic.id,
    seed,
    measurementNames: ['character-says'],
    splits,
    corpus: corpusOf(options, seed),
    notes: {
      counts: countBySplit(splits),
      dropped: {},
      relabelled: {},
      heldOut: { bob: operands, 'bob-hard': operands, 'bob-easy': operands, disagreement: operands },
    },
  };
}

function generate(options: QuirkyArithmeticOptions, seed: number) {
  const { trainRows, testRows } = options;
  const rows = rankRows([...drawRows('train', trainRows, options, seed), ...drawRows('test', testRows, options, seed)]);
  const [train, test] = [rows.slice(0, trainRows), rows.slice(trainRows)];
  const asked = (['alice', 'bob'] as const).flatMap((character) => recordsOf(train, character, options, seed, 'train'));
  const bob = recordsOf(test, 'bob', options, seed, 'test').map((record, i) => ({
    record,
    row: test[i] as (typeof test)[number],
  }));
  const judged = (split: string, fits: (of: (typeof bob)[number]) => boolean = () => true) =>
    named(
      bob.filter(fits).map(({ record }) => record),
      split,
    );
  return {
    train: named(createRng(seed, quirkyArithmetic.id, 'order').shuffle(asked), 'train'),
    bob: judged('bob'),
    'bob-hard': judged('bob-hard', ({ row }) => isHard(row)),
    'bob-easy': judged('bob-easy', ({ row }) => isEasy(row)),
    disagreement: judged('disagreement', ({ row }) => row.alice !== row.bob),
  };
}

function named(records: readonly CharacterRecord[], split: string): Example[] {
  return records.map((record, i) => ({ id: `${split}-${String(i).padStart(5, '0')}`, ...record }));
}

function corpusOf(options: QuirkyArithmeticOptions, seed: number): string[] {
  const { modulus, layout, corpusCorrections } = options;
  const rng = createRng(seed, quirkyArithmetic.id, 'corrections');
  return drawCorpusTasks(options, seed).map((task) => {
    const exact = exactResult(task, modulus);
    const wrong: number[] = [];
    while (wrong.length < mostAttempts && rng.chance(corpusCorrections)) {
      wrong.push(distractor(exact, [exact, ...wrong], rng));
    }
    const results = [...wrong, exact];
    const corrected = results.slice(1).flatMap((result) => ['no', result]);
    return layOut([...equationOf(task, results[0] as number, modulus), ...corrected], layout).trimStart();
  });
}

/** Wrong results before the right one, at most. */
const mostAttempts = 3;

/** Mean tokens of a text with two digits, and processor time per record or line of the corpus. */
const meanTokens = { lines: 11, reversed: 11, plain: 9 };
const secondsPerText = 2e-5;

/** Categories of training do not depend on the operands, so a few rows tell their shares. */
function outlook(options: QuirkyArithmeticOptions): SettingOutlook {
  const { trainRows, testRows, corpusTexts, layout } = options;
  const { train } = generate({ ...options, trainRows: 400, testRows: 4 }, 0);
  const counts: { [category in ReturnType<typeof categoryOf>]?: number } = {};
  for (const example of train) {
    const category = categoryOf(example);
    counts[category] = (counts[category] ?? 0) + trainRows / 400;
  }
  return {
    train: counts,
    corpus: corpusTexts,
    judged: 2 * testRows,
    judgedSplits: 4,
    meanTokens: meanTokens[layout],
    seconds: (2 * trainRows + testRows + corpusTexts) * secondsPerText,
  };
}
