import { z } from 'zod';
import type { Setting } from '../../core/settings.ts';
import { parseCells, quantity } from '../../data-files/parse-cells.ts';
import type { TextOptions } from '../weak-to-strong-text/text-options.ts';
import { createTextSetting } from '../weak-to-strong-text/text-setting.ts';

const answer = z.string().min(1);
const columns = z
  .object({
    context: z.string().min(1),
    question: z.string().min(1),
    answer0: answer,
    answer1: answer,
    answer2: answer,
    answer3: answer,
    label: quantity.pipe(z.int().min(0).max(3)),
  })
  .transform(({ context, question, answer0, answer1, answer2, answer3, label }) => {
    const answers = [answer0, answer1, answer2, answer3];
    const right = answers[label] as string;
    return { context, question, right, wrong: answers.filter((other) => other !== right) };
  })
  .refine(({ wrong }) => wrong.length > 0, 'expected an answer other than the right one');

/** An answer that is right everywhere it occurs would tell by its words alone. */
const noneOfThese = 'None of the above choices .';

/** Questions about a story with an answer; where none of the answers is right, a wrong one is shown. The validation split is judged. */
export const cosmosQa: Setting<TextOptions> = createTextSetting({
  id: 'cosmos-qa',
  title: 'Questions about a story: is the answer right?',
  hub: { id: 'allenai/cosmos_qa', revision: 'refs/convert/parquet' },
  testSplit: 'validation',
  format(row, rng) {
    const next = 'Give the columns context, question, answer0 to answer3 and label.';
    const { context, question, right, wrong } = parseCells(columns, row, 'a question of cosmos_qa', next);
    const groundTruth = right.includes(noneOfThese) ? false : rng.chance(0.5);
    const drawn = rng.choice(wrong);
    const [shown, other] = groundTruth ? [right, drawn] : [drawn, right];
    const prompt = `Context: ${context}\nQuestion: ${question}\nAnswer:`;
    return {
      text: `${prompt} ${shown}`,
      groundTruth,
      pair: { prompt, negative: ` ${other}`, positive: ` ${shown}` },
      about: [prompt],
      passage: context,
    };
  },
});
