import type { Dataset } from '../../core/settings.ts';
import type { Tokenizer } from '../../models/tokenizer.ts';
import { type TokenizerConfig, trainTokenizer } from '../../models/tokenizer-training.ts';

/** The tokenizer of a dataset: learned from its training texts and its corpus. */
export function tokenizerOf({ splits, corpus = [] }: Dataset, config: TokenizerConfig): Tokenizer {
  return trainTokenizer([...splits.train.map(({ text }) => text), ...corpus], config);
}
