import { expect, it } from 'vitest';
import { buildViewModel } from '../../src/reports/build-view-model.ts';
import { renderMarkdown } from '../../src/reports/render-markdown.ts';
import { hostileText, plantedTechniques, reportFixture } from './fixture.ts';

const input = reportFixture();

function cells(line: string): number {
  return line.replace(/\\\|/g, '').split('|').length;
}

it('keeps every table rectangular whatever stands in it', () => {
  const techniques = [...plantedTechniques, { id: 'pipe|<b>*`x`*</b>\n|', role: 'technique' as const, separation: 1 }];
  const markdown = renderMarkdown(buildViewModel(reportFixture({ techniques })));
  expect(markdown).toContain('pipe\\|\\<b\\>\\*\\`x\\`\\*\\</b\\> \\|');
  const tables = markdown.split('\n\n').filter((block) => block.startsWith('| '));
  expect(tables.length).toBeGreaterThanOrEqual(6);
  for (const table of tables) expect(new Set(table.split('\n').map(cells)).size).toBe(1);
});

it('fences program text that holds fences itself', () => {
  const examples = input.examples.map((example) => ({ ...example, text: hostileText }));
  const markdown = renderMarkdown(buildViewModel({ ...input, examples }));
  expect(markdown).toContain(`\`\`\`\`\n${hostileText}\n\`\`\`\``);
});

it('has the verdict, the differences with Holm’s p, the seeds, the data and the config', () => {
  const view = buildViewModel(input);
  const markdown = renderMarkdown(view);
  expect(markdown.replaceAll('\\', '')).toContain(view.groups[0]?.verdict.sentence);
  expect(markdown).toMatch(/\| evidence-probe \| 0\.\d{3} \\\[.*\+0\.\d{3} .*, p \\< 0\.001 \(Holm\)/);
  expect(markdown).toContain('untrusted-finetuning (baseline)');
  expect(markdown).toContain('ground-truth-probe (ceiling)');
  expect(markdown).toContain('### Seed by seed');
  expect(markdown).toContain('| duplicate-of-train | fake-positive | 31–32 | 1.8 % |');
  expect(markdown).toContain('trainingExamples: 12000');
});
