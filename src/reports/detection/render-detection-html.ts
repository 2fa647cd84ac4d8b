import { answerWord } from '../answer-words.ts';
import { formatShare, formatValue } from '../format.ts';
import { categories } from '../html/categories.ts';
import { disclosure } from '../html/disclosure.ts';
import { intervalRows } from '../html/interval-rows.ts';
import { type Content, html, type Markup } from '../html/markup.ts';
import { measurementMark } from '../html/measurement-mark.ts';
import { page, pageLink } from '../html/page.ts';
import { type Section, section } from '../html/section.ts';
import { table } from '../html/table.ts';
import { alarmHeadline, alarmWords, formatPValue } from './alarm-words.ts';
import { positivesChart, pValueChart } from './charts.ts';
import type { DetectionView, Suspect } from './detection-view.ts';

/** Suspects that stand in the page at once; further ones are behind a disclosure. */
const atOnce = 20;

/** A detection as one HTML file that needs no network and runs no script: every text in it is escaped. */
export function renderDetectionHtml(view: DetectionView): string {
  const { record } = view;
  const { data, model, alarm, seed } = record;
  const sections = sectionsOf(view);
  return page({
    title: `Which positives in ${data.name} can be believed?`,
    meta: html`<span>${model}</span><span>${data.rows.toLocaleString('en-US')} rows</span><span>seed ${seed}</span>`,
    links: sections.map(({ id, title }) => pageLink(id, title)),
    main: html`<p class="verdict">${alarmHeadline(alarm)}</p>
<ul class="reasons">${alarmWords(alarm).map((words) => html`<li>${words}</li>`)}</ul>
${sections.map(section)}`,
  });
}

function sectionsOf(view: DetectionView): Section[] {
  const { record, review } = view;
  const { judged = [], notes } = record;
  return [
    { id: 'suspects', title: 'Read these first', body: suspects(view) },
    ...(review === null ? [] : [{ id: 'review', title: 'Checked by a person', body: reviewed(review) }]),
    { id: 'alarm', title: 'The alarm', body: charts(view) },
    { id: 'belief', title: 'Can the alarm be believed?', body: belief(view) },
    ...(judged.length === 0 ? [] : [{ id: 'judged', title: 'Against ground truth', body: judgedBody(view) }]),
    { id: 'technique', title: 'Technique', body: technique(view) },
    ...(notes.length === 0 ? [] : [{ id: 'notes', title: 'Notes', body: list(notes) }]),
    { id: 'data', title: 'Data', body: categories(record.data) },
  ];
}

function suspects({ suspects: shown, record }: DetectionView): Content {
  if (shown.length === 0) return html`<p class="note">There are no untrusted positives.</p>`;
  const { flagged } = record.alarm;
  const open = shown.filter((suspect) => suspect.flagged).length;
  const intro =
    flagged > open
      ? `The ${open} most suspicious of ${flagged} flagged examples; detections.csv has them all.`
      : open === 0
        ? 'None is flagged; these are the most suspicious.'
        : 'The most suspicious first.';
  return html`<p>${intro} What cannot be seen in a text, such as control characters, is spelled out as [U+…].</p>
<ol class="suspects">${shown.slice(0, atOnce).map(suspect)}</ol>
${shown.length <= atOnce ? null : disclosure(`${shown.length - atOnce} more`, html`<ol class="suspects">${shown.slice(atOnce).map(suspect)}</ol>`)}`;
}

function suspect({ id, rank, pValue, score, flagged, measurements, text, missing }: Suspect): Markup {
  const rest =
    missing > 0 ? html`<p class="note">${missing.toLocaleString('en-US')} more characters are not shown.</p>` : null;
  const mark = flagged ? html`<span class="answer yes">flagged</span>` : null;
  return html`<li><details><summary><b>${rank}</b><code>${id}</code>${mark}<small>p ${formatPValue(pValue)} · score ${formatValue(score)} · measurements ${measurements.map(measurementMark)}</small><span class="words">${text.slice(0, 300).replace(/\s+/g, ' ').trim()}</span></summary><pre tabindex="0">${text}</pre>${rest}</details></li>
`;
}

function charts({ pValues, scores, record }: DetectionView): Content {
  if (pValues.length === 0) return html`<p class="note">Without untrusted positives there is nothing to draw.</p>`;
  const { rate } = record.alarm;
  return html`<div class="pair"><figure>${pValueChart(pValues, rate)}<figcaption>p-values of untrusted positives. If all were real, each bar would end about at the dashed line; what stands above it on the left is what tampering looks like. The dotted line is the alarm’s rate, ${formatShare(rate)}.</figcaption></figure>
<figure>${positivesChart(scores)}<figcaption>Scores of positives, as shares of each: trusted ones upwards, untrusted ones downwards. Untrusted ones far to the left are unlike any trusted positive.</figcaption></figure></div>
`;
}

function belief({ record: { exchangeability } }: DetectionView): Content {
  const { answer, text, estimates } = exchangeability;
  return html`<p>The alarm’s rate holds if untrusted real positives are like trusted positives: then a p-value is small as rarely as it says.</p>
<h3>Are they? <span class="answer ${answer}">${answerWord(answer)}</span></h3>
<p>${text}</p>
${intervalRows(estimates, { guide: 0.5 })}`;
}

function judgedBody({ record: { judged = [] } }: DetectionView): Content {
  return html`<p>Ground truth was given for untrusted positives. Nothing above saw it; it only judges.</p>
${intervalRows(judged)}`;
}

function reviewed({ sentence, estimates }: NonNullable<DetectionView['review']>): Content {
  return html`<p>${sentence}</p>
${intervalRows(estimates, { as: 'share' })}`;
}

function technique({ record: { techniques, choice } }: DetectionView): Content {
  const rows = techniques.map(
    ({ id, title, source }, i) =>
      html`<tr><th scope="row">${id}</th><td>${title}</td><td>${i === 0 ? 'sets the alarm' : 'scores only'}</td><td>${source}</td></tr>
`,
  );
  return html`<p>${choice}</p>
${table('Techniques and where they come from', ['Name', 'Title', 'Part', 'Source'], html`<tbody>${rows}</tbody>`)}`;
}

function list(notes: readonly string[]): Markup {
  return html`<ul class="reasons">${notes.map((note) => html`<li>${note}</li>`)}</ul>
`;
}
