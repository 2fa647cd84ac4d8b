import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildViewModel } from '../../src/reports/build-view-model.ts';
import { buildDetectionView } from '../../src/reports/detection/detection-view.ts';
import { renderDetectionHtml } from '../../src/reports/detection/render-detection-html.ts';
import { renderInspectionHtml } from '../../src/reports/inspection/render-inspection-html.ts';
import { renderHtml } from '../../src/reports/render-html.ts';
import { hostileDetection, hostileInspection } from './detection-fixture.ts';
import { reportFixture } from './fixture.ts';
import { hostileInput } from './hostile-input.ts';
import { matrixFixture } from './matrix-fixture.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const reason = 'in Chromium (skipped where it is not installed: apt-get install chromium)';

describe.skipIf(executablePath === undefined)(reason, () => {
  const directory = mkdtempSync(join(tmpdir(), 'touchstone-report-'));
  let browser: Browser;

  beforeAll(async () => {
    const args = ['--headless', '--no-sandbox', '--disable-gpu'];
    browser = await chromium.launch({ executablePath: executablePath as string, args });
    writeFileSync(join(directory, 'usual.html'), renderHtml(buildViewModel(reportFixture())));
    writeFileSync(join(directory, 'matrix.html'), renderHtml(buildViewModel(matrixFixture())));
    writeFileSync(join(directory, 'hostile.html'), renderHtml(buildViewModel(hostileInput())));
    writeFileSync(join(directory, 'inspection.html'), renderInspectionHtml(hostileInspection()));
    writeFileSync(join(directory, 'detection.html'), renderDetectionHtml(buildDetectionView(hostileDetection())));
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const names = ['usual', 'matrix', 'hostile', 'inspection', 'detection'];
  const cases = names.flatMap((name) =>
    [1280, 400].flatMap((width) => (['light', 'dark'] as const).map((colorScheme) => ({ name, width, colorScheme }))),
  );

  it.each(cases)('the $name report fits $width pixels, $colorScheme, and asks for nothing', async (wanted) => {
    const { name, width, colorScheme } = wanted;
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const faults: string[] = [];
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('dialog', (dialog) => faults.push(dialog.message()));
    const url = pathToFileURL(join(directory, `${name}.html`)).href;
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) faults.push(request.url());
    });
    await page.goto(url);
    // In the page there is a DOM, which the types of this project know nothing of; hence the texts.
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
    expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.evaluate(lowestContrast)).toBeGreaterThanOrEqual(4.5);
    expect(faults).toEqual([]);
    await page.close();
  });
});

/** The lowest contrast (WCAG) of any text with the page's or its panel's background. */
const lowestContrast = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = channels(color).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const own = getComputedStyle(element).backgroundColor;
    return (channels(own)[3] ?? 1) === 0 ? behind(element.parentElement) : own;
  };
  let lowest = 21;
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')) continue;
    const style = getComputedStyle(element);
    const color = element.closest('svg') ? style.fill : style.color;
    if (color === 'none') continue;
    const [a, b] = [light(color), light(behind(element.closest('svg') ?? element))].sort((x, y) => y - x);
    lowest = Math.min(lowest, (a + 0.05) / (b + 0.05));
  }
  return lowest;
})()`;
