import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { LabelledEstimate } from '../../core/inspection.ts';
import { formatInterval, formatShare, formatValue } from '../format.ts';
import { type Content, html, type Markup } from './markup.ts';

export interface IntervalRowsOptions {
  /** How values are written. @default `value`, with three digits */
  readonly as?: 'value' | 'share';
  /** Where a guide is drawn, in [0, 1]. */
  readonly guide?: number;
}

/** Estimates below one another, each with its interval as a streak where it lies between 0 and 1. */
export function intervalRows(estimates: readonly LabelledEstimate[], options: IntervalRowsOptions = {}): Content {
  if (estimates.length === 0) return null;
  const drawable = estimates.some(({ estimate }) => isShare(estimate));
  const rows = estimates.map((one) => row(one, drawable && canStand(one.estimate), options));
  return html`<div class="forest intervals"><div class="rows">${rows}${drawable ? axis(options) : null}</div></div>
`;
}

function row({ label, estimate }: LabelledEstimate, drawable: boolean, options: IntervalRowsOptions): Markup {
  return html`<div class="row"><span class="name">${label}</span>
${drawable ? streak(estimate, options) : html`<span></span>`}
<span class="value">${shownValue(estimate, options)}</span></div>
`;
}

function streak(estimate: Estimate, { guide }: IntervalRowsOptions): Markup {
  const at = (value: number) => Math.round(value * 10_000) / 100;
  const line = guide === undefined ? null : html`<path class="chance" d="M${at(guide)} 0V26"/>`;
  const mark = isDefined(estimate)
    ? html`<path class="interval" d="M${at(estimate.lower)} 13H${at(estimate.upper)}"/><path class="dot" d="M${at(estimate.value)} 13h0"/>`
    : null;
  return html`<svg class="streak" viewBox="0 0 100 26" preserveAspectRatio="none" aria-hidden="true"><path class="grid" d="M0 0V26M25 0V26M50 0V26M75 0V26M100 0V26"/>${line}${mark}</svg>`;
}

function shownValue(estimate: Estimate, { as = 'value' }: IntervalRowsOptions): Markup {
  if (!isDefined(estimate)) return html`<i>undefined: ${estimate.undefined}</i>`;
  const title = `${Math.round(estimate.level * 1000) / 10} % interval, n = ${estimate.n}, ${estimate.method}`;
  const interval =
    as === 'share' ? `[${formatShare(estimate.lower)}, ${formatShare(estimate.upper)}]` : formatInterval(estimate);
  const value = as === 'share' ? formatShare(estimate.value) : formatValue(estimate.value);
  return html`<span title="${title}"><b>${value}</b> <span class="ci">${interval}</span></span>`;
}

function axis({ as = 'value' }: IntervalRowsOptions): Markup {
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const text = (tick: number) => (as === 'share' ? `${tick * 100} %` : String(tick));
  const labels = ticks.map((tick) => html`<span style="left:${tick * 100}%">${text(tick)}</span>`);
  return html`<div class="axis" aria-hidden="true"><span class="ticks">${labels}</span></div>`;
}

/** A row without a value keeps its place among those that are drawn; a value beyond the axis does not. */
function canStand(estimate: Estimate): boolean {
  return !isDefined(estimate) || isShare(estimate);
}

function isShare(estimate: Estimate): boolean {
  return isDefined(estimate) && estimate.lower >= 0 && estimate.upper <= 1;
}
