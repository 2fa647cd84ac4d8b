import type { Finding, InspectionRecord, ShareEstimate } from '../../core/inspection.ts';
import { answerWord, assumptionWord } from '../answer-words.ts';
import { formatShareEstimate } from '../format.ts';
import type { TerminalOptions } from '../render-terminal.ts';
import { categoryLines } from '../terminal/categories.ts';
import { labelledLines } from '../terminal/labelled.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';
import { paragraph, rule } from '../terminal/paragraph.ts';
import { proseWidth } from '../terminal/prose-width.ts';
import { wrap } from '../terminal/text-width.ts';

/** Of one finding; the page has them all. */
const inShort = { most: 6, full: 'inspection.html' };

/** An inspection as lines for a terminal, the verdict first. Ends with a newline. */
export function renderInspectionTerminal(record: InspectionRecord, options: TerminalOptions = {}): string {
  const width = proseWidth(options);
  const paint = createPaint(options.color ?? false);
  const { data, features, findings, fakeShare, verdict, advice, notes, seed } = record;
  const heading = [data.name, features, `seed ${seed}`].join(' · ');
  const parts = [
    [
      ...wrap(heading, width).map((line) => paint('dim', line)),
      '',
      ...wrap(verdict.summary, width).map((line) => paint('bold', line)),
      ...verdict.reasons.flatMap((reason) => paragraph(reason, width, '  · ')),
    ],
    categoryLines(data, width, notes),
    [
      paint('dim', rule('findings', width)),
      ...join(findings.map((finding) => findingLines(withoutShares(finding, fakeShare), width, paint))),
    ],
    [
      paint('dim', rule('share of fakes among untrusted positives', width)),
      ...paragraph(`All methods together: ${formatShareEstimate(fakeShare.combined)}`, width),
      ...fakeShare.methods.flatMap((method) => ['', ...methodLines(method, width)]),
    ],
    advice.length === 0 ? [] : [paint('dim', rule('what to do next', width)), ...adviceLines(advice, width)],
  ];
  return `${join(parts.filter((lines) => lines.length > 0)).join('\n')}\n`;
}

/** What the part on shares says with its assumptions need not be said before. */
function withoutShares(finding: Finding, { combined, methods }: InspectionRecord['fakeShare']): Finding {
  const shares = [combined, ...methods.map(({ estimate }) => estimate)].map((estimate) => JSON.stringify(estimate));
  return {
    ...finding,
    estimates: finding.estimates.filter(({ estimate }) => !shares.includes(JSON.stringify(estimate))),
  };
}

function findingLines({ question, answer, text, estimates }: Finding, width: number, paint: Paint): string[] {
  const asked = wrap(`${question} ${answerWord(answer)}.`, width).map((line) => paint('bold', line));
  return [...asked, ...paragraph(text, width, '  '), ...labelledLines(estimates, width, inShort)];
}

function methodLines(method: ShareEstimate, width: number): string[] {
  return [
    ...wrap(`${method.title}: ${formatShareEstimate(method.estimate)}`, width),
    ...paragraph(`Assumes: ${method.assumption} ${assumptionWord(method)}`, width, '  '),
  ];
}

function adviceLines(advice: readonly string[], width: number): string[] {
  return advice.flatMap((one, i) => paragraph(one, width, `${String(i + 1).padStart(2)}. `));
}

/** Blocks with an empty line between them. */
function join(blocks: readonly (readonly string[])[]): string[] {
  return blocks.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}
