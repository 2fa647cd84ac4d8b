import { isDefined } from '../core/estimates.ts';
import { allRows } from './all-rows.ts';
import { formatLevel, formatSeeds, formatValue } from './format.ts';
import { createNotes } from './notes.ts';
import type { GroupView, ReportView, TechniqueView } from './report-view.ts';
import { type Column, columnSets } from './terminal/columns.ts';
import { matrixLines } from './terminal/matrix.ts';
import { noteLines } from './terminal/notes.ts';
import { createPaint, type Paint } from './terminal/paint.ts';
import { sweepLines } from './terminal/sweep.ts';
import { cut, printable, textWidth, wrap } from './terminal/text-width.ts';
import { weakLines } from './terminal/weak.ts';

export interface TerminalOptions {
  /** Columns of the terminal; no line is wider. Columns of the table are dropped to fit. @default 80 */
  readonly width?: number;
  /** Whether to use ANSI colours; marks say the same without them. @default false */
  readonly color?: boolean;
}

/** The main table and the verdict of every setting and model, as lines for a terminal. Ends with a newline. */
export function renderTerminal(view: ReportView, { width = 80, color = false }: TerminalOptions = {}): string {
  const paint = createPaint(color);
  const parts = [
    ...view.groups.map((group) => renderGroup(group, Math.max(1, width), paint)),
    ...view.sweeps.map((sweep) => sweepLines(sweep, Math.max(1, width))),
    // Last, because the end of a long output is what a terminal shows.
    ...(view.matrix === null ? [] : [matrixLines(view.matrix, Math.max(1, width))]),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function renderGroup(group: GroupView, width: number, paint: Paint): string[] {
  const part = [group.setting, group.model, group.headlineSplit ?? 'nothing judged'];
  const heading = [...part, formatSeeds(group.seeds, group.shownSeed)].join(' · ');
  const { weakToStrong: weak, hasRealVsFake, verdict } = group;
  const main = hasRealVsFake
    ? [...wrap(legend(group), width).map((line) => paint('dim', line)), ...table(group, width, paint)]
    : [];
  const general = weak === null ? [] : weakLines(weak, width);
  const gap = main.length > 0 && general.length > 0 ? [''] : [];
  const sentences = [...(weak !== null && hasRealVsFake ? [weak.sentence] : []), verdict.sentence];
  return [
    ...wrap(heading, width).map((line) => paint('bold', line)),
    ...(weak?.leads ? [...general, ...gap, ...main] : [...main, ...gap, ...general]),
    ...predictorLines(group, width),
    ...(weak?.leads ? sentences : sentences.toReversed()).flatMap((sentence) => ['', ...wrap(sentence, width)]),
  ];
}

function legend({ level, baseline, pgrFloor, pgrTop }: GroupView): string {
  const difference = baseline === null ? 'no baseline' : `difference to ${baseline}, paired (▲▼: not 0)`;
  const pgr = pgrFloor === null ? '' : `; PGR: from ${pgrFloor} to ${pgrTop}`;
  return `Real-vs-fake AUROC [${level === null ? '' : `${formatLevel(level)} `}interval], 0.5 is chance; ${difference}${pgr}.`;
}

function table(group: GroupView, width: number, paint: Paint): string[] {
  const rows = allRows(group);
  let notes = createNotes();
  const { columns, widths } = layOut(group, rows, width, (reason) => `undef (${notes.letter(`undefined: ${reason}`)})`);
  // The sets that were tried and not taken may have left reasons that the chosen columns do not show.
  notes = createNotes();
  const line = (cells: readonly string[]) => cells.map((cell, i) => pad(cell, widths[i] as number)).join('  ');
  const draw = (views: readonly TechniqueView[]) =>
    views.map((view) => painted(line([printable(view.id), ...columns.map(({ cell }) => cell(view))]), view, paint));
  const total = Math.min(
    width,
    widths.reduce((sum, own) => sum + own + 2, -2),
  );
  const rule = (label = '') =>
    paint('dim', cut(`${label === '' ? '' : `── ${label} `}${'─'.repeat(total)}`, total).replace(/…$/, '─'));
  return [
    rule(),
    paint('bold', line(['technique', ...columns.map(({ header }) => printable(header))]).trimEnd()),
    rule(),
    ...draw(group.techniques),
    ...(group.controls.length > 0 ? [rule('controls'), ...draw(group.controls), ...bandLines(group, width)] : []),
    ...(group.ceilings.length > 0 ? [rule('ceilings, which see ground truth'), ...draw(group.ceilings)] : []),
    rule(),
    ...noteLines(notes, width),
  ];
}

/** The first set of columns that fits; the name is cut when not even the tersest does. */
function layOut(group: GroupView, rows: readonly TechniqueView[], width: number, explain: (reason: string) => string) {
  const widest = (header: string, cells: readonly string[]) => Math.max(...[header, ...cells].map(textWidth));
  const name = widest(
    'technique',
    rows.map(({ id }) => printable(id)),
  );
  const sets = columnSets(group, explain).map((columns) => ({
    columns,
    widths: columns.map(({ header, cell }) => widest(header, rows.map(cell))),
  }));
  const used = (widths: readonly number[]) => widths.reduce((sum, own) => sum + own + 2, 0);
  const fitting = sets.find(({ widths }) => name + used(widths) <= width);
  const { columns, widths } = fitting ?? (sets.at(-1) as { columns: Column[]; widths: number[] });
  const left = width - used(widths);
  if (left < 1) return { columns: [], widths: [Math.min(name, width)] };
  return { columns, widths: [Math.min(name, left), ...widths] };
}

function pad(cell: string, width: number): string {
  const text = cut(cell, width);
  return text + ' '.repeat(width - textWidth(text));
}

function painted(line: string, { standing }: TechniqueView, paint: Paint): string {
  const text = line.trimEnd().replace(/\[[^\]]*\]/g, (interval) => paint('dim', interval));
  if (standing === 'above') return text.replace('▲', paint('green', '▲'));
  return standing === 'below' ? text.replace('▼', paint('red', '▼')) : text;
}

function bandLines({ bands }: GroupView, width: number): string[] {
  return bands.flatMap(({ technique, k, seed, p05, median, p95 }) => {
    const spread = `${formatValue(p05)} to ${formatValue(p95)}, median ${formatValue(median)}`;
    return wrap(`${technique}, seed ${seed}, 5 to 95 % of its ${k} scorers: ${spread}`, width);
  });
}

function predictorLines({ predictor, headlineSplit }: GroupView, width: number): string[] {
  const heads = predictor.flatMap(({ metric, split, head, estimate }) =>
    metric === 'measurement-auroc' && split === headlineSplit && isDefined(estimate)
      ? [`${head ?? 'mean'} ${formatValue(estimate.value)}`]
      : [],
  );
  return heads.length === 0 ? [] : wrap(`Measurement predictor, AUROC: ${heads.join(', ')}`, width);
}
