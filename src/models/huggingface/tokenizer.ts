import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { describe, expected, type UserError } from '../../core/errors.ts';
import { readJson } from './config-file.ts';

/** A checkpoint's tokenizer. */
export interface TextTokenizer {
  /** One more than the largest token id it knows. */
  readonly vocabulary: number;
  /**
   * Token ids of a text, with the special tokens that the checkpoint's own post-processor puts around one text (BERT:
   * [CLS] and [SEP], Llama 3: the beginning-of-text token, GPT-2: none) and no others. A text without tokens becomes
   * its end, beginning or padding token, the first of these that the tokenizer names, since a model cannot read nothing.
   * @throws UserError when the tokenizer has no token for a part of the text.
   */
  encode(text: string): Int32Array;
  /** The text of token ids, without special tokens; as exact as the tokenizer allows. */
  decode(ids: ArrayLike<number>): string;
}

export const tokenizerFiles = { tokenizer: 'tokenizer.json', config: 'tokenizer_config.json' } as const;

/**
 * The tokenizer in a checkpoint's directory, `tokenizer.json` with `tokenizer_config.json` where there is one.
 * @param vocabulary token ids that the model can embed; 0 ≤ id < vocabulary.
 * @throws UserError naming the file when it is absent, damaged, of a kind that cannot be built, or does not fit the model.
 */
export async function openTokenizer(directory: string, vocabulary: number): Promise<TextTokenizer> {
  const file = join(directory, tokenizerFiles.tokenizer);
  const record = parse(tokenizerSchema, await readJson(file), file);
  const known = requireFit(record, vocabulary, file);
  const configFile = join(directory, tokenizerFiles.config);
  const config = existsSync(configFile) ? parse(configSchema, await readJson(configFile), configFile) : {};
  const tokenizer = build(record, config, file);
  const idOf = (id: unknown, text: string) => {
    if (Number.isInteger(id) && (id as number) >= 0 && (id as number) < known) return id as number;
    throw invalidTokenizer(file, `able to encode ${describe(text)}`, `the token id ${id}`);
  };
  const whole = (text: string) =>
    Int32Array.from(
      attempt(() => tokenizer.encode(text).ids, file),
      (id) => idOf(id, text),
    );
  const nothing = () => Int32Array.of(idOf(emptyTextId(tokenizer, config), ''));
  const spaces = { clean_up_tokenization_spaces: config.clean_up_tokenization_spaces ?? false };
  return {
    vocabulary: known,
    encode: (text) => {
      const ids = whole(text);
      return ids.length > 0 ? ids : nothing();
    },
    decode: (ids) => {
      if (ids.length === 0) return '';
      return attempt(() => tokenizer.decode(Array.from(ids), { skip_special_tokens: true, ...spaces }), file);
    },
  };
}

const id = z.int().min(0);
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id, content: z.string().min(1) })).default([]),
  model: z.looseObject({
    type: z.enum(['BPE', 'WordPiece', 'Unigram', 'WordLevel']).optional(),
    /** Token → id, or for Unigram pairs of token and score, whose places are the ids. */
    vocab: z.union([z.record(z.string(), id), z.array(z.tuple([z.string(), z.number()]))]),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).optional(),
  }),
});
type TokenizerRecord = z.infer<typeof tokenizerSchema>;

const special = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const configSchema = z.looseObject({
  clean_up_tokenization_spaces: z.boolean().nullish(),
  eos_token: special,
  bos_token: special,
  pad_token: special,
  unk_token: special,
});
type TokenizerConfig = z.infer<typeof configSchema> | Record<string, undefined>;

function parse<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues[0];
  throw invalidTokenizer(file, 'a tokenizer', `${problem?.path.join('.')}: ${problem?.message}`);
}

/** One more than the largest id. Checked before the tokenizer is built, whose tables are as long as its largest id. */
function requireFit({ model, added_tokens }: TokenizerRecord, vocabulary: number, file: string): number {
  const tokens: [string, number][] = Array.isArray(model.vocab)
    ? model.vocab.map(([token], place) => [token, place])
    : Object.entries(model.vocab);
  let largest: [string, number] = ['', -1];
  for (const [token, place] of [...tokens, ...added_tokens.map((added) => [added.content, added.id] as const)]) {
    if (place > largest[1]) largest = [token, place];
  }
  if (largest[1] < vocabulary) return largest[1] + 1;
  const wanted = `below ${vocabulary}, the token ids that the model can embed`;
  const next = 'Use the tokenizer that the model was trained with, or resize the model.';
  throw expected('tokenizer-misfit', `the id of token ${describe(largest[0])} in ${file}`, wanted, largest[1], next);
}

function build(record: TokenizerRecord, config: TokenizerConfig, file: string): Tokenizer {
  return attempt(() => new Tokenizer(record, config), file);
}

/** The library throws plain errors of many kinds at records that do not make sense. */
function attempt<T>(act: () => T, file: string): T {
  try {
    return act();
  } catch (error) {
    throw invalidTokenizer(file, 'a tokenizer that can be built', error);
  }
}

function emptyTextId(tokenizer: Tokenizer, config: TokenizerConfig): number | undefined {
  for (const token of [config.eos_token, config.bos_token, config.pad_token]) {
    const content = typeof token === 'object' ? token?.content : token;
    const found = content === undefined ? undefined : tokenizer.token_to_id(content);
    if (found !== undefined) return found;
  }
  return undefined;
}

function invalidTokenizer(thing: string, wanted: string, got: unknown): UserError {
  return expected('invalid-tokenizer', thing, wanted, got, 'Save or fetch the tokenizer again.');
}
