import type { Finding, InspectionRecord } from '../../core/inspection.ts';
import { answerWord, assumptionWord } from '../answer-words.ts';
import { categories } from '../html/categories.ts';
import { intervalRows } from '../html/interval-rows.ts';
import { type Content, html, type Markup } from '../html/markup.ts';
import { page, pageLink } from '../html/page.ts';
import { type Section, section } from '../html/section.ts';

/** An inspection as one HTML file that needs no network and runs no script: every text in it is escaped. */
export function renderInspectionHtml(record: InspectionRecord): string {
  const { data, features, seed, verdict } = record;
  const sections: Section[] = [
    { id: 'findings', title: 'Findings', body: record.findings.map(finding) },
    { id: 'fakes', title: 'How many positives are fake', body: fakeShare(record) },
    ...(record.advice.length === 0 ? [] : [{ id: 'next', title: 'What to do next', body: ordered(record.advice) }]),
    {
      id: 'data',
      title: 'Data',
      body: [categories(data), (record.notes ?? []).map((note) => html`<p class="note">${note}</p>`)],
    },
  ];
  return page({
    title: `Can tampering be detected in ${data.name}?`,
    meta: html`<span>${features}</span><span>${data.rows.toLocaleString('en-US')} rows</span><span>seed ${seed}</span>`,
    links: sections.map(({ id, title }) => pageLink(id, title)),
    main: html`<p class="verdict">${verdict.summary}</p>
<ul class="reasons">${verdict.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
${sections.map(section)}`,
  });
}

function finding({ id, question, answer, text, estimates }: Finding): Markup {
  return html`<div class="finding" id="finding-${id}"><h3>${question} <span class="answer ${answer}">${answerWord(answer)}</span></h3>
<p>${text}</p>
${intervalRows(estimates)}</div>
`;
}

function fakeShare({ fakeShare: { combined, methods } }: InspectionRecord): Content {
  const rows = [
    { label: 'All methods together', estimate: combined },
    ...methods.map(({ title, estimate }) => ({ label: title, estimate })),
  ];
  const assumptions = methods.map(
    (method) => html`<li><b>${method.title}</b> assumes: ${method.assumption} ${assumptionWord(method)}</li>`,
  );
  return html`<p>The share of untrusted positives, examples that claim success without anybody vouching for it, that are fake.</p>
<figure>${intervalRows(rows, { as: 'share' })}</figure>
<ul class="reasons">${assumptions}</ul>
`;
}

function ordered(advice: readonly string[]): Markup {
  return html`<ol class="reasons">${advice.map((one) => html`<li>${one}</li>`)}</ol>
`;
}
