import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { renderInspectionHtml } from '../../src/reports/inspection/render-inspection-html.ts';
import { renderInspectionMarkdown } from '../../src/reports/inspection/render-inspection-markdown.ts';
import { renderInspectionTerminal } from '../../src/reports/inspection/render-inspection-terminal.ts';
import { textWidth } from '../../src/reports/terminal/text-width.ts';
import { hostileInspection, inspection } from './detection-fixture.ts';

/** Without ends of lines and runs of blanks, as a sentence is compared. */
function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

const faces = {
  terminal: renderInspectionTerminal(inspection),
  Markdown: renderInspectionMarkdown(inspection).replaceAll('\\', ''),
  HTML: parseHTML(renderInspectionHtml(inspection)).document.documentElement.textContent ?? '',
};

describe.each(Object.entries(faces))('an inspection as %s', (_face, text) => {
  it('says verdict, reasons, findings with their numbers, shares with assumptions, and advice, in that order', () => {
    const { verdict, findings, fakeShare, advice } = inspection;
    const wanted = [
      verdict.summary,
      ...verdict.reasons,
      ...findings.flatMap(({ question, text: words }) => [question, words]),
      ...fakeShare.methods.map(({ assumption }) => assumption),
      ...advice,
    ];
    const places = wanted.map((words) => flat(text).indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('shows numbers with intervals, answers in words, and what cannot be computed with its reason', () => {
    const all = flat(text);
    expect(all).toContain('0.810 [0.760, 0.860]');
    expect(all).toContain('21.0 % [10.0 %, 32.0 %]');
    expect(all).toContain('Cannot tell');
    expect(all).toContain('undefined: reviewer-model is positive for every example');
    expect(all).toContain('The data speak against this.');
    expect(all).toContain('3 rows could not be read');
    expect(all).toContain('those that a row lacks are taken as absent');
    for (const count of ['210', '800', '340', '459', '178']) expect(all).toContain(count);
  });
});

describe('an inspection in a terminal', () => {
  it.each([80, 60, 40, 200])('fits %d columns', (width) => {
    for (const record of [inspection, hostileInspection()]) {
      const lines = renderInspectionTerminal(record, { width }).split('\n');
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(Math.min(width, 100));
    }
  });

  it('has colours only where they are asked for, and lets no text steer it', () => {
    expect(renderInspectionTerminal(inspection)).not.toContain('\u001b');
    expect(renderInspectionTerminal(inspection, { color: true })).toContain('\u001b[1m');
    expect(renderInspectionTerminal(hostileInspection())).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });
});

describe('an inspection as HTML', () => {
  it('has the sections that its navigation names, and lets no text break out', () => {
    const { document } = parseHTML(renderInspectionHtml(hostileInspection()));
    const links = [...document.querySelectorAll('nav a')];
    expect(links).toHaveLength(4);
    for (const link of links) expect(document.querySelector(link.getAttribute('href') ?? '')).not.toBeNull();
    expect(document.querySelectorAll('script, img, iframe')).toHaveLength(0);
  });

  it('draws a streak for each share, and none where a number is no share', () => {
    const { document } = parseHTML(renderInspectionHtml(inspection));
    expect(document.querySelectorAll('#fakes .dot')).toHaveLength(2);
    const hostile = parseHTML(renderInspectionHtml(hostileInspection())).document;
    expect(hostile.querySelectorAll('#findings .streak')).toHaveLength(0);
  });
});
