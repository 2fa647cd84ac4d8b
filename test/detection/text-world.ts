import { aggregateMeasurement, type Example } from '../../src/core/examples.ts';
import type { Matrix } from '../../src/core/models.ts';
import type { OwnData } from '../../src/core/own-data.ts';
import { createRng } from '../../src/core/random.ts';
import { diamondVault } from '../../src/settings/diamond-vault/diamond-vault.ts';
import { functionCorrectness } from '../../src/settings/function-correctness/function-correctness.ts';
import { learnBagOfWords } from '../../src/techniques/shared/bag-of-words.ts';

/** A generated text world as a user's own data, with its 200 commonest words and pairs as features. */
export interface TextWorld {
  readonly data: OwnData;
  readonly rows: Matrix;
  /** True share of fakes among untrusted positives. */
  readonly share: number;
}

/**
 * Training examples of a setting; fakes are `fakePositiveShare` of the untrusted ones, real positives 40 %. `easy`: trusted
 * are the setting's own, which are easier or shorter than the others. `audited`: instead a person looked at a third of the
 * untrusted ones and trusts those whose measurements agree and are not fake.
 */
export async function textWorld(
  setting: 'diamond-vault' | 'function-correctness',
  seed: number,
  fakePositiveShare: number,
  trusted: 'easy' | 'audited',
  trainExamples = 1500,
): Promise<TextWorld> {
  const chosen = { trainExamples, validationExamples: 50, fakePositiveShare };
  const context = { seed, threads: 1, progress: () => {}, signal: new AbortController().signal };
  const dataset =
    setting === 'diamond-vault'
      ? await diamondVault.load(diamondVault.options.parse(chosen), context)
      : await functionCorrectness.load(functionCorrectness.options.parse(chosen), context);
  const { train } = dataset.splits;
  const examples = trusted === 'easy' ? train : audit(train, seed);
  const measurementNames = dataset.measurementNames;
  const name = `${setting} ${seed}`;
  const data = { name, measurementNames, examples, rows: examples.length, rejected: [], fingerprint: name };
  const positives = examples.filter(({ trusted, measurements }) => !trusted && !measurements.includes(false));
  const share = positives.filter(({ groundTruth }) => !groundTruth).length / positives.length;
  return { data, rows: wordRows(examples.map(({ text }) => text)), share };
}

function audit(train: readonly Example[], seed: number): readonly Example[] {
  const rng = createRng(seed, 'audit');
  return train.flatMap((example) => {
    if (example.trusted) return [];
    if (!rng.chance(1 / 3)) return [example];
    const agreeing = new Set(example.measurements.filter((bit) => bit !== null)).size === 1;
    return agreeing && example.groundTruth === aggregateMeasurement(example) ? [{ ...example, trusted: true }] : [];
  });
}

function wordRows(texts: readonly string[]): Matrix {
  const options = { bigrams: true, values: 'presence', minimumTexts: 10, features: 200 } as const;
  const bag = learnBagOfWords(texts, options);
  const { starts, indices } = bag.encode(texts);
  const data = new Float32Array(texts.length * bag.words.length);
  for (let i = 0; i < texts.length; i++) {
    for (let k = starts[i] as number; k < (starts[i + 1] as number); k++) {
      data[i * bag.words.length + (indices[k] as number)] = 1;
    }
  }
  return { rows: texts.length, columns: bag.words.length, data };
}
