import { type Estimate, isDefined } from '../../core/estimates.ts';
import { absent, formatInterval, formatValue } from '../format.ts';
import { type Content, html, type Markup } from './markup.ts';

/** A table cell: value over interval, the reason when undefined, a dash when the record has no such result. */
export function estimateCell(estimate: Estimate | null, options: { signed?: boolean; mark?: Content } = {}): Markup {
  const { signed = false, mark = null } = options;
  if (estimate === null) return html`<td class="num none">${absent}</td>`;
  if (!isDefined(estimate)) return html`<td class="reason"><i>undefined:</i> ${estimate.undefined}</td>`;
  const title = `${Math.round(estimate.level * 1000) / 10} % interval, n = ${estimate.n}, ${estimate.method}`;
  const value = formatValue(estimate.value, { signed });
  return html`<td class="num" title="${title}"><b>${mark}${value}</b><span class="ci">${formatInterval(estimate, { signed })}</span></td>`;
}
