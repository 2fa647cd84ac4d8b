import * as Plot from '@observablehq/plot';
import { drawn } from '../html/charts.ts';
import type { Markup } from '../html/markup.ts';
import type { PValueBin, ScoreBin } from './detection-view.ts';

/** How many p-values fall in each bin, with the number that each bin would have if all positives were real. */
export function pValueChart(bins: readonly PValueBin[], alarm: number): Markup {
  const even = bins.reduce((sum, { count }) => sum + count, 0) / bins.length;
  const top = Math.max(even, ...bins.map(({ count }) => count));
  return drawn('p-values of untrusted positives', {
    width: 460,
    height: 260,
    margin: 10,
    marginLeft: 44,
    marginBottom: 42,
    x: { domain: [0, 1], label: 'p-value, small = suspicious →', labelAnchor: 'right', ticks: 5 },
    y: { domain: [0, top * 1.05], label: null, ticks: 5, grid: true },
    marks: [
      Plot.rectY(bins, { x1: 'from', x2: 'to', y: 'count', inset: 0.75, className: 'fake' }),
      Plot.ruleY([even], { className: 'baseline' }),
      Plot.ruleX([alarm], { className: 'marker' }),
    ],
  });
}

/** Scores of trusted positives upwards and of untrusted ones downwards, as shares of each. */
export function positivesChart(bins: readonly ScoreBin[]): Markup {
  const top = Math.max(0.01, ...bins.flatMap(({ trusted, untrusted }) => [trusted, untrusted]));
  const side = (name: 'trusted' | 'untrusted', sign: 1 | -1, className: string) =>
    Plot.areaY(
      bins.flatMap((bin) => [bin.from, bin.to].map((x) => ({ x, y: sign * bin[name] }))),
      { x: 'x', y1: 0, y2: 'y', className },
    );
  const text = (name: string, y: number) =>
    Plot.text([name], { frameAnchor: 'left', x: bins[0]?.from ?? 0, y, textAnchor: 'start', className: 'label' });
  return drawn('Scores of trusted and of untrusted positives', {
    width: 460,
    height: 260,
    margin: 10,
    marginLeft: 10,
    marginBottom: 42,
    x: { label: 'score, high = more likely real →', labelAnchor: 'right', ticks: 5 },
    y: { domain: [-top, top], axis: null },
    marks: [
      side('trusted', 1, 'real'),
      side('untrusted', -1, 'fake'),
      Plot.ruleY([0], { className: 'zero' }),
      text('trusted', top * 0.94),
      text('untrusted', -top * 0.94),
    ],
  });
}
