import { answerWord } from '../answer-words.ts';
import { formatValue } from '../format.ts';
import { categoryBlocks } from '../markdown/categories.ts';
import { estimateTable } from '../markdown/estimates.ts';
import { fenced, plain, table } from '../markdown/text.ts';
import { alarmHeadline, alarmWords, formatPValue } from './alarm-words.ts';
import type { DetectionView, Suspect } from './detection-view.ts';

/** How many suspects, and how many characters of each. */
const [suspectLimit, textLimit] = [20, 4000];

/** A detection's words and tables as Markdown (GitHub's dialect); every text in it is escaped. Ends with a newline. */
export function renderDetectionMarkdown(view: DetectionView): string {
  const { record, review, suspects } = view;
  const { data, model, alarm, exchangeability, judged = [], techniques, choice, notes, seed } = record;
  const blocks = [
    `# ${plain(`Which positives in ${data.name} can be believed?`)}`,
    plain([model, `seed ${seed}`].join(' · ')),
    `**${plain(alarmHeadline(alarm))}**`,
    bullets(alarmWords(alarm)),
    '## Read these first',
    ...suspects.slice(0, suspectLimit).map(suspectBlock),
    ...(review === null ? [] : ['## Checked by a person', plain(review.sentence), estimateTable(review.estimates)]),
    '## Can the alarm be believed?',
    `${answerWord(exchangeability.answer)}. ${plain(exchangeability.text)}`,
    estimateTable(exchangeability.estimates),
    ...(judged.length === 0 ? [] : ['## Against ground truth', estimateTable(judged)]),
    '## Technique',
    plain(choice),
    table(
      ['Technique', 'Title', 'Source'],
      techniques.map(({ id, title, source }) => [id, title, source]),
    ),
    ...(notes.length === 0 ? [] : ['## Notes', bullets(notes)]),
    ...categoryBlocks(data),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function suspectBlock({ rank, id, pValue, score, flagged, text, missing }: Suspect): string {
  const about = `${rank}. ${plain(id)}, p ${formatPValue(pValue)}, score ${formatValue(score)}${flagged ? ', flagged' : ''}`;
  const left = Math.max(0, text.length - textLimit) + missing;
  const kept = text.slice(0, textLimit).toWellFormed();
  return `${about}\n\n${fenced(left > 0 ? `${kept}\n… (${left} more characters)` : kept)}`;
}

function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${plain(sentence)}`).join('\n');
}
