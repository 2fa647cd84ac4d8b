import type { ComparedTechnique, RunComparison } from '../experiments/compare.ts';
import { absent, formatDetail, formatEstimate, formatP, formatSeeds } from '../reports/format.ts';

/** A comparison of two runs as lines for a terminal. Ends with a newline. */
export function renderComparison({ left, right, compared, onlyLeft, onlyRight, differingKeys }: RunComparison): string {
  const parts = Map.groupBy(compared, ({ setting, split, point = '' }) =>
    [setting, split, point].filter(Boolean).join(' · '),
  );
  const value = (one: unknown) => (one === undefined ? absent : formatDetail(one));
  return [
    `left: run ${left}, right: run ${right}; differences are right minus left, paired, p after Holm’s correction`,
    ...[...parts].flatMap(([name, rows]) => ['', `${name} · ${seedsOf(rows)}`, ...table(rows)]),
    ...(onlyLeft.length > 0 ? ['', `only in the left run: ${onlyLeft.join(', ')}`] : []),
    ...(onlyRight.length > 0 ? ['', `only in the right run: ${onlyRight.join(', ')}`] : []),
    '',
    ...(differingKeys.length === 0
      ? ['The configs are the same.']
      : [
          'What differs in the configs:',
          ...aligned([
            ['key', 'left', 'right'],
            ...differingKeys.map((key) => [key.path, value(key.left), value(key.right)]),
          ]),
        ]),
    '',
  ].join('\n');
}

function seedsOf([first]: readonly ComparedTechnique[]): string {
  const { seeds = [] } = first ?? {};
  return formatSeeds(seeds, 'all');
}

function table(rows: readonly ComparedTechnique[]): string[] {
  return aligned([
    ['technique', 'left', 'right', 'difference', 'p'],
    ...rows.map(({ left, right, leftAuroc, rightAuroc, difference, adjustedPValue }) => [
      left === right ? left : `${left} : ${right}`,
      formatEstimate(leftAuroc),
      formatEstimate(rightAuroc),
      formatEstimate(difference, { signed: true }),
      adjustedPValue === undefined ? absent : formatP(adjustedPValue),
    ]),
  ]);
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] as number)).join('  ')}`.trimEnd());
}
