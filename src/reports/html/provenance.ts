import { stringify } from 'yaml';
import { formatDetail, formatSeconds } from '../format.ts';
import type { ReportView } from '../report-view.ts';
import { disclosure } from './disclosure.ts';
import { type Content, html, type Markup } from './markup.ts';
import { table } from './table.ts';

/** How the run was made: machine, versions, steps with their times, what techniques chose, data and config. */
export function provenance(view: ReportView): Content {
  const { machine } = view;
  const computer = `${machine.cpu}, ${machine.cores} cores, ${formatDetail(machine.memoryGiB)} GiB, ${machine.platform}`;
  return [
    html`<dl class="facts"><dt>Run</dt><dd><code>${view.runId}</code></dd><dt>Started</dt><dd>${view.startedAt}</dd><dt>Took</dt><dd>${formatSeconds(view.seconds)}</dd><dt>Machine</dt><dd>${computer}</dd><dt>Versions</dt><dd>${pairs(view.versions)}</dd></dl>
`,
    steps(view),
    chosen(view),
    sources(view),
    disclosure('Resolved config', html`<pre tabindex="0">${stringify(view.config, { lineWidth: 0 })}</pre>`),
    disclosure(
      'Fingerprints of the data',
      html`<pre tabindex="0">${stringify(view.dataFingerprint, { lineWidth: 0 })}</pre>`,
    ),
  ];
}

function steps({ steps }: ReportView): Markup {
  const rows = steps.map(
    ({ kind, label, seconds, reused }) =>
      html`<tr><th scope="row">${kind}</th><td>${label}</td><td class="num">${formatSeconds(seconds)}</td><td>${reused ? 'reused' : 'done in this run'}</td></tr>
`,
  );
  const reused = steps.filter((step) => step.reused).length;
  const body = table('Steps and their times', ['Step', 'About', 'Time', 'When'], html`<tbody>${rows}</tbody>`);
  return disclosure(`${steps.length} steps, ${reused} of them reused from earlier work`, body);
}

function chosen({ details }: ReportView): Content {
  if (details.length === 0) return null;
  const rows = details.map(
    ({ key, entries }) =>
      html`<tr><th scope="row">${key}</th><td>${pairs(Object.fromEntries(entries.map(({ name, value }) => [name, value])))}</td></tr>
`,
  );
  const body = table(
    'Chosen without ground truth, by technique and seed',
    ['Technique/seed', 'Choices'],
    html`<tbody>${rows}</tbody>`,
  );
  return disclosure('What the techniques chose while fitting', body);
}

function sources({ techniques }: ReportView): Content {
  const rows = techniques.map(
    ({ id, technique, options, title, role, source }) =>
      html`<tr><th scope="row">${id}</th><td>${technique === undefined ? title : `${title} (${technique})`}</td><td>${options === undefined ? null : pairs(options)}</td><td>${role}</td><td>${source}</td></tr>
`,
  );
  const body = table(
    'Techniques and where they come from',
    ['Name', 'Title', 'Options, where they differ from the defaults', 'Role', 'Source'],
    html`<tbody>${rows}</tbody>`,
  );
  return disclosure('Techniques and their sources', body);
}

function pairs(values: Readonly<Record<string, unknown>>): Content {
  return Object.entries(values).map(([name, value], i) => `${i === 0 ? '' : ', '}${name} ${formatDetail(value)}`);
}
