import * as Plot from '@observablehq/plot';
import { isDefined } from '../../core/estimates.ts';
import { formatDetail } from '../format.ts';
import type { SweepRow, SweepTable } from '../report-view.ts';
import { drawn } from './charts.ts';
import type { Markup } from './markup.ts';

interface Place {
  readonly x: number | string;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

const height = 440;

/** AUROC against the values of a swept key: a line per technique with its name at the end, its interval as a band. */
export function sweepChart(table: SweepTable, label: string): Markup {
  const x = axisOf(table.values);
  const lines = table.rows.map((row, i) => ({
    row,
    places: placesOf(row, table.values, x.ordinal),
    colour: colourOf(row, i),
  }));
  const values = lines.flatMap(({ places }) => places.flatMap(({ lower, upper }) => [lower, upper]));
  const [low, high] = [Math.min(0.5, ...values), Math.max(0.5, ...values)];
  const labels = spread(
    lines.flatMap(({ row, places }) => places.slice(-1).map(({ x: at, value }) => ({ id: row.id, x: at, y: value }))),
    ((high - low) / height) * 15,
  );
  return drawn(label, {
    width: 760,
    height,
    marginRight: 190,
    marginLeft: 44,
    marginBottom: 42,
    x: { ...x.scale, label: `${table.key} →`, labelAnchor: 'right' },
    y: { domain: [low, high], label: null, ticks: 6, grid: true, tickFormat: '.2f' },
    marks: [
      Plot.ruleY([0.5], { className: 'marker' }),
      ...lines.map(({ places, colour }) =>
        Plot.areaY(places, { x: 'x', y1: 'lower', y2: 'upper', fill: colour, fillOpacity: 0.08 }),
      ),
      ...lines.map(({ row, places, colour }) =>
        Plot.lineY(places, {
          x: 'x',
          y: 'value',
          stroke: colour,
          strokeWidth: 1.8,
          strokeDasharray: dashOf(row),
          marker: 'dot',
        }),
      ),
      Plot.text(labels, { x: 'x', y: 'y', text: 'id', textAnchor: 'start', dx: 8, className: 'label' }),
    ],
  });
}

/** A linear axis for numbers, logarithmic where they span a factor of eight or more; names side by side otherwise. */
function axisOf(values: readonly unknown[]): { readonly ordinal: boolean; readonly scale: Plot.ScaleOptions } {
  if (!values.every((value): value is number => typeof value === 'number') || values.length < 2) {
    return { ordinal: true, scale: { type: 'point', domain: values.map(formatDetail), padding: 0.2 } };
  }
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const type = least > 0 && most / least >= 8 ? 'log' : 'linear';
  return { ordinal: false, scale: { type, ticks: [...values], tickFormat: (value: number) => formatDetail(value) } };
}

function placesOf({ estimates }: SweepRow, values: readonly unknown[], ordinal: boolean): Place[] {
  return estimates.flatMap((estimate, i) => {
    if (estimate === null || !isDefined(estimate)) return [];
    const { value, lower, upper } = estimate;
    return [{ x: ordinal ? formatDetail(values[i]) : (values[i] as number), value, lower, upper }];
  });
}

/** Hues a golden angle apart, readable on light and dark; what is no technique stays grey. */
function colourOf({ role, isBaseline }: SweepRow, index: number): string {
  if (isBaseline || role === 'ceiling' || role === 'control') return '#808890';
  return `hsl(${Math.round(index * 137.5) % 360} 60% 48%)`;
}

function dashOf({ role, isBaseline }: SweepRow): string {
  if (isBaseline) return '6 4';
  return role === 'control' ? '1.5 3.5' : '0';
}

/** Labels moved upwards just far enough to be `gap` apart. */
function spread<T extends { readonly y: number }>(labels: readonly T[], gap: number): T[] {
  let floor = Number.NEGATIVE_INFINITY;
  return labels
    .toSorted((a, b) => a.y - b.y)
    .map((label) => {
      const y = Math.max(label.y, floor);
      floor = y + gap;
      return { ...label, y };
    });
}
