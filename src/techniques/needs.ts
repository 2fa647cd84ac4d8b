import { UserError } from '../core/errors.ts';
import type { StructureId } from '../core/structures.ts';
import type { Technique, TrainingView } from '../core/techniques.ts';

/** Structures that `technique` needs and that are not among those `offered`, in the order of its declaration. */
export function checkNeeds(
  technique: Pick<Technique, 'needs'>,
  offered: readonly StructureId[],
): readonly StructureId[] {
  return technique.needs.structures.filter((structure) => !offered.includes(structure));
}

/**
 * Refuses a view that lacks what the technique declares.
 *
 * @throws UserError `missing-structure` or `missing-ground-truth`, naming the technique and what to do.
 */
export function requireNeeds(technique: Pick<Technique, 'id' | 'needs'>, view: TrainingView): void {
  for (const structure of technique.needs.structures) requireStructure(technique.id, structure, view);
  if (!technique.needs.groundTruth || view.groundTruth) return;
  throw new UserError(
    'missing-ground-truth',
    `Expected the training view of ${technique.id}, a ceiling, to be one with ground truth, got one without. ` +
      `Run it on a setting whose training examples have ground truth, or leave ${technique.id} out.`,
  );
}

/** How a structure shows in a view: what is counted, and the least that will do. */
interface StructureCount {
  readonly what: string;
  readonly least: number;
  count(view: TrainingView): number;
}

const counts: Readonly<Record<StructureId, StructureCount>> = {
  'trusted-subset': {
    what: 'trusted training examples',
    least: 1,
    count: ({ examples }) => examples.filter((example) => example.trusted).length,
  },
  'several-measurements': {
    what: 'measurements of each example',
    least: 2,
    count: ({ measurementNames }) => measurementNames.length,
  },
  'untrusted-examples': {
    what: 'untrusted training examples',
    least: 1,
    count: ({ examples }) => examples.filter((example) => !example.trusted).length,
  },
  'tamper-evidence': {
    what: 'training examples with tamper evidence',
    least: 1,
    count: ({ examples }) => examples.filter((example) => example.tamperEvidence !== undefined).length,
  },
  'contrast-pairs': {
    what: 'contrast pairs of each example',
    least: 1,
    count: ({ examples }) => fewest(examples.map(({ pairs }) => pairs?.length ?? 0)),
  },
  paraphrases: {
    what: 'wordings of each contrast pair',
    least: 2,
    count: ({ examples }) => fewest(examples.map(({ pairs }) => pairs?.length ?? 0)),
  },
  'difficulty-order': {
    what: 'training examples of known difficulty',
    least: 2,
    count: ({ examples }) => examples.filter((example) => example.difficulty !== undefined).length,
  },
  'several-supervisors': {
    what: 'weak supervisors of each example',
    least: 2,
    count: ({ examples }) => fewest(examples.map(({ weakLabels }) => weakLabels?.length ?? 0)),
  },
};

function fewest(counts: readonly number[]): number {
  return counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY);
}

function requireStructure(technique: string, structure: StructureId, view: TrainingView): void {
  const { what, least, count } = counts[structure];
  const found = count(view);
  if (found >= least) return;
  throw new UserError(
    'missing-structure',
    `Expected the number of ${what} to be at least ${least}, got ${found}: ${technique} needs the structure ` +
      `"${structure}". Run it on a setting that offers "${structure}", or leave ${technique} out.`,
  );
}
