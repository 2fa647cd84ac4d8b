import { counted } from '../category-grid.ts';
import type { TerminalOptions } from '../render-terminal.ts';
import { createPaint } from '../terminal/paint.ts';
import { paragraph, rule } from '../terminal/paragraph.ts';
import { proseWidth } from '../terminal/prose-width.ts';
import { wrap } from '../terminal/text-width.ts';
import { alarmHeadline, alarmWords } from './alarm-words.ts';
import type { ScoringSummary } from './scoring-summary.ts';
import { suspectLines } from './suspect-lines.ts';

/** What a saved detector said of new data, as lines for a terminal. Ends with a newline. */
export function renderScoringTerminal(summary: ScoringSummary, options: TerminalOptions = {}): string {
  const width = proseWidth(options);
  const paint = createPaint(options.color ?? false);
  const { data, detector, alarm, suspects } = summary;
  const heading = [data.name, counted(data.rows, 'row'), detector.techniques[0], detector.model].join(' · ');
  const shown = suspectLines(suspects, width, 'detections.csv has every row.');
  const notes = notesOn(data);
  const lines = [
    ...wrap(heading, width).map((line) => paint('dim', line)),
    '',
    ...wrap(alarmHeadline(alarm), width).map((line) => paint('bold', line)),
    ...alarmWords(alarm).flatMap((words) => paragraph(words, width, '  · ')),
    ...paragraph(
      `That holds as far as real positives here are like the trusted positives of ${detector.trainedOn}.`,
      width,
      '  · ',
    ),
    ...notes.flatMap((words) => paragraph(words, width, '  · ')),
    ...(shown.length === 0 ? [] : ['', paint('dim', rule('read these first', width)), ...shown]),
  ];
  return `${lines.join('\n')}\n`;
}

function notesOn({ rejected, unmeasured }: ScoringSummary['data']): string[] {
  return [
    ...(rejected > 0 ? [`${counted(rejected, 'row')} could not be read; see rejected.jsonl.`] : []),
    ...(unmeasured > 0
      ? [`${counted(unmeasured, 'row')} without any measurement: no claim to doubt, so a score and no p-value.`]
      : []),
  ];
}
