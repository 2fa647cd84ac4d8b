import { z } from 'zod';
import type { Setting } from '../../core/settings.ts';
import { bit, parseCells } from '../../data-files/parse-cells.ts';
import type { TextOptions } from '../weak-to-strong-text/text-options.ts';
import { createTextSetting } from '../weak-to-strong-text/text-setting.ts';

const columns = z.object({ title: z.string().default(''), content: z.string().min(1), label: bit });

/** Product reviews, positive or negative. Of the training rows on the hub, the first file alone has 900,000. */
export const amazonPolarity: Setting<TextOptions> = createTextSetting({
  id: 'amazon-polarity',
  title: 'Product reviews: is the review positive?',
  hub: { id: 'fancyzhx/amazon_polarity' },
  firstFiles: /train-00000-|train[\\/]0000\.parquet$/,
  testSplit: 'test',
  format(row) {
    const next = 'Give the columns title, content and label.';
    const { title, content, label } = parseCells(columns, row, 'a review of amazon_polarity', next);
    const text = `${title} ${content}`;
    const prompt = `${text}\nThe sentiment of this review is`;
    return { text, groundTruth: label, pair: { prompt, negative: ' negative', positive: ' positive' } };
  },
});
