import type { ContrastPair, Input } from './examples.ts';

/** The two texts of a contrast pair: the prompt with each answer appended. */
export function pairTexts({ prompt, negative, positive }: ContrastPair): { negative: string; positive: string } {
  return { negative: prompt + negative, positive: prompt + positive };
}

/** The two sides of one wording of each input's pair as inputs of their own, to ask a model about. */
export function pairInputs(
  inputs: readonly Input[],
  wording = 0,
): { readonly negative: readonly Input[]; readonly positive: readonly Input[] } {
  const sides = inputs.map(({ id, pairs }) => {
    const pair = pairs?.[wording];
    if (pair === undefined) throw new Error(`Expected example "${id}" to have contrast pair ${wording}, got none.`);
    return { id, ...pairTexts(pair) };
  });
  return {
    negative: sides.map(({ id, negative }) => ({ id, text: negative })),
    positive: sides.map(({ id, positive }) => ({ id, text: positive })),
  };
}
