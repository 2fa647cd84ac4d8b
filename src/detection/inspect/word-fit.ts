import { createRng } from '../../core/random.ts';
import { fitSparseLogisticRegression, sparseDecision } from '../../solvers/sparse-logistic-regression.ts';
import { type BagOfWords, learnBagOfWords } from '../../techniques/shared/bag-of-words.ts';
import type { TrainClassifier } from './cross-fit.ts';
import type { InspectView } from './inspect-view.ts';

/** Words that tell two kinds of examples apart, the strongest first. */
export interface TellingWords {
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

const strength = { l2: 1e-3, tolerance: 1e-5, smallestDecrease: 1e-7 };
const mostTexts = 2000;
const shown = 6;

/** Logistic regression on the texts' bare words: what could be told without any model of language. */
export function wordFit({ examples }: InspectView): TrainClassifier {
  const textsOf = (positions: readonly number[]) => positions.map((i) => examples[i]?.text as string);
  return async (train, classes) => {
    const bag = bagOf(textsOf(train));
    const fitted = await fitSparseLogisticRegression(bag.encode(textsOf(train)), classes, strength);
    return (positions) => sparseDecision(bag.encode(textsOf(positions)), fitted);
  };
}

/** Whether the examples have texts with words at all. */
export function hasWords({ examples }: InspectView): boolean {
  return examples.some(({ text }) => /\p{L}/u.test(text));
}

/** The words that weigh most in telling `yes` from `no`, each by its weight times how much it varies. */
export async function tellingWords(
  view: InspectView,
  yes: readonly number[],
  no: readonly number[],
): Promise<TellingWords> {
  if (!hasWords(view) || Math.min(yes.length, no.length) < 10) return { yes: [], no: [] };
  const rng = createRng(view.seed, 'telling-words');
  const kinds = [yes, no].map((kind) => (kind.length > mostTexts ? rng.sample(kind, mostTexts) : kind));
  const texts = kinds.flat().map((i) => view.examples[i]?.text as string);
  const classes = kinds.flatMap((kind, k) => kind.map(() => k === 0));
  const bag = bagOf(texts);
  const { indices, values } = bag.encode(texts);
  const { weights } = await fitSparseLogisticRegression(bag.encode(texts), classes, strength);
  const size = new Float64Array(bag.words.length);
  indices.forEach((column, k) => {
    size[column] = (size[column] as number) + (values[k] as number) / texts.length;
  });
  const pull = weights.map((weight, column) => weight * Math.sqrt(size[column] as number));
  return { yes: strongest(bag, pull, 1), no: strongest(bag, pull, -1) };
}

function strongest({ words }: BagOfWords, pull: Float64Array, sign: number): readonly string[] {
  return [...words.keys()]
    .filter((column) => sign * (pull[column] as number) > 1e-3 && /\p{L}/u.test(words[column] as string))
    .sort((a, b) => sign * ((pull[b] as number) - (pull[a] as number)))
    .slice(0, shown)
    .map((column) => words[column] as string);
}

function bagOf(texts: readonly string[]): BagOfWords {
  const minimumTexts = texts.length < 200 ? 2 : 5;
  return learnBagOfWords(texts, { bigrams: false, values: 'log-count', minimumTexts, features: 2000 });
}
