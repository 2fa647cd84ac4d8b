import { stringify } from 'yaml';
import {
  absent,
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
import type { DatasetView, GroupView, Mistake, ReportView, TechniqueView } from './report-view.ts';

/** Characters of one example's text; a longer one is cut and says so. */
const textLimit = 4000;

/** The report's words and tables as Markdown (GitHub's dialect); every text in it is escaped. Ends with a newline. */
export function renderMarkdown(view: ReportView): string {
  const blocks = [
    `# ${plain(view.title)}`,
    `Run ${plain(view.runId)}, ${plain(view.startedAt)}, took ${formatSeconds(view.seconds)}.`,
    ...view.groups.flatMap(groupBlocks),
    ...runBlocks(view),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function groupBlocks(group: GroupView): string[] {
  const split = group.headlineSplit ?? 'no split';
  return [
    `## ${plain(`${group.setting} · ${group.model}`)}`,
    plain(group.verdict.sentence),
    `### Results on ${plain(split)}, ${formatSeeds(group.seeds, group.shownSeed)}`,
    plain(explanation(group)),
    resultsTable(group),
    bandLines(group),
    predictorTable(group),
    perSeedTable(group),
    ...mistakeBlocks(group),
    ...datasetBlocks(group.datasets),
  ];
}

function explanation({ level, baseline, pgrFloor, pgrTop }: GroupView): string {
  const difference = baseline === null ? '' : ` Differences are to ${baseline}, paired.`;
  const pgr = pgrFloor === null ? '' : ` PGR goes from ${pgrFloor} to ${pgrTop}.`;
  return `A higher score means more likely real; AUROC 0.5 is chance. In brackets the ${level === null ? '' : `${formatLevel(level)} `}interval.${difference}${pgr} Ceilings see ground truth.`;
}

function resultsTable(group: GroupView): string {
  const rows = [...group.techniques, ...group.controls, ...group.ceilings].map((view) => [
    view.isBaseline ? `${view.id} (baseline)` : view.role === 'technique' ? view.id : `${view.id} (${view.role})`,
    formatEstimate(view.shown.auroc),
    view.isBaseline ? absent : differenceOf(view),
    formatEstimate(view.shown.pgr),
    formatEstimate(view.shown.tprAt1),
    formatEstimate(view.shown.tprAt5),
    ...view.shown.otherSplits.map((estimate) => formatEstimate(estimate)),
  ]);
  const splits = group.otherSplits.map((split) => `AUROC on ${split}`);
  const head = ['Technique', 'AUROC', 'Difference', 'PGR', 'TPR at 1 % FPR', 'TPR at 5 % FPR', ...splits];
  return table(head, rows);
}

function differenceOf({ shown }: TechniqueView): string {
  const p = shown.adjustedPValue;
  const text = formatEstimate(shown.difference, { signed: true });
  return p === null ? text : `${text}, p ${formatP(p)} (Holm)`;
}

function bandLines({ bands }: GroupView): string {
  const lines = bands.map(({ technique, seed, k, p05, median, p95 }) => {
    const spread = `5 to 95 % from ${formatValue(p05)} to ${formatValue(p95)}, median ${formatValue(median)}`;
    return `- ${plain(technique)}, seed ${seed}: ${k} random scorers, ${spread}`;
  });
  return lines.join('\n');
}

function predictorTable({ predictor }: GroupView): string {
  if (predictor.length === 0) return '';
  const rows = predictor.map(({ head, split, metric, estimate }) => {
    return [head ?? 'mean over measurements', split, metric, formatEstimate(estimate)];
  });
  return `### Measurement predictor\n\n${table(['Head', 'Split', 'Metric', 'Estimate'], rows)}`;
}

function perSeedTable({ techniques, controls, ceilings }: GroupView): string {
  const rows = [...techniques, ...controls, ...ceilings].flatMap(({ id, perSeed }) =>
    perSeed.map(({ seed, auroc, difference }) => {
      return [id, String(seed), formatEstimate(auroc), formatEstimate(difference, { signed: true })];
    }),
  );
  if (rows.length === 0) return '';
  return `### Seed by seed\n\n${table(['Technique', 'Seed', 'AUROC', 'Difference'], rows)}`;
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
  const dropped = view.dropped.map(({ reason, count }) => [reason, formatCount(count)]);
  return [
    `### Data\n\n${table(['Category', ...view.splits], counts)}`,
    dropped.length === 0 ? 'Nothing was dropped.' : table(['Dropped or changed because', 'Count'], dropped),
  ];
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

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Plain text as it should be read, on one line: nothing in it is Markdown, HTML or the end of a table's cell. */
function plain(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').replace(/[\\`*_{}[\]<>#|~&!]/g, (character) => `\\${character}`);
}

/** A code block whose fence is longer than any run of backticks in it. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
