import { type DefinedEstimate, isDefined } from '../../core/estimates.ts';
import { allRows } from '../all-rows.ts';
import { formatInterval, formatLevel, formatValue } from '../format.ts';
import type { GroupView, TechniqueView } from '../report-view.ts';
import { type Content, html, type Markup } from './markup.ts';
import { standingMark } from './standing-mark.ts';

/** Where an AUROC stands across the plot, in percent of its width. */
type Scale = (auroc: number) => number;

/** The main figure: a streak per technique from the lower to the upper end of its interval, a dot at its AUROC. */
export function forest(group: GroupView): Markup {
  const rows = allRows(group);
  const low = lowestTick(group, rows);
  const scale: Scale = (auroc) => Math.round((100 * (auroc - low) * 100) / (1 - low)) / 100;
  const guides = guidesOf(group, rows, scale);
  const draw = (views: readonly TechniqueView[]) => views.map((view) => row(view, scale, guides));
  const part = (label: string, views: readonly TechniqueView[]) =>
    views.length === 0 ? null : html`<div class="part">${label}</div>${draw(views)}`;
  return html`<figure class="forest">
<figcaption>Real-vs-fake AUROC of each technique on <code>${group.headlineSplit ?? ''}</code>${group.level === null ? null : `, with its ${formatLevel(group.level)} interval`}</figcaption>
<div class="rows">${axis(low, scale)}${draw(group.techniques)}${part('Controls', group.controls)}${part('Ceilings, trained on ground truth', group.ceilings)}${axis(low, scale)}</div>
<p class="key">${key(group, rows)}</p>
${bandNote(group)}</figure>
`;
}

function row(view: TechniqueView, scale: Scale, guides: Markup): Markup {
  const { auroc } = view.shown;
  const defined = auroc !== null && isDefined(auroc) ? auroc : null;
  const reason = auroc !== null && !isDefined(auroc) ? `undefined: ${auroc.undefined}` : 'not in the record';
  const value: Content =
    defined === null
      ? html`<i>${reason}</i>`
      : html`<b>${formatValue(defined.value)}</b> <span class="ci">${formatInterval(defined)}</span>`;
  return html`<div class="row ${view.role}"><span class="name">${view.id}${view.isBaseline ? html` <small>baseline</small>` : standingMark(view.standing)}</span>
<svg class="streak" viewBox="0 0 100 26" preserveAspectRatio="none" aria-hidden="true">${guides}${defined === null ? null : streak(defined, scale)}</svg>
<span class="value">${value}</span></div>
`;
}

function streak({ value, lower, upper }: DefinedEstimate, scale: Scale): Markup {
  const [from, to, at] = [scale(lower), scale(upper), scale(value)];
  // A path of no length with round ends stays a circle however the drawing is stretched.
  return html`<path class="interval" d="M${from} 13H${to}"/><path class="dot" d="M${at} 13h0"/>`;
}

function guidesOf(group: GroupView, rows: readonly TechniqueView[], scale: Scale): Markup {
  const band = bandOf(group);
  const line = (name: string, auroc: number) => html`<path class="${name}" d="M${scale(auroc)} 0V26"/>`;
  const baseline = aurocOf(rows.find(({ isBaseline }) => isBaseline));
  const shade =
    band === null
      ? null
      : html`<rect class="band" x="${scale(band.low)}" y="0" width="${scale(band.high) - scale(band.low)}" height="26"/>`;
  return html`${shade}${line('chance', 0.5)}${baseline === null ? null : line('base', baseline)}`;
}

/** The control whose band is drawn: of random directions where they were run. */
function bandId({ bands }: GroupView): string | null {
  return bands.find(({ technique }) => technique === 'random-probe')?.technique ?? bands[0]?.technique ?? null;
}

/** The widest 5 to 95 % band of that control over the seeds. */
function bandOf(group: GroupView): { low: number; high: number } | null {
  const bands = group.bands.filter(({ technique }) => technique === bandId(group));
  if (bands.length === 0) return null;
  return { low: Math.min(...bands.map(({ p05 }) => p05)), high: Math.max(...bands.map(({ p95 }) => p95)) };
}

function axis(low: number, scale: Scale): Markup {
  const ticks = Array.from({ length: Math.round((1 - low) * 10) + 1 }, (_, i) => low + i / 10);
  const labels = ticks.map((tick) => html`<span style="left:${scale(tick)}%">${tick.toFixed(1)}</span>`);
  return html`<div class="axis" aria-hidden="true"><span class="ticks">${labels}</span></div>`;
}

function lowestTick(group: GroupView, rows: readonly TechniqueView[]): number {
  const lowers = rows.flatMap(({ shown: { auroc } }) => (auroc !== null && isDefined(auroc) ? [auroc.lower] : []));
  const lowest = Math.min(0.5, bandOf(group)?.low ?? 0.5, ...lowers);
  return Math.max(0, Math.floor(lowest * 10 + 1e-9) / 10);
}

function key(group: GroupView, rows: readonly TechniqueView[]): Content {
  const baseline = rows.find(({ isBaseline }) => isBaseline);
  const sample = (name: string) =>
    html`<svg class="sample" viewBox="0 0 14 14" aria-hidden="true">${name === 'band' ? html`<rect class="band" width="14" height="14"/>` : html`<path class="${name}" d="M7 0V14"/>`}</svg>`;
  return [
    html`<span>${sample('chance')}chance, 0.5</span> `,
    baseline === undefined ? null : html`<span>${sample('base')}baseline ${baseline.id}</span> `,
    bandOf(group) === null ? null : html`<span>${sample('band')}5 to 95 % of ${bandId(group) ?? ''}</span> `,
    baseline === undefined ? null : html`<span>▲ above it, ▼ below it, ≈ not told apart</span>`,
  ];
}

function bandNote({ bands }: GroupView): Content {
  if (bands.length === 0) return null;
  const notes = [...Map.groupBy(bands, ({ technique }) => technique)].map(([technique, own]) => {
    const seeds = own.map(({ seed, k, p05, median, p95 }) => {
      const spread = `${formatValue(p05)} to ${formatValue(p95)}, median ${formatValue(median)}`;
      return `of ${k} with seed ${seed}: ${spread}`;
    });
    return html`<p class="note">5 to 95 % of the scorers of <code>${technique}</code>, ${seeds.join('; ')}.</p>
`;
  });
  return notes;
}

function aurocOf(view: TechniqueView | undefined): number | null {
  const auroc = view?.shown.auroc;
  return auroc != null && isDefined(auroc) ? auroc.value : null;
}
