import { isDefined } from '../../core/estimates.ts';
import { allRows } from '../all-rows.ts';
import { formatSeeds, formatValue } from '../format.ts';
import type { GroupView, ScoreChart } from '../report-view.ts';
import { type DrawnCurve, rocChart, scoreHistogram, smallRocChart } from './charts.ts';
import { type Content, html, type Markup } from './markup.ts';

type Look = DrawnCurve['look'];

/** From the back of the drawing to its front. */
const looks: readonly Look[] = ['other', 'control', 'ceiling', 'baseline', 'best'];

/** ROC curves of all techniques, whole and where few fakes may pass; the telling ones are named. */
export function rocCurves(group: GroupView): Content {
  const curves = group.charts
    .filter(({ roc }) => roc.length > 0)
    .map((chart) => ({ technique: chart.technique, roc: chart.roc, look: lookOf(chart, group) }))
    .toSorted((a, b) => looks.indexOf(a.look) - looks.indexOf(b.look));
  if (curves.length === 0)
    return html`<p class="note">There are no scores of both real and fake positives to draw.</p>`;
  const averaged = group.seeds.length > 1 ? `, averaged over ${formatSeeds(group.seeds, 'all')}` : '';
  const figure = (end: number, caption: string) =>
    html`<figure><figcaption>${caption}</figcaption>${rocChart(curves, end, `${caption}${averaged}`)}</figure>`;
  return html`<p>Each curve accepts positives from the highest score down: how many real ones it keeps (upwards), as it lets in fake ones (rightwards)${averaged}.</p>
<p class="key">${curves.toReversed().flatMap(({ technique, look }) => (look === 'other' ? [] : [keyEntry(technique, look, group)]))}${curves.some(({ look }) => look === 'other') ? keyEntry('the others, drawn below', 'other', group) : null}</p>
<div class="pair">${figure(1, 'Real positives kept, at every rate of fake ones let in')}${figure(0.1, 'The same up to 10 %, with 1 % and 5 % marked')}</div>
`;
}

/** For every technique its ROC curve and the distribution of its scores. */
export function scoreCards(group: GroupView): Content {
  if (group.charts.length === 0) return html`<p class="note">The run holds no scores of real and fake positives.</p>`;
  return html`<p>Left, the technique’s ROC curve. Right, its scores for <b>real positives upwards</b> and <b>fake positives downwards</b>, as shares of each; the higher the score (rightwards), the more likely real. Scores are in standard deviations from the mean of their seed; what lies beyond three is in the outermost bars.</p>
<div class="cards">${group.charts.map((chart) => card(chart, group))}</div>
`;
}

function card(chart: ScoreChart, group: GroupView): Markup {
  const row = allRows(group).find(({ id }) => id === chart.technique);
  const auroc = row?.shown.auroc;
  const value = auroc != null && isDefined(auroc) ? formatValue(auroc.value) : 'undefined';
  const role = chart.role === 'technique' ? null : html` <small class="note">${chart.role}</small>`;
  const counts = `${chart.reals} real and ${chart.fakes} fake positives`;
  return html`<figure><figcaption><span>${chart.technique}${role}</span><span title="AUROC">${value}</span></figcaption>
<div class="ink">${smallRocChart(chart, `ROC curve of ${chart.technique}`)}${scoreHistogram(chart, `Scores of ${counts} by ${chart.technique}`)}</div></figure>
`;
}

function lookOf({ technique, role }: ScoreChart, group: GroupView): Look {
  if (technique === group.verdict.best) return 'best';
  if (technique === group.baseline) return 'baseline';
  if (technique === (group.pgrTop ?? group.ceilings[0]?.id)) return 'ceiling';
  return role === 'control' ? 'control' : 'other';
}

function keyEntry(name: string, look: Look, { pgrTop }: GroupView): Markup {
  const role = look === 'ceiling' || name === pgrTop ? ' (ceiling)' : look === 'baseline' ? ' (baseline)' : '';
  return html`<span><svg class="plot" viewBox="0 0 26 10" aria-hidden="true"><path class="curve ${look}" fill="none" d="M0 5H26"/></svg>${name}${role}</span> `;
}
