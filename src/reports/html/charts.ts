import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { RocPoint, ScoreChart } from '../report-view.ts';
import { html, type Markup } from './markup.ts';

/** A curve with the class that its look comes from (style.ts). */
export interface DrawnCurve {
  readonly roc: readonly RocPoint[];
  readonly look: 'best' | 'baseline' | 'ceiling' | 'control' | 'other';
}

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** ROC curves up to a false-positive rate of `end`; drawn in the given order, the last on top. */
export function rocChart(curves: readonly DrawnCurve[], end: number, label: string): Markup {
  const percent = (rate: number) => `${Math.round(rate * 100)}%`;
  return drawn(label, {
    width: 460,
    height: 400,
    margin: 10,
    marginLeft: 44,
    marginBottom: 42,
    x: {
      domain: [0, end],
      label: 'fake positives taken for real →',
      labelAnchor: 'right',
      tickFormat: percent,
      ticks: 5,
    },
    y: { domain: [0, 1], label: null, tickFormat: percent, ticks: 5, grid: true },
    marks: [
      Plot.line(
        end === 1
          ? [
              [0, 0],
              [1, 1],
            ]
          : [
              [0, 0],
              [end, end],
            ],
        { x: '0', y: '1', className: 'diagonal' },
      ),
      ...(end < 1 ? [Plot.ruleX([0.01, 0.05], { className: 'marker' })] : []),
      ...curves.map(({ roc, look }) =>
        Plot.line(
          roc.filter(({ fpr }) => fpr <= end),
          { x: 'fpr', y: 'tpr', className: `curve ${look}` },
        ),
      ),
    ],
  });
}

/** One technique's ROC curve, small. */
export function smallRocChart({ roc }: ScoreChart, label: string): Markup {
  const thinned = roc.filter((_, i) => i % 2 === 0 || i > 50);
  return drawn(label, {
    width: 130,
    height: 150,
    margin: 8,
    marginTop: 12,
    marginBottom: 22,
    x: { domain: [0, 1], ticks: [0, 1], tickFormat: 'd', tickSize: 3, label: null },
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.frame({ className: 'frame' }),
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { x: '0', y: '1', className: 'diagonal' },
      ),
      Plot.line(thinned, { x: 'fpr', y: 'tpr', className: 'curve best' }),
    ],
  });
}

/** Scores of the real positives upwards and of the fake ones downwards, as shares of each. */
export function scoreHistogram({ histogram }: ScoreChart, label: string): Markup {
  const top = Math.max(0.01, ...histogram.flatMap(({ real, fake }) => [real, fake]));
  const side = (name: 'real' | 'fake', sign: 1 | -1) =>
    Plot.areaY(
      histogram.flatMap((bin) => [bin.from, bin.to].map((x) => ({ x, y: sign * bin[name] }))),
      { x: 'x', y1: 0, y2: 'y', className: name },
    );
  const text = (name: string, y: number) =>
    Plot.text([name], { x: -3, y, textAnchor: 'start', className: `label ${name}` });
  return drawn(label, {
    width: 220,
    height: 150,
    margin: 4,
    marginTop: 12,
    marginBottom: 22,
    x: { domain: [-3.2, 3.2], ticks: [-2, 0, 2], tickFormat: 'd', tickSize: 3, label: null },
    y: { domain: [-top, top], axis: null },
    marks: [
      side('real', 1),
      side('fake', -1),
      Plot.ruleY([0], { className: 'zero' }),
      text('real', top * 0.92),
      text('fake', -top * 0.92),
    ],
  });
}

/** A plot as markup: its look is the page's style sheet, so that one drawing serves light, dark and print. */
export function drawn(label: string, options: Plot.PlotOptions): Markup {
  const svg = Plot.plot({ ...options, document, className: 'plot' });
  svg.querySelector('style')?.remove();
  // The label may hold anybody's words, so it is not left to the drawing to escape them.
  const opening = html`<svg role="img" aria-label="${label}"`.markup;
  return { markup: svg.outerHTML.replace('<svg', () => opening) };
}
