import type { LabelledEstimate } from '../../core/inspection.ts';
import { answerWord } from '../answer-words.ts';
import type { TerminalOptions } from '../render-terminal.ts';
import { categoryLines } from '../terminal/categories.ts';
import { labelledLines } from '../terminal/labelled.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';
import { paragraph, rule } from '../terminal/paragraph.ts';
import { proseWidth } from '../terminal/prose-width.ts';
import { wrap } from '../terminal/text-width.ts';
import { alarmHeadline, alarmWords } from './alarm-words.ts';
import type { DetectionView } from './detection-view.ts';
import { suspectLines } from './suspect-lines.ts';

/** A detection as lines for a terminal: what was flagged, what to read first, what the alarm may be believed. Ends with a newline. */
export function renderDetectionTerminal(view: DetectionView, options: TerminalOptions = {}): string {
  const width = proseWidth(options);
  const paint = createPaint(options.color ?? false);
  const { record, review, suspects } = view;
  const { data, exchangeability, judged = [], notes } = record;
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [paint('dim', rule(title, width)), ...lines];
  const parts = [
    opening(view, width, paint),
    categoryLines(data, width),
    part('read these first', suspectLines(suspects, width, 'detection.html has the texts in full.')),
    part('can the alarm be believed?', [
      ...wrap('Are trusted positives like untrusted real ones?', width - 13).map((line) => paint('bold', line)),
      ...paragraph(`${answerWord(exchangeability.answer)}. ${exchangeability.text}`, width, '  '),
      ...labelledLines(exchangeability.estimates, width),
    ]),
    part('technique', techniqueLines(view, width)),
    part('checked by a person', review === null ? [] : reviewLines(review.sentence, review.estimates, width)),
    part('against ground truth, which nothing above saw', labelledLines(judged, width)),
    part(
      'notes',
      notes.flatMap((note) => paragraph(note, width, '  · ')),
    ),
  ];
  const blocks = parts.filter((lines) => lines.length > 0);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function opening({ record: { data, model, alarm, seed } }: DetectionView, width: number, paint: Paint): string[] {
  return [
    ...wrap([data.name, model, `seed ${seed}`].join(' · '), width).map((line) => paint('dim', line)),
    '',
    ...wrap(alarmHeadline(alarm), width).map((line) => paint('bold', line)),
    ...alarmWords(alarm).flatMap((words) => paragraph(words, width, '  · ')),
  ];
}

function techniqueLines({ record: { techniques, choice } }: DetectionView, width: number): string[] {
  const names = techniques.map(({ id, title }, i) =>
    paragraph(`${id}: ${title}${i === 0 && techniques.length > 1 ? ' (sets the alarm)' : ''}`, width, '  · '),
  );
  return [...wrap(choice, width), ...names.flat()];
}

function reviewLines(sentence: string, estimates: readonly LabelledEstimate[], width: number): string[] {
  return [...wrap(sentence, width), ...labelledLines(estimates, width)];
}
