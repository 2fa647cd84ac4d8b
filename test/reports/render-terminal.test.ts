import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildViewModel } from '../../src/reports/build-view-model.ts';
import { renderTerminal } from '../../src/reports/render-terminal.ts';
import { plantedTechniques, reportFixture } from './fixture.ts';

const input = reportFixture();
const view = buildViewModel(input);

describe('width', () => {
  it.each([10, 24, 40, 60, 79, 80, 100, 132, 200])('is at most %i columns', (width) => {
    const lines = renderTerminal(view, { width }).split('\n');
    expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(width);
  });

  it('counts wide characters and cuts long ids', () => {
    const techniques = [{ id: `${'宝石'.repeat(30)}`, role: 'technique' as const, separation: 1 }];
    const text = renderTerminal(buildViewModel(reportFixture({ techniques })), { width: 60 });
    const row = text.split('\n').find((line) => line.includes('宝')) as string;
    expect(row).toContain('…');
    expect(Array.from(row).reduce((sum, c) => sum + (/[宝石]/.test(c) ? 2 : 1), 0)).toBeLessThanOrEqual(60);
  });

  it('drops columns from the right and keeps the AUROC', () => {
    expect(renderTerminal(view, { width: 132 })).toMatch(/ held-out +PGR +to surface\n/);
    expect(renderTerminal(view, { width: 96 })).toMatch(/difference +held-out +PGR\n/);
    expect(renderTerminal(view, { width: 96 })).not.toContain('to surface\n');
    const narrow = renderTerminal(view, { width: 80 });
    expect(narrow).toMatch(/evidence-finetuning +0\.\d{3} \[0\.\d{3}, 0\.\d{3}\] +▲ \+0\.\d{3} \[/);
    expect(renderTerminal(view, { width: 36 })).toMatch(/evidence-finetuning +0\.\d{3}\n/);
  });
});

it('draws ceilings apart and names the baseline and what the numbers are', () => {
  const text = renderTerminal(view, { width: 100 });
  expect(text.indexOf('ceilings, which see ground truth')).toBeLessThan(text.indexOf('ground-truth-probe '));
  expect(text).toMatch(/untrusted-finetuning .* baseline/);
  expect(text).toContain('Real-vs-fake AUROC [95 % interval]');
  expect(text.replace(/\s+/g, ' ')).toContain(view.groups[0]?.verdict.sentence);
  expect(text).toContain('random-probe, seed 0, 5 to 95 % of its 100 scorers: 0.410 to 0.600, median 0.503');
});

it('uses colour only when asked, and says the same with it', () => {
  const plain = renderTerminal(view, { width: 100 });
  const coloured = renderTerminal(view, { width: 100, color: true });
  expect(plain).not.toContain('\u001b');
  expect(coloured).toContain('\u001b[32m▲');
  expect(stripVTControlCharacters(coloured)).toBe(plain);
});

it('explains undefined estimates below the table', () => {
  const reason = 'the gap is not above zero with confidence';
  const results = input.record.results.map((result) =>
    result.metric === 'pgr' ? { ...result, estimate: { undefined: reason } } : result,
  );
  const text = renderTerminal(buildViewModel({ ...input, record: { ...input.record, results } }), { width: 100 });
  expect(text).toMatch(/evidence-probe .* undef \(a\)/);
  expect(text).toContain(`(a) undefined: ${reason}`);
  expect(text).not.toContain('(b)');
});

it('lets no id steer the terminal', () => {
  const techniques = [...plantedTechniques, { id: 'evil\u001b[2J\u202e', role: 'technique' as const, separation: 1 }];
  const text = renderTerminal(buildViewModel(reportFixture({ techniques })), { width: 100 });
  for (const control of ['\u001b', '\u202e']) expect(text).not.toContain(control);
  expect(text).toContain('evil�[2J�');
});
