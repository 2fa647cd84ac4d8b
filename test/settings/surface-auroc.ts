import type { Example } from '../../src/core/examples.ts';
import { fitSparseLogisticRegression, sparseDecision } from '../../src/solvers/sparse-logistic-regression.ts';
import { auroc } from '../../src/stats/auroc.ts';
import { learnBagOfWords } from '../../src/techniques/shared/bag-of-words.ts';

/** AUROC, out of sample, of a logistic regression of ground truth on words and pairs of neighbouring words. */
export async function surfaceAuroc(train: readonly Example[], test: readonly Example[]): Promise<number> {
  const textsOf = (examples: readonly Example[]) => examples.map(({ text }) => text);
  const bag = learnBagOfWords(textsOf(train), { bigrams: true, values: 'log-count', minimumTexts: 5, features: 1000 });
  const targets = train.map(({ groundTruth }) => groundTruth);
  const fitted = await fitSparseLogisticRegression(bag.encode(textsOf(train)), targets, { l2: 1e-3 });
  const scores = sparseDecision(bag.encode(textsOf(test)), fitted);
  const estimate = auroc(
    scores,
    test.map(({ groundTruth }) => groundTruth),
  );
  return 'value' in estimate ? estimate.value : Number.NaN;
}
