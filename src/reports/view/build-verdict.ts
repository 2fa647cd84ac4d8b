import { type DefinedEstimate, isDefined } from '../../core/estimates.ts';
import { formatInterval, formatLevel, formatSeeds, formatValue } from '../format.ts';
import type { Standing, TechniqueView, VerdictView } from '../report-view.ts';
import type { Shown } from './build-technique.ts';

/**
 * One sentence on which techniques beat the baseline and how far the best stays from the ceiling. It claims only what
 * an interval supports: `beat` needs a paired interval above 0 (and Holm's correction where the record has it).
 *
 * @param ranked baselines and techniques, best first
 * @param surface the technique that sees the text's surface alone, if there is one
 */
export function buildVerdict(
  ranked: readonly TechniqueView[],
  surface: TechniqueView | null,
  ceiling: TechniqueView | null,
  shown: Shown,
): VerdictView {
  const compared = ranked.filter(({ role, isBaseline }) => role === 'technique' && !isBaseline);
  const by = (standing: Standing) => compared.filter((view) => view.standing === standing).map(({ id }) => id);
  const best = ranked.find(({ shown: { auroc } }) => auroc !== null && isDefined(auroc)) ?? null;
  return {
    sentence: best === null ? nothingToSay(ranked) : sentence(compared, { ranked, best, surface, ceiling }, shown),
    above: by('above'),
    unclear: by('unclear'),
    below: by('below'),
    unknown: by('unknown'),
    best: best?.id ?? null,
  };
}

interface Marks {
  readonly ranked: readonly TechniqueView[];
  readonly best: TechniqueView;
  readonly surface: TechniqueView | null;
  readonly ceiling: TechniqueView | null;
}

function nothingToSay(ranked: readonly TechniqueView[]): string {
  const auroc = ranked.find(({ shown }) => shown.auroc !== null)?.shown.auroc;
  if (auroc == null || isDefined(auroc)) return 'No technique was judged, so nothing can be said.';
  return `No technique could be judged: ${auroc.undefined}.`;
}

function sentence(compared: readonly TechniqueView[], { ranked, best, surface, ceiling }: Marks, shown: Shown): string {
  const baseline = ranked.find(({ isBaseline }) => isBaseline) ?? null;
  const seeds =
    shown.shownSeed === 'all' ? `Over ${formatSeeds(shown.seeds, 'all')}` : `With one seed (${shown.shownSeed})`;
  return `${seeds}, ${comparison(compared, baseline)}${surfaceComparison(compared, surface)}; ${standingOfBest(best, ceiling)}.`;
}

/** `; 5 of 7 techniques beat the surface baseline (0.812)`, by the same rule; nothing where none was compared with it. */
function surfaceComparison(compared: readonly TechniqueView[], surface: TechniqueView | null): string {
  const comparable = compared.filter(({ shown }) => shown.surface !== null && isDefined(shown.surface));
  if (surface === null || comparable.length === 0) return '';
  const beaten = comparable.filter(({ shown: { surface: difference, surfacePValue } }) => {
    const { lower, level } = difference as DefinedEstimate;
    return lower > 0 && (surfacePValue === null || surfacePValue < 1 - level);
  });
  const verb = beaten.length === 1 ? 'beats' : 'beat';
  return `; ${beaten.length} of ${comparable.length} techniques ${verb} ${surface.id}${bracketed(surface)}, which sees words alone`;
}

function comparison(compared: readonly TechniqueView[], baseline: TechniqueView | null): string {
  if (baseline === null) return 'there is no baseline to compare with';
  const name = `the baseline ${baseline.id}${bracketed(baseline)}`;
  const comparable = compared.filter(({ standing }) => standing !== 'unknown');
  if (comparable.length === 0) return `no technique could be compared with ${name}`;
  const above = comparable.filter(({ standing }) => standing === 'above');
  const rule = ruleOf(comparable);
  if (above.length === 0) return `no technique is shown to beat ${name} (${rule})`;
  const [only] = above as [TechniqueView];
  const who = comparable.length === 1 ? only.id : `${above.length} of ${comparable.length} techniques`;
  return `${who} ${above.length === 1 ? 'beats' : 'beat'} ${name} at telling real from fake positives (${rule})`;
}

function ruleOf(comparable: readonly TechniqueView[]): string {
  const difference = comparable[0]?.shown.difference as DefinedEstimate;
  const corrected = comparable.some(({ shown }) => shown.adjustedPValue !== null);
  return `paired ${formatLevel(difference.level)} interval above 0${corrected ? ', with Holm’s correction' : ''}`;
}

function standingOfBest(best: TechniqueView, ceiling: TechniqueView | null): string {
  const auroc = best.shown.auroc as DefinedEstimate;
  const name = best.isBaseline ? `the highest AUROC is the baseline’s own` : `the highest AUROC is ${best.id}’s`;
  const chance = auroc.lower <= 0.5 ? ', not shown to be above chance' : '';
  return `${name}, ${formatValue(auroc.value)} ${formatInterval(auroc)}${chance}${distance(auroc.value, ceiling)}`;
}

function distance(value: number, ceiling: TechniqueView | null): string {
  const top = ceiling?.shown.auroc;
  if (ceiling === null || top == null || !isDefined(top)) return '';
  const gap = formatValue(top.value - value);
  const named = `the ceiling ${ceiling.id}${bracketed(ceiling)}`;
  return top.value > value ? `, ${gap} short of ${named}` : `, no lower than ${named}`;
}

function bracketed({ shown: { auroc } }: TechniqueView): string {
  return auroc !== null && isDefined(auroc) ? ` (${formatValue(auroc.value)})` : '';
}
