import { z } from 'zod';
import type { Setting } from '../../core/settings.ts';
import { parseCells } from '../../data-files/parse-cells.ts';
import type { TextOptions } from '../weak-to-strong-text/text-options.ts';
import { createTextSetting } from '../weak-to-strong-text/text-setting.ts';

const columns = z
  .object({
    question: z.string().min(1),
    correct_answer: z.string().min(1),
    distractor1: z.string().default(''),
    distractor2: z.string().default(''),
    distractor3: z.string().default(''),
  })
  .transform(({ question, correct_answer: right, distractor1, distractor2, distractor3 }) => {
    const isWrong = (answer: string) => answer !== '' && answer.toLowerCase() !== right.toLowerCase();
    return { question, right, wrong: [distractor1, distractor2, distractor3].filter(isWrong) };
  })
  .refine(({ wrong }) => wrong.length > 0, 'expected a distractor that is not the correct answer');

/** Science questions with an answer that is right half of the time, else a distractor. The pair has both answers. */
export const sciq: Setting<TextOptions> = createTextSetting({
  id: 'sciq',
  title: 'Science questions: is the answer right?',
  hub: { id: 'allenai/sciq' },
  testSplit: 'test',
  format(row, rng) {
    const next = 'Give the columns question, correct_answer and distractor1 to distractor3.';
    const { question, right, wrong } = parseCells(columns, row, 'a question of sciq', next);
    const groundTruth = rng.chance(0.5);
    const distractor = rng.choice(wrong);
    const [shown, other] = groundTruth ? [right, distractor] : [distractor, right];
    const prompt = `Q: ${question} A:`;
    return {
      text: `${prompt} ${shown}`,
      groundTruth,
      pair: { prompt, negative: ` ${other}`, positive: ` ${shown}` },
      about: [question],
    };
  },
});
