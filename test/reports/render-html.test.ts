import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { buildViewModel } from '../../src/reports/build-view-model.ts';
import { renderHtml } from '../../src/reports/render-html.ts';
import type { ReportInput } from '../../src/reports/report-input.ts';
import { hostileText, plantedTechniques, reportFixture } from './fixture.ts';
import { hostileInput } from './hostile-input.ts';

const input = reportFixture();

function pageOf(of: ReportInput) {
  const text = renderHtml(buildViewModel(of));
  return { text, document: parseHTML(text).document };
}

const page = pageOf(input);

function texts(selector: string, of = page.document): string[] {
  return Array.from(of.querySelectorAll(selector), ({ textContent }) => textContent ?? '');
}

describe('content', () => {
  it('leads with the verdict and has every section that the navigation names', () => {
    expect(texts('.verdict')).toEqual([buildViewModel(input).groups[0]?.verdict.sentence]);
    const targets = Array.from(
      page.document.querySelectorAll('nav a'),
      (a: { getAttribute(name: string): string | null }) => a.getAttribute('href')?.slice(1),
    );
    expect(targets).toEqual(['results', 'curves', 'scores', 'mistakes', 'data', 'run']);
    for (const id of targets) expect(page.document.getElementById(id ?? '')).not.toBeNull();
  });

  it('shows each estimate of the main table as the record has it', () => {
    const rows = texts('#results table tbody tr').slice(0, 14).join('\n');
    const own = input.record.results.filter(({ seed, metric }) => seed === 'all' && metric === 'real-vs-fake-auroc');
    expect(own).toHaveLength(22);
    for (const { estimate } of own) {
      if ('undefined' in estimate) continue;
      const { value, lower, upper } = estimate;
      expect(rows).toContain(`${value.toFixed(3)}[${lower.toFixed(3)}, ${upper.toFixed(3)}]`);
    }
  });

  it('leaves out the columns that the record has nothing for, and shows them for one seed', () => {
    expect(texts('#results thead')[0]).not.toContain('TPR');
    const single = pageOf(reportFixture({ seeds: [0] }));
    expect(texts('#results thead', single.document)[0]).toContain('TPR at 1 % FPR');
  });

  it('draws two ROC charts, and a curve and a histogram for each technique', () => {
    expect(page.document.querySelectorAll('#curves figure svg')).toHaveLength(2);
    expect(page.document.querySelectorAll('#scores figure svg')).toHaveLength(22);
    for (const svg of page.document.querySelectorAll('figure svg[role=img]')) {
      expect(svg.getAttribute('aria-label')).toBeTruthy();
    }
  });

  it('keeps every drawing inside its frame', () => {
    for (const path of page.document.querySelectorAll('#scores .real path, #scores .fake path')) {
      const ys = Array.from((path.getAttribute('d') ?? '').matchAll(/,(-?[\d.]+)/g), ([, y]) => Number(y));
      expect(Math.min(...ys)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...ys)).toBeLessThanOrEqual(150);
    }
    expect(page.document.querySelectorAll('#scores .real path, #scores .fake path')).toHaveLength(22);
  });

  it('shows ten mistakes of each kind with their text', () => {
    expect(texts('#mistakes li')).toHaveLength(20);
    expect(texts('#mistakes pre')[0]).toContain('rob(vault)');
  });

  it('names the baseline, PGR’s floor and ceiling, the seeds, the random band, the config and what was dropped', () => {
    const body = texts('body')[0] as string;
    for (const said of [
      'Difference to untrusted-finetuning',
      'from untrusted-finetuning to the ceiling ground-truth-finetuning',
      '2 seeds (0, 1)',
      'of 100 with seed 0: 0.410 to 0.600, median 0.503',
      'trainingExamples: 12000',
      'duplicate-of-train',
      'validation-held-out holds templates that never occur in training',
      'Difference to surface-baseline',
      '3 of 5 techniques beat surface-baseline',
      'Example CPU @ 2.60GHz',
      'evidence-probe · seed 1',
    ]) {
      expect(body).toContain(said);
    }
  });

  it('shows AUROC by kind of fake where the examples have kinds', () => {
    expect(texts('#results')[0]).not.toContain('By kind of fake');
    const kinds = ['hard-coded', 'weakened'];
    const examples = input.examples.map((example, i) =>
      example.category === 'fake-positive' ? { ...example, kind: kinds[Number(i % 5 === 3)] as string } : example,
    );
    const [text = ''] = texts('#results', pageOf({ ...input, examples }).document);
    expect(text).toContain('By kind of fake');
    expect(text).toMatch(/hard-coded \(300\)/);
    expect(text).toMatch(/weakened \(300\)/);
  });

  it('says why an estimate is undefined instead of showing a number', () => {
    const reason = 'the gap is not above zero with confidence';
    const results = input.record.results.map((result) =>
      result.metric === 'pgr' ? { ...result, estimate: { undefined: reason } } : result,
    );
    const { document } = pageOf({ ...input, record: { ...input.record, results } });
    expect(texts('#results td.reason', document)[0]).toBe(`undefined: ${reason}`);
  });
});

describe('other shapes of runs', () => {
  it.each([
    ['one technique and no baseline', reportFixture({ techniques: plantedTechniques.slice(3, 4), seeds: [0] })],
    ['no scores', { ...input, scores: [], examples: [] }],
    ['no positives on the split', reportFixture({ positives: 0 })],
    ['no results', { ...input, record: { ...input.record, results: [], datasets: [], details: {}, controls: [] } }],
  ])('%s', (_, of) => {
    const { text, document } = pageOf(of);
    expect(texts('.verdict', document)).toHaveLength(1);
    expect(text).not.toMatch(/NaN|Infinity|\[object|>undefined<|>null</);
  });

  it('gives each setting and model its own sections', () => {
    const other = reportFixture({ setting: 'other-world', seeds: [0] });
    const { document } = pageOf({
      record: { ...input.record, results: [...input.record.results, ...other.record.results] },
      scores: [...input.scores, ...other.scores],
      examples: [...input.examples, ...other.examples],
    });
    const ids = Array.from(document.querySelectorAll('[id]'), ({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(texts('.group > h2', document)).toEqual([
      'diamond-vault · small-transformer',
      'other-world · small-transformer',
    ]);
    expect(texts('.verdict', document)).toHaveLength(2);
  });
});

describe('safety', () => {
  const hostile = pageOf(hostileInput());

  it('lets no text become markup', () => {
    expect(hostile.text).not.toMatch(/<script|<img/i);
    for (const element of hostile.document.querySelectorAll('*')) {
      expect(Array.from(element.attributes, ({ name }) => name).filter((name) => name.startsWith('on'))).toEqual([]);
    }
    expect(texts('#mistakes pre', hostile.document)[0]).toBe(hostileText);
  });

  it('spells out characters that would hide or reverse what stands there', () => {
    expect(hostile.text).not.toMatch(/\u202e|\0/);
    expect(hostile.text).toContain('[U+202E][U+0000]');
  });

  it('loads nothing', () => {
    expect(page.document.querySelectorAll('[src], [srcset], [data], [action]')).toHaveLength(0);
    const hrefs = Array.from(page.text.matchAll(/\shref="([^"]*)"/g), ([, href]) => href as string);
    expect(hrefs.filter((href) => !/^(#[a-z0-9-]+|data:,)$/.test(href))).toEqual([]);
    expect(texts('style').join()).not.toMatch(/@import|url\(/);
    expect(page.document.querySelectorAll('script, link[rel=stylesheet], iframe, img')).toHaveLength(0);
  });
});

describe('size', () => {
  it('is far under 2 MB for a usual run', () => {
    expect(Buffer.byteLength(page.text)).toBeLessThan(400_000);
  });

  it('stays under 2 MB with long texts and many settings', () => {
    const text = '<&"\'>'.repeat(20_000);
    const parts = Array.from({ length: 6 }, (_, i) => reportFixture({ setting: `world-${i}`, positives: 60 }));
    const large = {
      record: { ...input.record, results: parts.flatMap(({ record }) => record.results) },
      scores: parts.flatMap(({ scores }) => scores),
      examples: parts.flatMap(({ examples }) => examples.map((example) => ({ ...example, text }))),
    };
    expect(Buffer.byteLength(renderHtml(buildViewModel(large)))).toBeLessThan(2_000_000);
  });
});

it('is the same page each time', () => {
  expect(renderHtml(buildViewModel(input))).toBe(page.text);
});
