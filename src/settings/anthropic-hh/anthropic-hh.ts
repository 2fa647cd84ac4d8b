import { z } from 'zod';
import type { ContrastPair } from '../../core/examples.ts';
import type { Setting } from '../../core/settings.ts';
import { parseCells } from '../../data-files/parse-cells.ts';
import type { FormattedText } from '../weak-to-strong-text/text-format.ts';
import { type TextOptions, textOptions } from '../weak-to-strong-text/text-options.ts';
import { createTextSetting } from '../weak-to-strong-text/text-setting.ts';

const columns = z.object({ chosen: z.string().min(1), rejected: z.string().min(1) });
const lastTurn = '\n\nAssistant:';

/**
 * Conversations whose last answer was preferred to another one, or was not. As published, the text is one conversation
 * alone, of which nobody could tell whether a better one was to be had; with `pairwise` it shows both answers.
 */
export const anthropicHh: Setting<TextOptions> = createTextSetting({
  id: 'anthropic-hh',
  title: 'Conversations: is this the preferred one?',
  hub: { id: 'Anthropic/hh-rlhf', revision: 'refs/convert/parquet' },
  testSplit: 'test',
  options: textOptions.extend({
    pairwise: z.boolean().default(false).describe('Show both answers and ask whether the second is the preferred one.'),
  }),
  drops: ['same-answer-twice'],
  format(row, rng, { pairwise }) {
    const next = 'Give the columns chosen and rejected.';
    const { chosen, rejected } = parseCells(columns, row, 'a comparison of hh-rlhf', next);
    if (chosen === rejected) return 'same-answer-twice';
    const groundTruth = rng.chance(0.5);
    const [shown, other] = groundTruth ? [chosen, rejected] : [rejected, chosen];
    const pair = pairOf(other, shown);
    // The other answer is in the pair, so that a comparison must not come twice, whichever answer is shown.
    const comparison = [chosen, rejected].sort().join('\n');
    if (!pairwise) return { text: shown, groundTruth, pair, about: [comparison, shown] };
    return { ...bothAnswers(pair), groundTruth, about: [comparison] };
  },
});

/** What the two conversations have in common, up to the answers in which they differ. */
function pairOf(negative: string, positive: string): ContrastPair {
  let same = 0;
  while (same < negative.length && negative[same] === positive[same]) same++;
  const turn = negative.slice(0, same).lastIndexOf(lastTurn);
  const end = turn < 0 ? 0 : turn + lastTurn.length;
  return { prompt: negative.slice(0, end), negative: negative.slice(end), positive: positive.slice(end) };
}

function bothAnswers({ prompt, negative, positive }: ContrastPair): Pick<FormattedText, 'text' | 'pair'> {
  const text = `${prompt}\n\nAnswer A:${negative}\n\nAnswer B:${positive}\n\nThe better answer is`;
  return { text, pair: { prompt: text, negative: ' A', positive: ' B' } };
}
