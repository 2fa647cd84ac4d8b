import { formatSeconds, formatSeeds } from './format.ts';
import { rocCurves, scoreCards } from './html/curves.ts';
import { dataset } from './html/dataset.ts';
import { forest } from './html/forest.ts';
import { furtherTables } from './html/further-tables.ts';
import { mainTable } from './html/main-table.ts';
import { type Content, html, type Markup } from './html/markup.ts';
import { matrixBody } from './html/matrix.ts';
import { mistakes } from './html/mistakes.ts';
import { page, pageLink } from './html/page.ts';
import { provenance } from './html/provenance.ts';
import { type Section, section } from './html/section.ts';
import { sweepBody } from './html/sweeps.ts';
import { weakToStrong } from './html/weak-table.ts';
import type { GroupView, ReportView } from './report-view.ts';

/** Characters that the texts of all mistakes may take together, so that a page stays far under 2 MB. */
const textBudget = 200_000;

/** The report as one HTML file that needs no network and runs no script: every text in it is escaped. */
export function renderHtml(view: ReportView): string {
  const groups = view.groups.map((group, index) => ({ group, sections: groupSections(group, index, view) }));
  const run = { id: 'run', title: 'How it was run', body: provenance(view) };
  const sweeps = view.sweeps.map((sweep, index) => {
    return { id: anchor('sweep', index), title: `Sweep on ${sweep.setting}`, body: sweepBody(sweep) };
  });
  const matrix =
    view.matrix === null ? [] : [{ id: 'matrix', title: 'Technique × setting', body: matrixBody(view.matrix) }];
  const several = groups.length > 1;
  const main = groups.map(({ group, sections }, index) =>
    several
      ? html`<div class="group" id="${anchor('group', index)}"><h2>${nameOf(group)}</h2>${opening(group)}${sections.map(section)}</div>`
      : html`${opening(group)}${sections.map(section)}`,
  );
  const empty = html`<p class="verdict">The record holds no results.</p>`;
  const links = groups.flatMap(({ group, sections }, index) => [
    ...(several ? [pageLink(anchor('group', index), nameOf(group), 'of')] : []),
    ...sections.map(({ id, title }) => pageLink(id, title)),
  ]);
  return page({
    title: view.title,
    meta: meta(view),
    links: html`${matrix.map(({ id, title }) => pageLink(id, title))}${links}${sweeps.map(({ id, title }) => pageLink(id, title))}${pageLink(run.id, run.title)}`,
    main: html`${matrix.map(section)}${main.length + sweeps.length === 0 ? empty : main}${sweeps.map(section)}${section(run)}`,
  });
}

function groupSections(group: GroupView, index: number, { groups }: ReportView): Section[] {
  const textLimit = Math.max(500, Math.floor(textBudget / (20 * Math.max(1, groups.length))));
  const part = (id: string, title: string, body: Content) => ({ id: anchor(id, index), title, body });
  const weak = group.weakToStrong;
  const leads = weak?.leads === true;
  const further = group.hasRealVsFake ? null : furtherTables(group);
  const sentence =
    weak === null || weak.leads
      ? null
      : html`<p>${weak.sentence}</p>
`;
  const general =
    weak === null ? [] : [part('weak-to-strong', 'Against ground truth', [sentence, weakToStrong(weak), further])];
  const data = part('data', 'Data', dataset(group.datasets, group.seeds.length));
  if (!group.hasRealVsFake) return [...general, data];
  const main = [mainTable(group), furtherTables(group)];
  return [
    ...(leads ? general : []),
    part('results', leads ? 'Real or fake' : 'Results', leads ? [realVsFakeOpening(group, 'second'), main] : main),
    ...(leads ? [] : general),
    part('curves', 'ROC curves', rocCurves(group)),
    part('scores', 'Scores', scoreCards(group)),
    part('mistakes', 'Most confident mistakes', mistakes(group.mistakes, Math.min(8000, textLimit))),
    data,
  ];
}

function opening(group: GroupView): Markup {
  const { hasRealVsFake, weakToStrong: weak } = group;
  if (weak !== null && (weak.leads || !hasRealVsFake)) return html`<p class="verdict">${weak.sentence}</p>`;
  return realVsFakeOpening(group, 'first');
}

function realVsFakeOpening(group: GroupView, place: 'first' | 'second'): Markup {
  return html`<p class="${place === 'first' ? 'verdict' : ''}">${group.verdict.sentence}</p>
${standings(group)}
${forest(group)}
<h3>How to read it</h3>
<p>${howToRead(group)}</p>
`;
}

function standings({ verdict, baseline }: GroupView): Content {
  if (baseline === null) return null;
  const entry = (label: string, ids: readonly string[]) =>
    ids.length === 0 ? null : html`<dt>${label}</dt><dd>${ids.map((id) => html`<code>${id}</code>`)}</dd>`;
  return html`<dl class="standings">${entry('▲ Above the baseline', verdict.above)}${entry('≈ Not told apart from it', verdict.unclear)}${entry('▼ Below it', verdict.below)}${entry('Could not be compared', verdict.unknown)}</dl>`;
}

function howToRead({ pgrFloor, pgrTop, seeds }: GroupView): Content {
  const pgr =
    pgrFloor === null
      ? null
      : html`; PGR is the share of the way from <code>${pgrFloor}</code> to the ceiling <code>${pgrTop ?? ''}</code> that a technique recovers`;
  const one = seeds.length === 1 ? ' One seed cannot show how much results vary from training to training.' : null;
  return html`A technique scores examples whose measurements are all positive, higher meaning more likely real, and held-out ground truth judges the scores. AUROC is the chance that a real positive outranks a fake one (0.5 is guessing, 1 is perfect); TPR at 1 % FPR is the share of real positives kept when at most 1 % of the fake ones may pass${pgr}.${one}`;
}

function meta({ groups, startedAt, seconds, runId }: ReportView): Content {
  const [first] = groups;
  const part =
    first === undefined || groups.length > 1
      ? null
      : html`<span>${first.model}</span><span>${formatSeeds(first.seeds, first.shownSeed)}</span>`;
  return html`${part}<span>run ${runId}</span><span>${startedAt.slice(0, 10)}</span><span>${formatSeconds(seconds)}</span>`;
}

function nameOf({ setting, model }: GroupView): string {
  return `${setting} · ${model}`;
}

function anchor(id: string, index: number): string {
  return index === 0 ? id : `${id}-${index + 1}`;
}
