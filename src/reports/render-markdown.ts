import { stringify } from 'yaml';
import type { Estimate } from '../core/estimates.ts';
import { allRows } from './all-rows.ts';
import {
  formatCount,
  formatDetail,
  formatEstimate,
  formatLevel,
  formatP,
  formatSeconds,
  formatSeeds,
  formatShare,
  formatValue,
} from './format.ts';
import { matrixBlocks } from './markdown/matrix-blocks.ts';
import { fenced, plain, table } from './markdown/text.ts';
import { weakBlocks } from './markdown/weak-blocks.ts';
import type {
  ChangedRow,
  DatasetView,
  GroupView,
  Mistake,
  ReportView,
  SweepView,
  TechniqueView,
} from './report-view.ts';
import { type TableColumn, tableColumns } from './table-columns.ts';

/** Characters of one example's text; a longer one is cut and says so. */
const textLimit = 4000;

/** The report's words and tables as Markdown (GitHub's dialect); every text in it is escaped. Ends with a newline. */
export function renderMarkdown(view: ReportView): string {
  const blocks = [
    `# ${plain(view.title)}`,
    `Run ${plain(view.runId)}, ${plain(view.startedAt)}, took ${formatSeconds(view.seconds)}.`,
    ...(view.matrix === null ? [] : matrixBlocks(view.matrix)),
    ...view.groups.flatMap(groupBlocks),
    ...view.sweeps.flatMap(sweepBlocks),
    ...runBlocks(view),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function groupBlocks(group: GroupView): string[] {
  const { weakToStrong: weak, verdict, hasRealVsFake } = group;
  const general = weak === null ? [] : weakBlocks(weak);
  const main = hasRealVsFake ? mainBlocks(group) : [];
  const second = weak === null || !hasRealVsFake ? '' : weak.sentence;
  const sentences = weak?.leads ? [second, verdict.sentence] : [verdict.sentence, second];
  return [
    `## ${plain(`${group.setting} · ${group.model}`)}`,
    ...sentences.map(plain),
    ...(weak?.leads ? [...general, ...main] : [...main, ...general]),
    predictorTable(group),
    perSeedTable(group),
    ...mistakeBlocks(group),
    ...datasetBlocks(group.datasets),
  ];
}

function mainBlocks(group: GroupView): string[] {
  return [
    `### Results on ${plain(group.headlineSplit ?? 'no split')}, ${formatSeeds(group.seeds, group.shownSeed)}`,
    plain(explanation(group)),
    resultsTable(group),
    bandLines(group),
    kindsTable(group),
  ];
}

function sweepBlocks({ setting, split, seeds, shownSeed, level, tables }: SweepView): string[] {
  const interval = `${level === null ? '' : `${formatLevel(level)} `}interval`;
  return [
    `## ${plain(`Sweep on ${setting}`)}`,
    plain(
      `Real-vs-fake AUROC on ${split}, ${formatSeeds(seeds, shownSeed)}, in brackets the ${interval}; 0.5 is chance.`,
    ),
    ...tables.flatMap(({ path, key, fixed, values, rows }) => [
      `### ${plain(fixed === '' ? path : `${path}, at ${fixed}`)}`,
      table(
        ['Technique', ...values.map((value) => `${key} ${formatDetail(value)}`)],
        rows.map(({ id, role, isBaseline, estimates }) => [
          isBaseline ? `${id} (baseline)` : role === 'control' || role === 'ceiling' ? `${id} (${role})` : id,
          ...estimates.map((estimate) => formatEstimate(estimate)),
        ]),
      ),
    ]),
  ];
}

function explanation({ level, baseline, pgrFloor, pgrTop }: GroupView): string {
  const difference = baseline === null ? '' : ` Differences are to ${baseline}, paired.`;
  const pgr = pgrFloor === null ? '' : ` PGR goes from ${pgrFloor} to ${pgrTop}.`;
  return `A higher score means more likely real; AUROC 0.5 is chance. In brackets the ${level === null ? '' : `${formatLevel(level)} `}interval.${difference}${pgr} Ceilings see ground truth.`;
}

function resultsTable(group: GroupView): string {
  const rows = allRows(group);
  const columns = tableColumns(
    group,
    rows.map(({ shown }) => shown),
  );
  const cell = (view: TechniqueView, { kind, estimate }: TableColumn) => {
    if (kind === 'difference')
      return view.isBaseline ? 'reference' : differenceOf(view.shown.difference, view.shown.adjustedPValue);
    return kind === 'surface'
      ? differenceOf(view.shown.surface, view.shown.surfacePValue)
      : formatEstimate(estimate(view.shown));
  };
  const name = ({ id, role, isBaseline }: TechniqueView) => {
    if (isBaseline) return `${id} (baseline)`;
    return role === 'control' || role === 'ceiling' ? `${id} (${role})` : id;
  };
  return table(
    ['Technique', ...columns.map(({ title }) => title)],
    rows.map((view) => [name(view), ...columns.map((column) => cell(view, column))]),
  );
}

function differenceOf(estimate: Estimate | null, p: number | null): string {
  const text = formatEstimate(estimate, { signed: true });
  return p === null ? text : `${text}, p ${formatP(p)} (Holm)`;
}

function bandLines({ bands }: GroupView): string {
  const lines = bands.map(({ technique, seed, k, p05, median, p95 }) => {
    const spread = `5 to 95 % from ${formatValue(p05)} to ${formatValue(p95)}, median ${formatValue(median)}`;
    return `- ${plain(technique)}, seed ${seed}: ${k} scorers, ${spread}`;
  });
  return lines.join('\n');
}

function kindsTable({ kinds }: GroupView): string {
  if (kinds === null) return '';
  const head = ['Technique', ...kinds.kinds.map(({ kind, fakes }) => `${kind} (${fakes})`)];
  const rows = kinds.rows.map(({ technique, estimates }) => [
    technique,
    ...estimates.map((one) => formatEstimate(one)),
  ]);
  const about = 'AUROC of all real positives against the fake positives of one kind, whose number is in brackets.';
  return `### By kind of fake\n\n${about}\n\n${table(head, rows)}`;
}

function predictorTable({ predictor }: GroupView): string {
  if (predictor.length === 0) return '';
  const rows = predictor.map(({ head, split, metric, estimate }) => {
    return [head ?? 'mean over measurements', split, metric, formatEstimate(estimate)];
  });
  return `### Measurement predictor\n\n${table(['Head', 'Split', 'Metric', 'Estimate'], rows)}`;
}

function perSeedTable(group: GroupView): string {
  const rows = allRows(group).flatMap(({ id, perSeed }) => perSeed.map((cells) => ({ id, cells })));
  if (rows.length === 0) return '';
  const columns = tableColumns(
    group,
    rows.map(({ cells }) => cells),
  );
  const cells = rows.map(({ id, cells }) => [
    id,
    String(cells.seed),
    ...columns.map(({ kind, estimate }) =>
      formatEstimate(estimate(cells), { signed: kind === 'difference' || kind === 'surface' }),
    ),
  ]);
  return `### Seed by seed\n\n${table(['Technique', 'Seed', ...columns.map(({ title }) => title)], cells)}`;
}

function mistakeBlocks({ mistakes }: GroupView): string[] {
  if (mistakes === null) return [];
  return [
    `### Most confident mistakes of ${plain(mistakes.technique)}`,
    'The percentage is the share of its seed’s real and fake positives that score lower.',
    ...mistakes.believedFakes.map((mistake) => mistakeBlock('Fake, believed', mistake)),
    ...mistakes.doubtedReals.map((mistake) => mistakeBlock('Real, doubted', mistake)),
  ];
}

function mistakeBlock(kind: string, { example, score, percentile }: Mistake): string {
  const marks = example.measurements.map((value) => (value === null ? 'masked' : value ? 'positive' : 'negative'));
  const about = `${kind}: ${formatShare(percentile)}, ${example.exampleId}, seed ${example.seed}, score ${formatValue(score)}, measurements ${marks.join(' ')}`;
  const cut = example.text.length > textLimit;
  const text = cut
    ? `${example.text.slice(0, textLimit)}\n… (${example.text.length - textLimit} more characters)`
    : example.text;
  return `${plain(about)}\n\n${fenced(text)}`;
}

function datasetBlocks(view: DatasetView | null): string[] {
  if (view === null) return [];
  const counts = view.counts.map(({ category, bySplit }) => [category, ...bySplit.map(formatCount)]);
  const heldOut = view.heldOut.map(({ split, what }) => `${split} holds ${what} that never occur in training`);
  return [
    `### Data\n\n${table(['Category', ...view.splits], counts)}`,
    heldOut.length === 0 ? '' : plain(`${heldOut.join('; ')}.`),
    changedTable('Dropped because', 'Nothing was dropped.', view.dropped),
    changedTable('Relabelled because', 'Nothing was relabelled.', view.relabelled),
  ];
}

function changedTable(title: string, nothing: string, rows: readonly ChangedRow[]): string {
  if (rows.length === 0) return nothing;
  const cells = rows.map(({ reason, category, count, share }) => [
    reason,
    category,
    formatCount(count),
    formatShare(share),
  ]);
  return table([title, 'Category', 'Count', 'Share of the category'], cells);
}

function runBlocks({ machine, versions, steps, details, config }: ReportView): string[] {
  const computer = `${machine.cpu}, ${machine.cores} cores, ${formatDetail(machine.memoryGiB)} GiB, ${machine.platform}`;
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const stepRows = steps.map(({ kind, label, seconds, reused }) => [
    kind,
    label,
    formatSeconds(seconds),
    reused ? 'yes' : 'no',
  ]);
  const detailRows = details.map(({ key, entries }) => {
    return [key, entries.map(({ name, value }) => `${name} ${formatDetail(value)}`).join(', ')];
  });
  return [
    '## How it was run',
    plain(`${computer}; ${software.join(', ')}.`),
    table(['Step', 'About', 'Time', 'Reused'], stepRows),
    detailRows.length === 0 ? '' : table(['Technique/seed', 'Chosen while fitting'], detailRows),
    fenced(stringify(config, { lineWidth: 0 }).trimEnd(), 'yaml'),
  ];
}
