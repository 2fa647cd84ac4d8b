import { z } from 'zod';
import type { Setting } from '../../core/settings.ts';
import { bit, parseCells } from '../../data-files/parse-cells.ts';
import type { TextOptions } from '../weak-to-strong-text/text-options.ts';
import { createTextSetting } from '../weak-to-strong-text/text-setting.ts';

const columns = z.object({ passage: z.string().min(1), question: z.string().min(1), answer: bit });

/** Yes-or-no questions about a passage; the validation split is judged. */
export const boolq: Setting<TextOptions> = createTextSetting({
  id: 'boolq',
  title: 'Questions about a passage: is the answer yes?',
  hub: { id: 'google/boolq' },
  testSplit: 'validation',
  format(row) {
    const next = 'Give the columns passage, question and answer.';
    const { passage, question, answer } = parseCells(columns, row, 'a question of boolq', next);
    const text = `Passage: ${passage}\nQuestion: ${question}`;
    return { text, groundTruth: answer, pair: { prompt: text, negative: ' no', positive: ' yes' }, passage };
  },
});
