import { UserError } from '../../core/errors.ts';
import { aggregateMeasurement, type SupervisedExample } from '../../core/examples.ts';
import type { TrainingView } from '../../core/techniques.ts';
import type { AnomalyOptions } from './anomaly-options.ts';
import { isDoubtfulPositive } from './doubtful-positives.ts';

/** Training examples that an anomaly detector learns from. */
export interface AnomalyExamples {
  readonly normal: readonly SupervisedExample[];
  /** Empty for a detector that needs none. */
  readonly untrusted: readonly SupervisedExample[];
}

interface Wanted {
  readonly technique: string;
  readonly least?: number;
  readonly untrusted?: 'none' | 'all' | 'positives';
}

/**
 * The normal examples by `options.normal`, and the untrusted ones that the detector asks for (methods.md 10.5).
 *
 * @throws UserError `too-few-examples` with fewer than `least` (2 if not told) of either that is wanted.
 */
export function anomalyExamples(
  { technique, least = 2, untrusted = 'none' }: Wanted,
  { examples }: TrainingView,
  { normal }: Pick<AnomalyOptions, 'normal'>,
): AnomalyExamples {
  const isNormal = (example: SupervisedExample) =>
    example.trusted && (normal === 'trusted' || aggregateMeasurement(example));
  const chosen = {
    normal: examples.filter(isNormal),
    untrusted: untrusted === 'none' ? [] : examples.filter(untrusted === 'all' ? isUntrusted : isDoubtfulPositive),
  };
  const positive = ' training examples with every measurement positive';
  requireCount(
    technique,
    normal === 'trusted' ? 'trusted training examples' : `trusted${positive}`,
    chosen.normal,
    least,
  );
  const what = untrusted === 'all' ? 'untrusted training examples' : `untrusted${positive}`;
  if (untrusted !== 'none') requireCount(technique, what, chosen.untrusted, least);
  return chosen;
}

function isUntrusted({ trusted }: SupervisedExample): boolean {
  return !trusted;
}

function requireCount(technique: string, what: string, { length }: readonly SupervisedExample[], least: number): void {
  if (length >= least) return;
  throw new UserError(
    'too-few-examples',
    `Expected the number of ${what} that ${technique} learns from to be at least ${least}, got ${length}. ` +
      `Give it training examples with more of them, or leave ${technique} out.`,
  );
}
