import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { alarmHeadline, alarmWords, formatPValue } from '../../src/reports/detection/alarm-words.ts';
import { buildDetectionView } from '../../src/reports/detection/detection-view.ts';
import { renderDetectionHtml } from '../../src/reports/detection/render-detection-html.ts';
import { renderDetectionMarkdown } from '../../src/reports/detection/render-detection-markdown.ts';
import { renderDetectionTerminal } from '../../src/reports/detection/render-detection-terminal.ts';
import { renderScoringTerminal } from '../../src/reports/detection/render-scoring-terminal.ts';
import { textWidth } from '../../src/reports/terminal/text-width.ts';
import { detectionFixture, hostileDetection } from './detection-fixture.ts';

const fixture = detectionFixture();
const view = buildDetectionView(fixture);
const { alarm } = fixture.record;

describe('what a detection shows', () => {
  it('is the most suspicious first, flagged ones before all others', () => {
    expect(view.suspects).toHaveLength(100);
    expect(view.suspects.map(({ rank }) => rank)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(view.suspects.every(({ flagged }) => flagged)).toBe(true);
    const { id, text } = view.suspects[0] as { id: string; text: string };
    expect(text).toContain(`task_${id.slice(4)}(`);
  });

  it('is ten examples where fewer are flagged', () => {
    const rows = fixture.rows.map((row) => ({ ...row, flagged: row.rank !== null && row.rank <= 3 }));
    const { suspects } = buildDetectionView({ ...fixture, rows });
    expect(suspects.map(({ flagged }) => flagged)).toEqual([...Array(3).fill(true), ...Array(7).fill(false)]);
  });

  it('cuts a text that is too long, and says by how much', () => {
    const examples = fixture.examples.map((example) => ({ ...example, text: 'é'.repeat(60_000) }));
    const { suspects } = buildDetectionView({ ...fixture, examples });
    expect(suspects[0]).toMatchObject({ missing: 10_000 });
    expect(suspects.reduce((sum, { text }) => sum + text.length, 0)).toBe(1_000_000);
    expect(renderDetectionHtml(buildDetectionView({ ...fixture, examples }))).toContain('10,000 more characters');
  });

  it('counts p-values by bins that hold their upper end', () => {
    const rows = [0.05, 0.050001, 0.15, 1, 0.0001].map((pValue, i) => ({
      ...(fixture.rows.at(-1) as (typeof fixture.rows)[number]),
      id: `${i}`,
      pValue,
      rank: i + 1,
    }));
    const { pValues } = buildDetectionView({ ...fixture, rows });
    expect(pValues.map(({ count }) => count)).toEqual([2, 1, 1, ...Array(16).fill(0), 1]);
  });

  it('draws nothing where there is nothing', () => {
    const none = { ...alarm, flagged: 0, untrustedPositives: 0 };
    const empty = buildDetectionView({ record: { ...fixture.record, alarm: none }, rows: [], examples: [] });
    const { document } = parseHTML(renderDetectionHtml(empty));
    expect(document.querySelectorAll('svg.plot')).toHaveLength(0);
    expect(document.querySelector('.verdict')?.textContent).toBe(
      'There are no untrusted positives, so there is nothing to flag.',
    );
    expect(renderDetectionTerminal(empty)).toContain('nothing to flag');
  });
});

describe('the alarm in words', () => {
  it('says how many mistakes to expect, and whether they explain what is flagged', () => {
    expect(alarmHeadline(alarm)).toBe(`${alarm.flagged} of 800 untrusted positives are flagged as suspicious.`);
    expect(alarmWords(alarm)[0]).toContain('about 40 if all 800 were real');
    expect(alarmWords(alarm)[0]).toContain(`about ${alarm.flagged - 40} more than mistakes explain`);
    expect(alarmWords({ ...alarm, flagged: 45 })[0]).toContain('45 flagged is no more than mistakes could explain');
  });

  it('says that no alarm can be raised', () => {
    const words = alarmWords({ ...alarm, rate: 0.001, flagged: 0 });
    expect(words[1]).toContain('no alarm can be raised at 0.1 %');
  });

  it('speaks of alarms, not of positives, under Benjamini–Hochberg, and names weights', () => {
    const words = alarmWords({ ...alarm, correction: 'benjamini-hochberg', flagged: 60, weighted: true });
    expect(words[0]).toBe(
      'Benjamini–Hochberg: at most 5.0 % of the flagged are expected to be real, here about 3 of 60.',
    );
    expect(words[2]).toContain('weighted');
    expect(words[1]).not.toContain('p-value');
  });

  it.each([
    [0.0047393, '0.0047'],
    [0.5, '0.50'],
    [1, '1.00'],
    [0.0999, '0.1'],
    [0.000001, '0.000001'],
  ])('writes a p-value of %d as %s', (p, text) => expect(formatPValue(p)).toBe(text));
});

describe('new data in words', () => {
  it('say what the alarm rests on, and which rows claim nothing', () => {
    const text = renderScoringTerminal({
      kind: 'scoring',
      schemaVersion: 1,
      data: { name: 'new.jsonl', rows: 903, rejected: 1, unmeasured: 2 },
      detector: { model: 'universal-sentence-encoder-lite, frozen', trainedOn: 'old.csv', techniques: ['mahalanobis'] },
      alarm,
      suspects: view.suspects.slice(0, 10),
    });
    expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(80);
    const flat = text.replace(/\s+/g, ' ');
    expect(flat).toContain('the trusted positives of old.csv');
    expect(flat).toContain('1 row could not be read');
    expect(flat).toContain('2 rows without any measurement');
    expect(flat).toContain(view.suspects[9]?.id);
  });
});

describe('the faces of a detection', () => {
  it.each([80, 50, 200])('fit a terminal of %d columns, steered by no text', (width) => {
    for (const of of [view, buildDetectionView(hostileDetection())]) {
      const text = renderDetectionTerminal(of, { width });
      expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(Math.min(width, 100));
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }
  });

  it('all name alarm, suspects, exchangeability, technique and ground truth', () => {
    const page = parseHTML(renderDetectionHtml(view)).document.documentElement.textContent ?? '';
    for (const text of [renderDetectionTerminal(view), renderDetectionMarkdown(view).replaceAll('\\', ''), page]) {
      const flat = text.replace(/\s+/g, ' ');
      expect(flat).toContain(alarmHeadline(alarm));
      expect(flat).toContain(view.suspects[0]?.id);
      expect(flat).toContain(fixture.record.exchangeability.text);
      expect(flat).toContain(fixture.record.choice);
      expect(flat).toContain('0.830 [0.780, 0.880]');
      expect(flat).not.toContain('hecked by a person');
    }
  });

  it('show what a person found only where somebody checked', () => {
    const reviewed = renderDetectionTerminal(buildDetectionView(hostileDetection()));
    expect(reviewed).toContain('checked by a person');
  });

  it('leave out the section on ground truth where none was given', () => {
    const { judged: _, ...record } = fixture.record;
    const unjudged = renderDetectionHtml(buildDetectionView({ ...fixture, record }));
    expect(unjudged).not.toContain('Against ground truth');
  });

  it('let no text break out of a page, and make visible what hides in it', () => {
    const page = renderDetectionHtml(buildDetectionView(hostileDetection()));
    const { document } = parseHTML(page);
    expect(document.querySelectorAll('script, img, iframe')).toHaveLength(0);
    const text = document.querySelector('.suspects pre')?.textContent;
    for (const code of ['202E', '0000', '001B', 'E0041', '200B']) expect(text).toContain(`[U+${code}]`);
  });

  it('have the sections that the navigation names', () => {
    const { document } = parseHTML(renderDetectionHtml(view));
    const links = [...document.querySelectorAll('nav a')];
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(document.querySelector(link.getAttribute('href') ?? '')).not.toBeNull();
  });
});
