/** What a model needs of a tokenizer, whoever made it. */
export interface TextTokenizer {
  /** Number of token ids; each is below it. */
  readonly vocabulary: number;
  /**
   * Token ids of a text, with the special tokens that the model expects around it; at least one. Of a text with more
   * than `atMost` ids, the first of them suffice.
   */
  encode(text: string, atMost?: number): ArrayLike<number>;
  /** The text that ids stand for. */
  decode(ids: ArrayLike<number>): string;
  /** How many of the ids at either end are special tokens, which a text that is cut to length keeps. @default none */
  readonly special?: { readonly before: number; readonly after: number };
}
